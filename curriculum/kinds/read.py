"""A passage to read."""

from collections.abc import Mapping
from typing import Literal

from curriculum import budgets
from curriculum.kinds.base import GuessableStep, Illustration, Recorded, ShownStep
from curriculum.lines import lines_of


class ReadStep(ShownStep):
    """A short passage; `after` or `illustrative` is its picture.

    Right behind a guess, one that is words alone and short stands on the card of the answer, as
    long as both are in sight at once.
    """

    kind: Literal["read"]
    illustrative: Illustration | None = None

    def comes_along_with(self, reply: str) -> bool:
        """Whether it fits below this answer, so that reading it takes no press of its own."""
        lines = sum(map(lines_of, (reply.strip(), *self.heads())))
        is_words = self.after is None and self.illustrative is None
        return is_words and lines <= budgets.LINES_IN_SIGHT

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """Return the made-up example, where there is one."""
        return {"illustrative": self.illustrative} if self.illustrative else {}


def passage_along(step: object, after: object) -> ReadStep | None:
    """Return the step after a step, if it is a passage that stands on the card of its answer."""
    if not isinstance(step, GuessableStep) or not isinstance(after, ReadStep):
        return None
    return after if all(map(after.comes_along_with, step.told())) else None
