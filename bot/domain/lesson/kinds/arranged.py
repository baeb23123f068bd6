"""What is answered by putting letters in an order: each letter once, judged as a whole."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from math import factorial
from typing import ClassVar, Generic, TypeVar

from bot.domain.lesson.kinds.base import AnswerEntry, Flow, JudgedBy, Judgement, Kind
from bot.domain.lesson.kinds.mixing import letters_of
from bot.domain.lesson.kinds.shares import Shares, likeliest, most
from curriculum.kinds.base import ArrangedStep, KnownWrong

A = TypeVar("A", bound=ArrangedStep)
W = TypeVar("W", bound=KnownWrong)


class ArrangedKind(Kind[A], Generic[A, W]):
    """A press for each slot, in turn; `RIGHT` and `WRONG` head the right and any other way."""

    RIGHT: ClassVar[str]
    WRONG: ClassVar[str]

    flow = Flow.GUESS
    entry = AnswerEntry.ARRANGED
    judged_by = JudgedBy.KEY

    @abstractmethod
    def count(self, step: A) -> int:
        """Return how many letters there are, and slots for them."""

    @abstractmethod
    def is_right(self, step: A, answer: str) -> bool:
        """Whether the letters are arranged as they should be."""

    @abstractmethod
    def known(self, step: A) -> Sequence[W]:
        """Return the wrong arrangements that have a reply of their own."""

    @abstractmethod
    def known_as(self, step: A, answer: str) -> W | None:
        """Return the first known wrong arrangement that an answer is, or holds."""

    @abstractmethod
    def named(self, known: W) -> str:
        """Return what a known wrong arrangement is called in a table."""

    def read(self, step: A, raw: str) -> str:
        """Return the letters given so far."""
        return letters_of(raw, self.count(step))

    def is_complete(self, step: A, draft: str) -> bool:
        """Whether every slot has its letter."""
        return len(draft) == self.count(step)

    def letter(self, step: A, answer: str) -> str | None:
        """Letters of a mixed list say nothing."""
        return None

    def chance(self, step: A) -> float:
        """Every arrangement is as likely."""
        return 1 / factorial(self.count(step))

    def spread(self, step: A, votes: Mapping[str, int]) -> Shares:
        """Return the most frequent arrangements, by letters."""
        return most(votes)

    def shares(self, step: A, votes: Mapping[str, int]) -> Shares:
        """Return the headings, the most frequent first."""
        return likeliest(votes)

    def judge(self, step: A, answer: str) -> Judgement:
        """Right as a whole; else by what is known of it, if it is known."""
        if self.is_right(step, answer):
            return Judgement(True, step.reply)
        known = self.known_as(step, answer)
        if known is not None:
            return Judgement(False, known.reply, known.misconception)
        return Judgement(False, step.wrong, step.misconception)

    def heading(self, step: A, answer: str) -> str:
        """Return right, a known wrong arrangement by its name, or any other."""
        if self.is_right(step, answer):
            return self.RIGHT
        known = self.known_as(step, answer)
        return self.named(known) if known else self.WRONG

    def headings(self, step: A) -> tuple[str, ...]:
        """Return all of these."""
        return (self.RIGHT, *map(self.named, self.known(step)), self.WRONG)

    def is_right_heading(self, step: A, heading: str) -> bool:
        """Whether it is the right one."""
        return heading == self.RIGHT

    def belief(self, step: A, heading: str) -> str | None:
        """Return what a known wrong arrangement, or any other, betrays."""
        known = self._by_name(step, heading)
        if known is not None:
            return known.misconception
        return step.misconception if heading == self.WRONG else None

    def reply_to(self, step: A, heading: str) -> str:
        """Return the reply."""
        known = self._by_name(step, heading)
        if known is not None:
            return known.reply
        return step.reply if heading == self.RIGHT else step.wrong

    def _by_name(self, step: A, heading: str) -> W | None:
        return next((one for one in self.known(step) if self.named(one) == heading), None)
