"""Search in the course: by words always, by meaning too where the encoder is at hand.

A score says the same for every question: from 0 to 1, and above HALFWAY it is about the course.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.agent.by_meaning import ByMeaning, by_meaning
from bot.agent.by_words import ByWords, Scores
from bot.agent.vectors import Encoder, Vectors
from bot.domain.passages import Passage, Source
from tools.errors import ToolError

LONGEST = 500  # characters of a question that are searched for
HALFWAY = 0.5
# Tuned on the questions marked `tuned` in tests/eval; those marked `held` only measure.
WORDS, MEANING = 0.5, 0.5  # what each ranking counts where there are both
ELSEWHERE = 0.5  # what nearness to other topics takes away
NAMED = 0.1  # what it adds to be a term's name
BORDER, SLOPE = 0.28, 0.07  # of score less elsewhere: borderline, and how sharp it is
BORDER_OF_WORDS, SLOPE_OF_WORDS = 0.46, 0.2  # the same, of words alone


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, and how well it fits a question: 0 to 1, comparable between questions."""

    passage: Passage
    score: float


class CourseSearch:
    """Finds passages. Starts with words alone; `learn_meanings` adds the encoder's ranking."""

    def __init__(
        self, passages: Iterable[Passage], encoder: Encoder | None = None, keep: Path | None = None
    ) -> None:
        """Index the passages (about 0.2 s).

        Args:
            passages: The course.
            encoder: Ranks by meaning, once `learn_meanings` has run.
            keep: The folder where the passages' vectors are kept between starts.
        """
        self._passages = tuple(passages)
        self._words = ByWords(self._passages)
        self._meaning: ByMeaning | None = None
        self._encoder, self._keep = encoder, keep
        self._learning = asyncio.Lock()

    @property
    def knows_meanings(self) -> bool:
        """Whether questions are ranked by meaning too."""
        return self._meaning is not None

    async def learn_meanings(self, tell: Callable[[str], None] = lambda stage: None) -> None:
        """Make the passages' vectors, or read those kept; until then words alone decide.

        Args:
            tell: Told when vectors have to be made: about 15 s, once for each text.

        Raises:
            ToolError: the encoder gives no answer.
        """
        async with self._learning:
            if self._encoder is not None and self._meaning is None:
                self._meaning = await by_meaning(self._passages, self._encoder, self._keep, tell)

    async def find(
        self, question: str, k: int, allows: Callable[[Passage], bool] | None = None
    ) -> tuple[Found, ...]:
        """Return the best `k` passages, one a source, best first.

        Args:
            question: In the asker's words; what is beyond LONGEST characters isn't looked at.
            k: How many sources, 1 or more.
            allows: Which passages may be found; all, without it.
        """
        text = question[:LONGEST]
        return self.rank(text, await self._vector(text), k, allows)

    def rank(
        self,
        question: str,
        vector: Vectors | None,
        k: int,
        allows: Callable[[Passage], bool] | None = None,
    ) -> tuple[Found, ...]:
        """Rank for a question whose vector is known; None ranks by words alone. Pure."""
        scores = self._scores(question, vector)
        found: dict[Source, Found] = {}
        for index in np.argsort(-scores, kind="stable").tolist():
            passage, score = self._passages[index], float(scores[index])
            if len(found) == k:
                break
            if passage.source not in found and (allows is None or allows(passage)):
                found[passage.source] = Found(passage, round(score, 4))
        return tuple(found.values())

    def is_about_course(self, found: Sequence[Found]) -> bool:
        """Whether what was found means that the question is about the course."""
        return is_about_course(found)

    async def _vector(self, text: str) -> Vectors | None:
        if self._meaning is None or self._encoder is None or not text.strip():
            return None
        try:
            vector: Vectors = (await self._encoder.encode([text]))[0]
        except ToolError:
            return None  # words alone still answer
        return vector

    def _scores(self, question: str, vector: Vectors | None) -> Scores:
        words = self._words.scores(question)
        if vector is None or self._meaning is None:
            return _graded(words, self._words.nearness(question), BORDER_OF_WORDS, SLOPE_OF_WORDS)
        both = WORDS * words + MEANING * self._meaning.scores(vector)
        near = float(both.max()) - ELSEWHERE * self._meaning.elsewhere(vector)
        near += NAMED * self._words.named(question)
        return _graded(both, near, BORDER, SLOPE)


def is_about_course(found: Sequence[Found]) -> bool:
    """Whether what was found, best first, means that the question is about the course."""
    return bool(found) and found[0].score >= HALFWAY


def _graded(scores: Scores, near: float, border: float, slope: float) -> Scores:
    """Return scores whose best says how near the question is to the course: 0.5 at the border."""
    best = float(scores.max(initial=0.0))
    if best <= 0:
        return np.zeros_like(scores)
    top = 1 / (1 + math.exp((border - near) / slope))
    graded: Scores = np.clip(scores, 0, None) / np.float32(best) * np.float32(top)
    return graded
