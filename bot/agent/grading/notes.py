"""Grade without a chat model: hold what a learner claims against the phrases of the rubric.

    text → guard → windows → vectors → compared with each criterion → met, missed or can't tell

A window has to come nearer to what counts than to what just misses, and mean it the same way round.
Whatever looks like an order to the grader, a heap of words or another language is never "met".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.agent.grading.calibration import CriterionModel, calibrated, probability
from bot.agent.grading.encoding import BothEncoder, WordEncoder
from bot.agent.grading.features import compare, denial
from bot.agent.grading.guard import is_addressed_to_grader, is_in_another_language, repeats
from bot.agent.grading.language.language import Language
from bot.agent.grading.rubric import Measured, measure
from bot.agent.grading.windows import TextWindow, windows
from bot.agent.vectors import Encoder, Vectors
from bot.domain.lesson.teachback import Graded, Verdict, grounded
from curriculum.kinds.teachback import Criterion, TeachbackStep
from tools.errors import ToolError

KEPT = 32  # rubrics kept ready
DENIED = 0.1  # a denial that beats what is said for it by more is one


@dataclass(slots=True)
class NotesGrader:
    """Grades by likeness to the rubric's phrases.

    Attributes:
        language: Of the rubrics.
        encoder: A sentence encoder; None, or one that fails: the words alone are compared.
    """

    language: Language
    encoder: Encoder | None = None
    _ready: dict[tuple[object, ...], tuple[Measured, ...]] = field(default_factory=dict)

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[Graded, ...]:
        """Return a verdict on each criterion of a step, in their order."""
        criteria = step.criteria
        if is_in_another_language(said, self.language):
            return tuple(Graded(one.id, Verdict.UNSURE) for one in criteria)
        claimed = [
            window
            for window in windows(said, self.language)
            if not repeats(window.text, step.ask, self.language)
        ]
        if not claimed:
            return tuple(Graded(one.id, Verdict.MISSED) for one in criteria)
        if self.encoder:
            try:
                both = BothEncoder(self.encoder, self.language)
                return await self._graded(criteria, claimed, said, both)
            except ToolError:
                pass  # the words alone tell less, yet enough to go on
        return await self._graded(criteria, claimed, said, WordEncoder(self.language))

    async def _graded(
        self,
        criteria: Sequence[Criterion],
        claimed: Sequence[TextWindow],
        said: str,
        encoder: Encoder,
    ) -> tuple[Graded, ...]:
        known = self.language.calibration
        calibration = calibrated(known.meaning if isinstance(encoder, BothEncoder) else known.words)
        vectors = await encoder.encode([window.text for window in claimed])
        ids = frozenset(one.id for one in criteria)
        is_tampered = is_addressed_to_grader(said, self.language, ids)
        return tuple(
            grounded(_verdict(claimed, vectors, one, calibration, is_tampered), said)
            for one in await self._measured(criteria, encoder)
        )

    async def _measured(
        self, criteria: Sequence[Criterion], encoder: Encoder
    ) -> tuple[Measured, ...]:
        key = (type(encoder), *((c.id, c.says, c.counts, c.near_misses) for c in criteria))
        if key not in self._ready:
            if len(self._ready) >= KEPT:
                self._ready.clear()
            self._ready[key] = await measure(criteria, encoder, self.language)
        return self._ready[key]


def _verdict(
    claimed: Sequence[TextWindow],
    vectors: Vectors,
    measured: Measured,
    calibration: CriterionModel,
    is_tampered: bool,
) -> Graded:
    scores = calibration.scores(compare(claimed, vectors, measured))
    best = int(np.argmax(scores))
    chance = probability(float(scores[best]))
    name = measured.criterion.id
    if chance <= calibration.low:
        return Graded(name, Verdict.MISSED)
    needed = calibration.denied if claimed[best].negated else calibration.high
    if chance < needed or is_tampered or claimed[best].is_weak:
        return Graded(name, Verdict.UNSURE)
    if denial(claimed, vectors, measured) > DENIED:
        return Graded(name, Verdict.UNSURE)  # said, and taken back elsewhere
    return Graded(name, Verdict.MET, claimed[best].text)
