"""An instrument to play with: nothing is asked."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.base import Flow, JudgedBy
from bot.domain.lesson.kinds.plain import Unguessed
from curriculum.kinds.exhibit import ExhibitStep


class ExhibitKind(Unguessed[ExhibitStep]):
    """Instrument to play with."""

    flow = Flow.LOOK
    judged_by = JudgedBy.NOBODY

    def passages(self, step: ExhibitStep) -> Iterator[tuple[str, ...]]:
        """Yield what it says."""
        yield step.title, step.text

    def key(self, step: ExhibitStep) -> None:
        """Nothing is asked."""
