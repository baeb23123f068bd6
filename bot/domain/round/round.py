"""A class round: one step put to a channel, guessed at twice, with talk in between.

    FIRST --spread--> TALK --again--> SECOND --reveal--> REVEALED
                        └─────────────reveal────────────────^
    each of the first three --end--> ENDED

Source:
    Mazur 1997, "Peer Instruction: A User's Manual".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeGuard

from bot.domain.errors import StaleClick
from bot.domain.lesson.confidence import SURE, Level, levels_for
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import answer_text, is_complete, read_answer
from curriculum.kinds.registry import Guessable, Step

RoundStep = Guessable  # of these, the kinds that a class votes on


class Stage(Enum):
    """How far a round has come."""

    FIRST = "first"
    TALK = "talk"
    SECOND = "second"
    REVEALED = "revealed"
    ENDED = "ended"  # by hand, before the answer was shown


_ONWARD = {
    Stage.FIRST: frozenset({Stage.TALK, Stage.ENDED}),
    Stage.TALK: frozenset({Stage.SECOND, Stage.REVEALED, Stage.ENDED}),
    Stage.SECOND: frozenset({Stage.REVEALED, Stage.ENDED}),
    Stage.REVEALED: frozenset[Stage](),
    Stage.ENDED: frozenset[Stage](),
}
_TURNS = {Stage.FIRST: 1, Stage.SECOND: 2}


@dataclass(frozen=True, slots=True)
class Round:
    """One round.

    Attributes:
        id: By which buttons name it.
        cohort_id: The class.
        channel_id: Where it stands.
        asked_by: The instructor who put it; None once they have had themselves deleted.
        lesson: The lesson's slug.
        number: The lesson's number.
        step: What was asked, as it was put: the lesson's file may have been edited since.
        stage: How far it has come.
        revision: Raised by each move, so that of two instructors one is first.
        message_id: The card; None while there is none.
    """

    id: int
    cohort_id: int
    channel_id: int
    asked_by: int | None
    lesson: str
    number: int
    step: RoundStep
    stage: Stage = Stage.FIRST
    revision: int = 0
    message_id: int | None = None

    @property
    def turn(self) -> int | None:
        """Which vote is open, 1 or 2; None when none is."""
        return _TURNS.get(self.stage)

    @property
    def is_live(self) -> bool:
        """Whether it goes on."""
        return bool(_ONWARD[self.stage])


@dataclass(frozen=True, slots=True)
class Vote:
    """One learner's guess in one turn; `before` is what they said in the first."""

    round_id: int
    turn: int
    learner_id: int
    answer: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a learner finds when they come to vote.

    Attributes:
        round: The round.
        learner_id: Who votes.
        said: Turn to answer, of the votes they have cast.
        is_member: Whether the class knows them.
    """

    round: Round
    learner_id: int
    said: Mapping[int, str] = field(default_factory=dict)
    is_member: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How many gave an answer in a turn, after which answer in the first; nobody's name."""

    turn: int
    before: str | None
    answer: str
    votes: int
    sure: int  # of them, said that they were sure or certain


@dataclass(frozen=True, slots=True)
class Seen:
    """A step whose answer a learner has seen in a class round, and their first vote on it."""

    lesson: str
    step: RoundStep  # as it was put: an edit may have made it ask something else
    answer: str


def is_voted(step: Step) -> TypeGuard[RoundStep]:
    """Whether a class can vote on a step."""
    return kind_of(step).is_voted


def moved(present: Round, to: Stage, revision: int) -> Round:
    """Return the round one stage on.

    Raises:
        StaleClick: somebody was first, or that stage doesn't follow.
    """
    if revision != present.revision or to not in _ONWARD[present.stage]:
        raise StaleClick("Somebody was a moment earlier: this round has moved on already.")
    return replace(present, stage=to, revision=present.revision + 1)


def cast(ballot: Ballot, turn: int, raw: str) -> Vote:
    """Return the vote that a press or a written number stands for.

    Raises:
        StaleClick: that vote is closed, or theirs is cast already.
        UnusableAnswer: it can't be read.
    """
    if ballot.round.turn != turn:
        raise StaleClick(_closed(ballot.round))
    if turn in ballot.said:
        raise StaleClick("Your guess is in already; nothing changed.")
    answer = read_answer(ballot.round.step, raw)
    if not is_complete(ballot.round.step, answer):
        raise StaleClick
    before = ballot.said.get(1) if turn == 2 else None
    return Vote(ballot.round.id, turn, ballot.learner_id, answer, before)


def cast_already(ballot: Ballot, turn: int) -> Vote:
    """Return a vote as it was cast.

    Raises:
        StaleClick: there is none, or it is too late to say more about it.
    """
    if ballot.round.turn != turn or turn not in ballot.said:
        raise StaleClick(_closed(ballot.round))
    before = ballot.said.get(1) if turn == 2 else None
    return Vote(ballot.round.id, turn, ballot.learner_id, ballot.said[turn], before)


def level_at(step: Step, index: int) -> Level:
    """Return a level of confidence.

    Raises:
        StaleClick: there is no such level.
    """
    levels = levels_for(step)
    if not 0 <= index < len(levels):
        raise StaleClick
    return levels[index]


def is_sure(level: Level) -> bool:
    """Whether somebody at this level says that they know."""
    return level.probability >= SURE


def said_text(present: Round, answer: str) -> str:
    """Return an answer as its learner would say it."""
    return answer_text(present.step, answer)


def _closed(present: Round) -> str:
    match present.stage:
        case Stage.TALK:
            return "The vote is closed: it's time to talk. There may be a second one."
        case Stage.SECOND:
            return "The first vote is over. Vote again on the card as it stands now."
        case Stage.REVEALED:
            return "This round is over: its answer is on the card."
        case _:
            return "This round is over."
