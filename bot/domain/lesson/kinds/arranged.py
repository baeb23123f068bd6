"""What is answered by putting letters in an order: each letter once, judged as a whole."""

from abc import abstractmethod
from collections.abc import Mapping
from math import factorial

from bot.domain.lesson.kinds.base import AnswerEntry, Flow, JudgedBy, Kind, S
from bot.domain.lesson.kinds.mixing import letters_of
from bot.domain.lesson.kinds.shares import Shares, likeliest, most


class ArrangedKind(Kind[S]):
    """A press for each slot, in turn."""

    flow = Flow.GUESS
    entry = AnswerEntry.ARRANGED
    judged_by = JudgedBy.KEY

    @abstractmethod
    def count(self, step: S) -> int:
        """Return how many letters there are, and slots for them."""

    def read(self, step: S, raw: str) -> str:
        """Return the letters given so far."""
        return letters_of(raw, self.count(step))

    def is_complete(self, step: S, draft: str) -> bool:
        """Whether every slot has its letter."""
        return len(draft) == self.count(step)

    def letter(self, step: S, answer: str) -> str | None:
        """Letters of a mixed list say nothing."""
        return None

    def chance(self, step: S) -> float:
        """Every arrangement is as likely."""
        return 1 / factorial(self.count(step))

    def spread(self, step: S, votes: Mapping[str, int]) -> Shares:
        """Return the most frequent arrangements, by letters."""
        return most(votes)

    def shares(self, step: S, votes: Mapping[str, int]) -> Shares:
        """Return the headings, the most frequent first."""
        return likeliest(votes)
