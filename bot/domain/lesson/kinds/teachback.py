"""A teach-back: held against a rubric."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.base import JudgedBy, Judgement, StepKey
from bot.domain.lesson.kinds.plain import Uncounted
from bot.domain.lesson.written import TEACHBACK_CHARS, read_text
from bot.domain.words import sentences
from curriculum.kinds.teachback import TeachbackStep


class TeachbackKind(Uncounted[TeachbackStep]):
    """Teach-back."""

    judged_by = JudgedBy.RUBRIC

    def passages(self, step: TeachbackStep) -> Iterator[tuple[str, ...]]:
        """Yield what it says."""
        yield step.ask, step.answer

    def key(self, step: TeachbackStep) -> StepKey:
        """Return the model answer's sentences, and what each criterion says."""
        return StepKey((*sentences(step.answer), *(criterion.says for criterion in step.criteria)))

    def read(self, step: TeachbackStep, raw: str) -> str:
        """Return the text."""
        return read_text(raw, TEACHBACK_CHARS)

    def judge(self, step: TeachbackStep, answer: str) -> Judgement:
        """Leave it to the rubric."""
        return Judgement(None, step.answer)
