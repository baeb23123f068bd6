"""A sentence: the learner holds it against a model answer."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.base import OPEN_CHANCE, JudgedBy, Judgement, StepKey
from bot.domain.lesson.kinds.plain import Uncounted
from bot.domain.lesson.written import SENTENCE_CHARS, read_text
from bot.domain.words import sentences
from curriculum.kinds.text import TextStep


class TextKind(Uncounted[TextStep]):
    """Sentence."""

    judged_by = JudgedBy.LEARNER

    def passages(self, step: TextStep) -> Iterator[tuple[str, ...]]:
        """Yield what it says."""
        yield step.ask, step.answer

    def key(self, step: TextStep) -> StepKey:
        """Return the answer's sentences."""
        return StepKey(sentences(step.answer))

    def read(self, step: TextStep, raw: str) -> str:
        """Return the sentence."""
        return read_text(raw, SENTENCE_CHARS)

    def judge(self, step: TextStep, answer: str) -> Judgement:
        """Leave it to the learner."""
        return Judgement(None, step.answer)

    def chance(self, step: TextStep) -> float:
        """An open question."""
        return OPEN_CHANCE

    def answer(self, step: TextStep) -> str:
        """Return the model answer."""
        return step.answer
