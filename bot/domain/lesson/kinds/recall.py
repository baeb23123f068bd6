"""A recall: answered in the head."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.base import Flow, JudgedBy, StepKey
from bot.domain.lesson.kinds.plain import Unguessed
from bot.domain.words import sentences
from curriculum.kinds.recall import RecallStep


class RecallKind(Unguessed[RecallStep]):
    """Recall."""

    flow = Flow.RECALL
    judged_by = JudgedBy.LEARNER

    def passages(self, step: RecallStep) -> Iterator[tuple[str, ...]]:
        """Yield what it says."""
        yield step.ask, step.answer

    def key(self, step: RecallStep) -> StepKey:
        """Return the answer's sentences."""
        return StepKey(sentences(step.answer))

    def answer(self, step: RecallStep) -> str:
        """Return the answer."""
        return step.answer
