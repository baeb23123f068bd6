"""Who instructs a class."""

from dataclasses import dataclass

from bot.domain.errors import NotYours
from bot.domain.learner import Learner
from bot.usecases.classroom.ports import OpenRoles


@dataclass(frozen=True, slots=True)
class CheckInstructor:
    """Tell instructors from others: in the bot too, since a server can override its commands."""

    open_roles: OpenRoles

    async def __call__(self, learner: Learner) -> bool:
        """Whether they instruct the class they act in."""
        async with self.open_roles() as roles:
            return learner.instructs(await roles.instructor_role(learner.cohort_id))

    async def require(self, learner: Learner) -> None:
        """Let instructors pass.

        Raises:
            NotYours: they are none.
        """
        if not await self(learner):
            raise NotYours(
                "That is for instructors of this server. Whoever manages it can name their role"
                " with `/class setup`."
            )
