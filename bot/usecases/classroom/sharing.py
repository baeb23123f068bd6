"""Who instructs a class, and which learners it may be shown."""

from dataclasses import dataclass

from bot.domain.classroom.member import LONGEST_NAME, Member
from bot.domain.errors import NotFound, NotYours
from bot.domain.learner import NO_COHORT, Learner
from bot.usecases.classroom.ports import OpenClasses, OpenRoles
from bot.usecases.clock import Clock
from bot.usecases.lesson.ports import OpenRecords


@dataclass(frozen=True, slots=True)
class SetUpClass:
    """Name the role that a class's instructors have."""

    open_classes: OpenClasses
    now: Clock

    async def __call__(self, role: int | None, learner: Learner) -> None:
        """Keep the role; None: only those who manage the server instruct.

        Raises:
            NotYours: who asks doesn't manage the server.
        """
        if learner.cohort_id == NO_COHORT or not learner.is_manager:
            raise NotYours("Only someone who manages this server can name its instructors.")
        async with self.open_classes() as classes:
            await classes.name_instructors(learner.cohort_id, role, self.now())


@dataclass(frozen=True, slots=True)
class AskSharing:
    """Find out whether a learner is to be asked, once, if their instructors may see them."""

    open_roles: OpenRoles
    open_classes: OpenClasses
    now: Clock

    async def __call__(self, learner: Learner) -> bool:
        """Whether to ask now; the next time it is False. Instructors aren't asked."""
        if learner.cohort_id == NO_COHORT:
            return False
        async with self.open_roles() as roles:
            role = await roles.instructor_role(learner.cohort_id)
        if role is None or learner.instructs(role):
            return False
        async with self.open_classes() as classes:
            return await classes.mark_asked(learner, self.now())


@dataclass(frozen=True, slots=True)
class ShareProgress:
    """Let a learner say whether their instructors may see them, and change their mind."""

    open_records: OpenRecords
    open_classes: OpenClasses
    now: Clock

    async def __call__(self, learner: Learner, is_shown: bool | None = None) -> Member:
        """Return how it stands, after the decision if there is one.

        Raises:
            NotFound: they act in no server.
        """
        if learner.cohort_id == NO_COHORT:
            raise NotFound("Nobody instructs you here. Type `/more sharing` in your server.")
        async with self.open_records() as records:
            await records.enrol(learner, self.now())
        async with self.open_classes() as classes:
            if is_shown is not None:
                await classes.decide(_with_name(learner), is_shown, self.now())
            member = await classes.member(learner.id, learner.cohort_id)
        assert member is not None  # they were enrolled a line ago
        return member


def _with_name(learner: Learner) -> Learner:
    plain = "".join(c for c in learner.name if c.isprintable()).strip()[:LONGEST_NAME]
    return Learner(learner.id, learner.cohort_id, name=plain or str(learner.id))
