"""Who is acting, and in which class."""

from dataclasses import dataclass, field

NO_COHORT = 0  # a direct message, or a server that has not added the bot


@dataclass(frozen=True, slots=True)
class Learner:
    """A person, by Discord's ids. The cohort is the server they act in.

    Attributes:
        id: The person.
        cohort_id: The server.
        roles: What they are in that server.
        is_manager: Whether they may manage the server; such a person may always instruct.
        name: As the server shows them; kept only where they agree to be shown.
    """

    id: int
    cohort_id: int = NO_COHORT
    roles: frozenset[int] = frozenset()
    is_manager: bool = False
    name: str = field(default="", compare=False)

    def instructs(self, role: int | None) -> bool:
        """Whether they are an instructor of their class; `role` is the one that instructors have.

        In direct messages nobody is.
        """
        return self.cohort_id != NO_COHORT and (self.is_manager or role in self.roles)
