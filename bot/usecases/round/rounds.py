"""Class rounds: put a step to a channel, vote, move on, bring a lost card back."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.errors import NotFound, NotNow, NotYours, StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.kinds.base import AnswerEntry
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import how_read
from bot.domain.round.round import (
    Ballot,
    Round,
    Stage,
    cast,
    cast_already,
    is_sure,
    level_at,
    moved,
)
from bot.domain.round.screens import (
    ArrangingScreen,
    RoundScreen,
    VotedScreen,
    arranging,
    screen_of,
    voted,
)
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.clock import Clock
from bot.usecases.lesson.turns import find_lesson
from bot.usecases.round.choosing import find_step
from bot.usecases.round.ports import OpenRounds
from bot.usecases.round.ports import Rounds as StoredRounds
from curriculum.schema import Course

REMEMBERED = timedelta(days=1)  # how old a round may be whose count is brought up to date
_GONE = "I don't know that round any more. An instructor can put the question again."


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round, and what its class should see."""

    round: Round
    screen: RoundScreen


@dataclass(frozen=True, slots=True)
class AskClass:
    """Put a step to a channel."""

    course: Course
    check: CheckInstructor
    open_rounds: OpenRounds
    now: Clock

    async def __call__(
        self, lesson: str, step: str, channel_id: int, learner: Learner
    ) -> RoundShown:
        """Open a round; who shows its card says where with `PlaceCard`.

        Raises:
            NotYours: they are no instructor.
            NotFound: there is no such lesson or step.
            UnusableAnswer: a class can't vote on that step.
            NotNow: a round is running in that channel.
        """
        await self.check.require(learner)
        of = find_lesson(self.course, lesson)
        put = find_step(of, step)
        async with self.open_rounds() as rounds:
            await rounds.enrol(learner, self.now())
            new = Round(0, learner.cohort_id, channel_id, learner.id, of.slug, of.number, put)
            begun = await rounds.begin(new, self.now())
        if begun is None:
            raise NotNow(
                "A round is running in this channel. Reveal it, or type `/class end`; `/class show`"
                " brings its card down here."
            )
        return RoundShown(begun, screen_of(begun, ()))


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """Remember where a round's card stands."""

    open_rounds: OpenRounds

    async def __call__(self, round_id: int, message_id: int) -> None:
        """Keep the message that shows it."""
        async with self.open_rounds() as rounds:
            await rounds.place(round_id, message_id)


@dataclass(frozen=True, slots=True)
class CastVote:
    """Take one learner's guess, once in each vote."""

    open_rounds: OpenRounds
    now: Clock

    async def __call__(self, round_id: int, turn: int, raw: str, learner: Learner) -> VotedScreen:
        """Lock it in.

        Raises:
            StaleClick: that vote is closed, or theirs is in already.
            UnusableAnswer: it can't be read.
            NotYours: it is another class's round.
        """
        async with self.open_rounds() as rounds:
            ballot = await _ballot(rounds, round_id, learner)
            vote = cast(ballot, turn, raw)
            if not ballot.is_member:
                await rounds.enrol(learner, self.now())
            if not await rounds.cast(vote, self.now()):
                raise StaleClick("Your guess is in already; nothing changed.")
        screen = voted(replace(ballot, said={**ballot.said, turn: vote.answer}), turn)
        return replace(screen, how_read=how_read(ballot.round.step, raw))


@dataclass(frozen=True, slots=True)
class SayHowSure:
    """Take how sure a learner is of the guess they locked in, once."""

    open_rounds: OpenRounds

    async def __call__(self, round_id: int, turn: int, index: int, learner: Learner) -> VotedScreen:
        """Keep it with the guess.

        Raises:
            StaleClick: they have said already, or that vote is closed.
            NotYours: it is another class's round.
        """
        async with self.open_rounds() as rounds:
            ballot = await _ballot(rounds, round_id, learner)
            vote = cast_already(ballot, turn)
            level = level_at(ballot.round.step, index)
            if not await rounds.say_sure(vote, level.probability, is_sure=is_sure(level)):
                raise StaleClick("You have said how sure you are; that stays.")
        return voted(ballot, turn, level)


@dataclass(frozen=True, slots=True)
class Arrange:
    """Put stages in order, one press at a time; nothing is kept until it is locked in."""

    open_rounds: OpenRounds

    async def __call__(
        self, round_id: int, turn: int, placed: str, learner: Learner
    ) -> ArrangingScreen:
        """Return the stages as placed so far.

        Raises:
            StaleClick: that vote is closed, or theirs is in already.
            NotYours: it is another class's round.
        """
        async with self.open_rounds() as rounds:
            ballot = await _ballot(rounds, round_id, learner)
        if ballot.round.turn != turn or turn in ballot.said:
            cast(ballot, turn, placed)  # says why not
        if kind_of(ballot.round.step).entry is not AnswerEntry.ARRANGED:
            raise StaleClick
        return arranging(ballot.round, turn, placed)


@dataclass(frozen=True, slots=True)
class SeeVote:
    """Show a learner what they locked in."""

    open_rounds: OpenRounds

    async def __call__(self, round_id: int, turn: int, learner: Learner) -> VotedScreen | None:
        """Return it; None: they haven't voted in that turn.

        Raises:
            StaleClick: there is no such round.
            NotYours: it is another class's.
        """
        async with self.open_rounds() as rounds:
            ballot = await _ballot(rounds, round_id, learner)
        return replace(voted(ballot, turn), levels=()) if turn in ballot.said else None


@dataclass(frozen=True, slots=True)
class MoveRound:
    """Show the spread, vote again, reveal, end."""

    check: CheckInstructor
    open_rounds: OpenRounds
    now: Clock

    async def __call__(
        self, round_id: int, revision: int, to: Stage, learner: Learner
    ) -> RoundShown:
        """Move on from the stage that the card showed.

        Raises:
            NotYours: they don't instruct this round's class.
            StaleClick: another instructor was first.
        """
        await self.check.require(learner)
        async with self.open_rounds() as rounds:
            present = await _known(rounds, round_id, learner)
            after = moved(present, to, revision)
            if not await rounds.move(after, self.now()):
                raise StaleClick("Another instructor was first; the card shows what they did.")
            return RoundShown(after, screen_of(after, await rounds.counts(round_id)))


@dataclass(frozen=True, slots=True)
class FindRound:
    """Find the round that a channel is in, to show it again or to end it."""

    check: CheckInstructor
    open_rounds: OpenRounds

    async def __call__(self, channel_id: int, learner: Learner) -> RoundShown:
        """Return it.

        Raises:
            NotYours: they are no instructor.
            NotFound: there is none.
        """
        await self.check.require(learner)
        async with self.open_rounds() as rounds:
            present = await rounds.live_in(channel_id)
            if present is None or present.cohort_id != learner.cohort_id:
                raise NotFound("No round is running in this channel. `/class ask` begins one.")
            return RoundShown(present, screen_of(present, await rounds.counts(present.id)))


@dataclass(frozen=True, slots=True)
class SeeRound:
    """Show a round to its channel as it stands: the count goes up while nobody presses."""

    open_rounds: OpenRounds
    now: Clock

    async def __call__(self, round_id: int) -> RoundShown | None:
        """Return it; None: it is gone."""
        async with self.open_rounds() as rounds:
            present = await rounds.round(round_id)
            if present is None:
                return None
            return RoundShown(present, screen_of(present, await rounds.counts(round_id)))

    async def recent(self) -> list[int]:
        """Return the rounds that go on, of the last day: a restart may have left a count behind."""
        async with self.open_rounds() as rounds:
            return list(await rounds.live_since(self.now() - REMEMBERED))


@dataclass(frozen=True, slots=True)
class LoseCard:
    """A card was deleted, or its whole channel."""

    open_rounds: OpenRounds
    now: Clock

    async def message(self, channel_id: int, message_id: int) -> Round | None:
        """Note that a round has no card; it goes on. Return it; None: it was no round's card."""
        async with self.open_rounds() as rounds:
            present = await rounds.live_in(channel_id)
            if present is None or present.message_id != message_id:
                return None
            await rounds.place(present.id, None)
            return replace(present, message_id=None)

    async def channel(self, channel_id: int) -> Round | None:
        """End the round of a channel that is gone. Return it; None: there was none."""
        async with self.open_rounds() as rounds:
            present = await rounds.live_in(channel_id)
            if present is None:
                return None
            ended = moved(present, Stage.ENDED, present.revision)
            return ended if await rounds.move(ended, self.now()) else None


async def _ballot(rounds: StoredRounds, round_id: int, learner: Learner) -> Ballot:
    ballot = await rounds.ballot(round_id, learner.id)
    if ballot is None:
        raise StaleClick(_GONE)
    _require_same_class(ballot.round, learner)
    return ballot


async def _known(rounds: StoredRounds, round_id: int, learner: Learner) -> Round:
    present = await rounds.round(round_id)
    if present is None:
        raise StaleClick(_GONE)
    _require_same_class(present, learner)
    return present


def _require_same_class(present: Round, learner: Learner) -> None:
    if present.cohort_id != learner.cohort_id:
        raise NotYours("That round is another class's.")
