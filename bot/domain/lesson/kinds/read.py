"""A passage: nothing is asked."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.base import Flow, JudgedBy
from bot.domain.lesson.kinds.plain import Unguessed
from curriculum.kinds.read import ReadStep


class ReadKind(Unguessed[ReadStep]):
    """Passage."""

    flow = Flow.LOOK
    judged_by = JudgedBy.NOBODY

    def passages(self, step: ReadStep) -> Iterator[tuple[str, ...]]:
        """Yield what it says."""
        yield step.title, step.text

    def key(self, step: ReadStep) -> None:
        """Nothing is asked."""
