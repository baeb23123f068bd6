"""A question to the tutor, and what comes back: piece by piece, then whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from bot.domain.errors import UnusableAnswer
from bot.domain.lesson.kinds.base import Choice
from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.spoilers import Spoilers
from tools.exhibit.exhibit import Exhibit

LONGEST_QUESTION = 1000  # characters
REMEMBERED = 6  # exchanges of one conversation that the tutor sees
KEPT = 50  # exchanges of one conversation that are kept at all


class Outcome(Enum):
    """How a question ended."""

    ANSWERED = "answered"
    HINTED = "hinted"  # the answer is a guess that the learner has yet to make
    ABSTAINED = "abstained"  # nothing at hand supports an answer
    OUTSIDE = "outside"  # not about the course
    WELCOMED = "welcomed"  # asks nothing: a greeting, thanks, a sigh


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a conversation is held. What is said in public never draws on what was private."""

    channel_id: int
    is_private: bool  # only the learner reads it


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer, of an earlier time in the same conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class PastGuess:
    """A guess that the learner has committed, in words."""

    source: Source
    ask: str
    said: str
    is_right: bool | None
    reply: str  # what the course answers to this very guess
    options: tuple[Choice, ...] = ()  # as this learner sees them, where it is a choice


@dataclass(frozen=True, slots=True)
class Brief:
    """All that the tutor may know about who asks.

    Attributes:
        spoilers: What it must not tell.
        here: The step at which the learner stands, if a lesson is open.
        guesses: Committed ones, the latest last.
        hints_seen: How many of a step's own hints the learner has had, by step.
        draft: What they picked or wrote at the present step, not committed.
        is_private: Whether only they read the answer; else nothing is said of how far they are.
        learner_id: In whose name instruments run; None on the command line. No model sees it.
    """

    spoilers: Spoilers = field(default_factory=Spoilers)
    here: Source | None = None
    guesses: tuple[PastGuess, ...] = ()
    hints_seen: Mapping[Source, int] = field(default_factory=dict)
    draft: str | None = None
    is_private: bool = True
    learner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in the light of what was said before.

    Attributes:
        text: In the learner's words.
        earlier: What was said before, the latest last.
        about: The step whose card it was asked from, where the learner has guessed at it.
    """

    text: str
    earlier: tuple[Exchange, ...] = ()
    about: Source | None = None


@dataclass(frozen=True, slots=True)
class LookingUp:
    """The tutor reads or runs something; `what` names it."""

    what: str


@dataclass(frozen=True, slots=True)
class Said:
    """The answer so far: checked sentences only, each in its final form."""

    text: str


@dataclass(frozen=True, slots=True)
class Ran:
    """An instrument that was run for the answer."""

    instrument: str
    chosen: Mapping[str, Any]
    exhibit: Exhibit


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer.

    Attributes:
        text: What to show.
        outcome: How it ended.
        mode: Who wrote it.
        citations: What it rests on, the most important first.
        ran: The instruments that were run for it.
        guess_first: The step to guess at, where it was hinted.
        tokens: What a chat model wrote and read for it.
        note: What went wrong on the way, if anything did.
    """

    text: str
    outcome: Outcome
    mode: Mode
    citations: tuple[Source, ...] = ()
    ran: tuple[Ran, ...] = ()
    guess_first: Source | None = None
    tokens: int = 0
    note: str | None = None


Event = LookingUp | Said | Ran | Reply


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the tutor could not answer, on the instructors' list.

    Attributes:
        topic: The lesson that comes nearest; None where none does.
        found: What the tutor had found.
    """

    id: int
    cohort_id: int
    learner_id: int
    text: str
    topic: int | None
    found: tuple[Source, ...]
    asked: datetime
    answer: str | None = None


def checked_question(text: str) -> str:
    """Return a question as it will be asked.

    Raises:
        UnusableAnswer: empty, too long, or nothing that can be read.
    """
    shown = "".join(c for c in text if c == "\n" or c.isprintable()).strip()
    if not any(c.isalnum() for c in shown):
        raise UnusableAnswer("Ask me something, for example: why is the first token slow?")
    if len(shown) > LONGEST_QUESTION:
        raise UnusableAnswer(
            f"That question has {len(shown):,} characters; I read {LONGEST_QUESTION:,}. "
            "Cut it to the part that matters."
        )
    return shown
