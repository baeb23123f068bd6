"""What practising needs from the outside: plans, cards, days, ranks."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from bot.domain.classroom.member import Assignment
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.practice.plan import Plan
from bot.domain.practice.review import Review, ReviewCard, Seed


class Reviews(Protocol):
    """How learners practise, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        """Load every run of every lesson."""
        ...

    async def plan(self, learner_id: int, *, is_held: bool = True) -> Plan | None:
        """Load how a learner practises; None: they never chose, and have no card.

        Who writes it back holds it until the transaction ends: a reminder claimed in between would
        come twice. Who only looks doesn't, since holding a row is a write.
        """
        ...

    async def begin_plan(self, plan: Plan) -> None:
        """Write a plan unless there is one; its learner must be enrolled."""
        ...

    async def save_plan(self, plan: Plan) -> None:
        """Write a plan, be it there or not; its learner must be enrolled."""
        ...

    async def due_learners(self, now: datetime) -> Sequence[int]:
        """Return whose next reminder's moment has come, the longest waiting first."""
        ...

    async def claim(self, before: Plan, after: Plan) -> bool:
        """Write when a plan reminds, if its next reminder is still the one seen before.

        False: another process was first, or the learner changed it.
        """
        ...

    async def set_for(
        self, learner_id: int, after: datetime, until: datetime
    ) -> Sequence[Assignment]:
        """Return what others set the learner's classes, due in between, the first due first."""
        ...

    async def cards_of(self, learner_id: int) -> Sequence[ReviewCard]:
        """Load all of a learner's cards."""
        ...

    async def add_cards(self, learner_id: int, seeds: Sequence[Seed]) -> None:
        """Make cards; one that is there already stays as it is."""
        ...

    async def card(self, card_id: int) -> ReviewCard | None:
        """Load one."""
        ...

    async def save_card(self, card: ReviewCard) -> bool:
        """Write a card over its former revision; False if another click was first."""
        ...

    async def log(self, review: Review) -> int:
        """Keep a review under an id of its own; return it."""
        ...

    async def last_review(self, learner_id: int) -> Review | None:
        """Load a learner's last review."""
        ...

    async def unlog(self, review_id: int) -> None:
        """Take a review back."""
        ...

    async def reviewed_since(self, learner_id: int, moment: datetime) -> Mapping[int, int]:
        """Return how often each card was reviewed since a moment, by its id."""
        ...

    async def practise(self, learner_id: int, day: date) -> None:
        """Remember a day on which a learner practised outside a lesson; once is enough."""
        ...

    async def days_of(self, learner_id: int) -> frozenset[date]:
        """Return those days."""
        ...

    async def put_rank(self, learner_id: int, cohort_id: int, points: int) -> None:
        """Count a learner in a class's ranks, with these points from now on."""
        ...

    async def drop_ranks(self, learner_id: int) -> None:
        """Count a learner in no class's ranks any more."""
        ...

    async def rank(self, cohort_id: int, points: int) -> tuple[int, int]:
        """Return how many in a class's ranks have more points, and how many there are."""
        ...


class OpenReviews(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Reviews]:
        """Open it."""
        ...
