"""Who is acting, and in which class."""

from dataclasses import dataclass

NO_COHORT = 0  # a direct message, or a server that has not added the bot


@dataclass(frozen=True, slots=True)
class Learner:
    """A person, by Discord's ids. The cohort is the server they act in."""

    id: int
    cohort_id: int = NO_COHORT
