"""Kinds that leave out most: those that take no guess, or one in a learner's own words."""

from collections.abc import Mapping

from bot.domain.errors import StaleClick
from bot.domain.lesson.kinds.base import (
    AnswerEntry,
    AnswerPiece,
    Choice,
    Flow,
    Judgement,
    Kind,
    S,
)
from bot.domain.lesson.kinds.shares import Shares


class Unguessed(Kind[S]):
    """A kind that takes no guess."""

    entry = AnswerEntry.NONE

    def quoted(self, step: S) -> str | None:
        """It is one piece."""
        return None

    def answer(self, step: S) -> str | None:
        """There is none to a guess."""
        return None

    def explained(self, step: S) -> str | None:
        """Nothing needs to be."""
        return None

    def read(self, step: S, raw: str) -> str:
        """Refuse: it takes none."""
        raise StaleClick

    def is_complete(self, step: S, draft: str) -> bool:
        """No draft is."""
        return False

    def judge(self, step: S, answer: str) -> Judgement:
        """Refuse: there is none."""
        raise StaleClick

    def said(self, step: S, answer: str) -> str:
        """Return it as it is stored."""
        return answer

    def letter(self, step: S, answer: str) -> str | None:
        """It has none."""
        return None

    def pieces(self, step: S, answer: str) -> tuple[AnswerPiece, ...]:
        """It is one piece."""
        return ()

    def chance(self, step: S) -> float | None:
        """No confidence is asked."""
        return None

    def choices(self, step: S) -> tuple[Choice, ...]:
        """There are none."""
        return ()

    def slots(self, step: S) -> tuple[str, ...]:
        """There are none."""
        return ()

    def heading(self, step: S, answer: str) -> str | None:
        """It isn't counted."""
        return None

    def headings(self, step: S) -> tuple[str, ...]:
        """There are none."""
        return ()

    def is_right_heading(self, step: S, heading: str) -> bool:
        """None is."""
        return False

    def belief(self, step: S, heading: str) -> str | None:
        """There is none."""
        return None

    def reply_to(self, step: S, heading: str) -> str:
        """Nobody is counted."""
        return ""

    def spread(self, step: S, votes: Mapping[str, int]) -> Shares:
        """Nobody votes."""
        return ()

    def shares(self, step: S, votes: Mapping[str, int]) -> Shares:
        """Nobody votes."""
        return ()


class Uncounted(Unguessed[S]):
    """A kind that takes a guess in a learner's own words, which no class is counted by."""

    flow = Flow.GUESS
    entry = AnswerEntry.TYPED

    def is_complete(self, step: S, draft: str) -> bool:
        """Whatever was written is."""
        return True
