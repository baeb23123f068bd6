"""What every kind of step must be able to say. A kind that lacks a part can't be listed."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from bot.domain.lesson.kinds.shares import Shares
from curriculum.kinds.base import OPTION_KEYS, StepBase

OPEN_CHANCE = 0.05  # a blind guess at an open question; Brier needs some number above 0

S = TypeVar("S", bound=StepBase)


class Flow(Enum):
    """How a learner goes through a step."""

    GUESS = "guess"  # ask, lock in, reveal, next
    RECALL = "recall"  # ask, reveal, say whether it was there
    LOOK = "look"  # read or play, next


class AnswerEntry(Enum):
    """How an answer is given."""

    PICKED = "picked"  # one press is a whole answer
    ARRANGED = "arranged"  # a press for each thing, in turn
    TYPED = "typed"
    NONE = "none"


class JudgedBy(Enum):
    """Who can tell whether an answer is right."""

    KEY = "key"  # the lesson itself
    MODEL = "model"  # the live model, by its own probability
    LEARNER = "learner"  # beside a model answer
    RUBRIC = "rubric"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an answer is worth, and what to say to the one who gave it."""

    is_right: bool | None  # None: only the model or the learner can tell
    reply: str
    misconception: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One lettered thing to press: what is stored for it, its text, its letter on the card."""

    key: str
    text: str
    letter: str


@dataclass(frozen=True, slots=True)
class AnswerPiece:
    """One part of an answer: what it is about, what was said of it, and what is so."""

    about: str
    said: str
    right: str


@dataclass(frozen=True, slots=True)
class StepKey:
    """What would give a step away.

    Attributes:
        sentences: Each says the answer.
        number: The answer, for a step that asks for a quantity.
        unit: What it is counted in.
        prompt: For a step that asks for a next token: what the model would be asked.
    """

    sentences: tuple[str, ...]
    number: float | None = None
    unit: str = ""
    prompt: str | None = None


class Kind(ABC, Generic[S]):
    """One kind of step: how it is answered, judged, and told."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """How a learner goes through it."""

    @property
    @abstractmethod
    def entry(self) -> AnswerEntry:
        """How its answer is given."""

    @property
    @abstractmethod
    def judged_by(self) -> JudgedBy:
        """Who can tell whether an answer is right."""

    @property
    def is_voted(self) -> bool:
        """Whether a class can vote on it: its key tells what is right."""
        return self.flow is Flow.GUESS and self.judged_by is JudgedBy.KEY

    @property
    def is_reviewed(self) -> bool:
        """Whether it returns as a card: not what only a model or a rubric can judge."""
        return self.judged_by in (JudgedBy.KEY, JudgedBy.LEARNER)

    @abstractmethod
    def passages(self, step: S) -> Iterator[tuple[str, ...]]:
        """Yield title, text and other words of each piece that may be found and quoted."""

    @abstractmethod
    def quoted(self, step: S) -> str | None:
        """Return what to quote, whichever piece a question was near to; None: that piece."""

    @abstractmethod
    def key(self, step: S) -> StepKey | None:
        """Return what would give it away; None where nothing is asked."""

    @abstractmethod
    def answer(self, step: S) -> str | None:
        """Return the right answer in words; None: there is no one right answer."""

    @abstractmethod
    def explained(self, step: S) -> str | None:
        """Return why that is right; None where the answer says so itself."""

    @abstractmethod
    def read(self, step: S, raw: str) -> str:
        """Return an answer in the form that is stored.

        Raises:
            UnusableAnswer: it can't be read; the text says what would be.
            StaleClick: it names what this step doesn't have.
        """

    def how_read(self, step: S, raw: str) -> str | None:
        """Say how a readable answer was read, where it might have been meant otherwise."""
        return None

    @abstractmethod
    def is_complete(self, step: S, draft: str) -> bool:
        """Whether a draft is a whole answer."""

    @abstractmethod
    def judge(self, step: S, answer: str) -> Judgement:
        """Judge a stored answer by what the lesson knows."""

    @abstractmethod
    def said(self, step: S, answer: str) -> str:
        """Return a stored answer in words a learner would recognise as theirs."""

    @abstractmethod
    def letter(self, step: S, answer: str) -> str | None:
        """Return the letter that says it all, beside the right answer; None: its words do."""

    @abstractmethod
    def pieces(self, step: S, answer: str) -> tuple[AnswerPiece, ...]:
        """Return an answer piece by piece beside what is right; empty where it is one piece."""

    @abstractmethod
    def chance(self, step: S) -> float | None:
        """Return the probability that a blind guess is right; None: no confidence is asked."""

    @abstractmethod
    def choices(self, step: S) -> tuple[Choice, ...]:
        """Return the lettered things that an answer is made from, as shown."""

    @abstractmethod
    def slots(self, step: S) -> tuple[str, ...]:
        """Return what each letter of an arranged answer is for, in turn: `first`, a thing's name.

        Empty where an answer isn't arranged.
        """

    @abstractmethod
    def heading(self, step: S, answer: str) -> str | None:
        """Return under which heading a class's votes are counted; None: not counted."""

    @abstractmethod
    def headings(self, step: S) -> tuple[str, ...]:
        """Return all headings that a class can be told of, in the order of showing."""

    @abstractmethod
    def is_right_heading(self, step: S, heading: str) -> bool:
        """Whether what is counted under a heading is right."""

    @abstractmethod
    def belief(self, step: S, heading: str) -> str | None:
        """Return the misconception behind what is counted under a heading."""

    @abstractmethod
    def reply_to(self, step: S, heading: str) -> str:
        """Return what is said to those counted under a heading."""

    @abstractmethod
    def spread(self, step: S, votes: Mapping[str, int]) -> Shares:
        """Return stored answers as headings with shares; they tell nothing about what is right."""

    @abstractmethod
    def shares(self, step: S, votes: Mapping[str, int]) -> Shares:
        """Return headings with shares, for the learner who has seen the answer."""


def lettered(texts: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return texts to press, lettered in the order of showing."""
    return tuple(Choice(key, text, key) for key, text in zip(OPTION_KEYS, texts, strict=False))
