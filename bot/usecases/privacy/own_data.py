"""A learner's own data: hand it over, delete it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.domain.errors import NotYours, StaleClick
from bot.domain.learner import Learner
from bot.domain.privacy.held import Summary, files_of, summary_of
from bot.usecases.clock import Clock
from bot.usecases.privacy.ports import OpenPrivacy

Wipe = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give a learner everything that is held about them."""

    open_privacy: OpenPrivacy
    now: Clock

    async def __call__(self, learner: Learner) -> tuple[Summary, Sequence[bytes]]:
        """Return it in numbers, and as JSON files; no file where nothing is held."""
        async with self.open_privacy() as privacy:
            held = await privacy.everything(learner.id)
        if not held:
            return summary_of(held), []
        return summary_of(held), files_of(held, learner.id, self.now())


@dataclass(frozen=True, slots=True)
class SumUp:
    """Say what is held about a learner, in numbers."""

    open_privacy: OpenPrivacy

    async def __call__(self, learner: Learner) -> Summary:
        """Return it."""
        async with self.open_privacy() as privacy:
            return summary_of(await privacy.everything(learner.id))


@dataclass(frozen=True, slots=True)
class DeleteLearner:
    """Delete a learner everywhere."""

    open_privacy: OpenPrivacy
    wipe: Wipe

    async def __call__(self, learner_id: int, mark: int, learner: Learner) -> None:
        """Delete who the card was made for.

        Args:
            learner_id: Who the card was made for.
            mark: `Summary.mark` as it was then.
            learner: Who pressed it.

        Raises:
            NotYours: somebody else pressed it.
            StaleClick: they are gone already, or have come back anew since.
        """
        if learner.id != learner_id:
            raise NotYours("Only the learner themselves can delete what is theirs.")
        async with self.open_privacy() as privacy:
            seen = await privacy.first_seen(learner_id)
            if seen is None:
                raise StaleClick("There is nothing about you left to delete.")
            if int(seen.timestamp()) != mark:
                raise StaleClick("That card is from an earlier time. Type `/more deleteme` again.")
            await privacy.delete(learner_id)
        await self.wipe()


@dataclass(frozen=True, slots=True)
class OwnData:
    """All that a learner can do about their data."""

    hand_over: HandOver
    sum_up: SumUp
    delete: DeleteLearner


def own_data(open_privacy: OpenPrivacy, wipe: Wipe, now: Clock) -> OwnData:
    """Give each of them what it needs."""
    return OwnData(
        HandOver(open_privacy, now), SumUp(open_privacy), DeleteLearner(open_privacy, wipe)
    )
