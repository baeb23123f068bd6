"""Search in the course: by words always, by meaning too where the encoder is at hand.

A score says the same for every question: from 0 to 1, and above HALFWAY it is about the course.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.agent.search.by_meaning import ByMeaning, Near, by_meaning
from bot.agent.search.by_words import ByWords, Scores, Shared
from bot.agent.search.elsewhere import ELSEWHERE
from bot.agent.search.wanting import wants_definition
from bot.agent.vectors import NamedEncoder, Vectors
from bot.domain.tutor.passages import Passage, Source, passages_of
from curriculum.schema import Course
from tools.errors import ToolError

LONGEST = 500  # characters of a question that are searched for
HALFWAY = 0.5
_ROUNDING = 1e-6
WORDS, MEANING = 0.4, 0.6  # what each ranking counts where there are both
OWN = 0.05  # what a passage's own words count among those of one source
# What is added to a definition beside its term's written answers: always, where the question has
# the form of one for a definition, and by which side of their border it lies on. Fitted by
# `python -m tests.eval.fit_passages`.
LEANS_BY_WORDS = (-1.95, 2.81)
LEANS_BY_BOTH = (-0.61, 0.93, 1.27)
NAME_ALONE = 2.0  # where it asks for a name and nothing else: more than own scores can differ by
# Fitted by `python -m tests.eval.fit_search`: the border, then what each sign counts. The border of
# both stands a little higher than fitted: silence is the lesser fault.
BY_WORDS = (5.8, (5.1, 2.3, 9.3, -6.0))
BY_BOTH = (8.4, (3.5, 0.3, 4.8, -2.8, 13.4, -6.7, 2.5))


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, and how well it fits a question: 0 to 1, comparable between questions."""

    passage: Passage
    score: float


class CourseSearch:
    """Finds passages. Starts with words alone; `learn_meanings` adds the encoder's ranking."""

    def __init__(
        self,
        passages: Iterable[Passage],
        encoder: NamedEncoder | None = None,
        keep: Path | None = None,
        elsewhere: Sequence[str] = (),
    ) -> None:
        """Index the passages (about 0.3 s).

        Args:
            passages: The course.
            encoder: Ranks by meaning, once `learn_meanings` has run.
            keep: The folder where the passages' vectors are kept between starts.
            elsewhere: Phrases that aren't the course, beside the usual ones.
        """
        self._passages = tuple(passages)
        numbers: dict[Source, int] = {}
        of = [numbers.setdefault(each.source, len(numbers)) for each in self._passages]
        self._of = np.array(of, np.intp)  # the source of each passage
        self._sources = len(numbers)
        self._defines = np.array([bool(each.names) for each in self._passages], np.float32)
        self._elsewhere = (*ELSEWHERE, *elsewhere)
        self._words = ByWords(self._passages, self._elsewhere)
        self._meaning: ByMeaning | None = None
        self._encoder, self._keep = encoder, keep
        self._learning = asyncio.Lock()

    @classmethod
    def of(
        cls, course: Course, encoder: NamedEncoder | None = None, keep: Path | None = None
    ) -> "CourseSearch":
        """Index a course, and how people ask for it."""
        return cls(passages_of(course), encoder, keep, course.asking.elsewhere)

    @property
    def knows_meanings(self) -> bool:
        """Whether questions are ranked by meaning too."""
        return self._meaning is not None

    async def learn_meanings(self, tell: Callable[[str], None] = lambda stage: None) -> None:
        """Make the passages' vectors, or read those kept; until then words alone decide.

        Args:
            tell: Told when vectors have to be made: about 30 s, once for each text.

        Raises:
            ToolError: the encoder gives no answer.
        """
        async with self._learning:
            if self._encoder is not None and self._meaning is None:
                self._meaning = await by_meaning(
                    self._passages,
                    self._of.tolist(),
                    self._elsewhere,
                    self._encoder,
                    self._keep,
                    tell,
                )

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

    def names_in(self, text: str) -> list[str]:
        """Return the names of terms that a text holds, as the glossary spells them."""
        return self._words.names_in(text[:LONGEST])

    def is_about_course(self, found: Sequence[Found]) -> bool:
        """Whether what was found means that the question is about the course."""
        return is_about_course(found)

    def signs(self, question: str, vector: Vectors | None) -> tuple[float, ...]:
        """Return what tells whether a question is about the course; see `_likely`."""
        return _signs(self._words.shared(question), self._near(vector))

    def own(self, question: str, vector: Vectors | None) -> tuple[Scores, Near | None]:
        """Return how well each passage's own words fit, and how near the question is in meaning."""
        near = self._near(vector)
        return _own(self._words.shared(question), near), near

    async def _vector(self, text: str) -> Vectors | None:
        if self._meaning is None or self._encoder is None or not text.strip():
            return None
        try:
            vector: Vectors = (await self._encoder.encode([text]))[0]
        except ToolError:
            return None  # words alone still answer
        return vector

    def _near(self, vector: Vectors | None) -> Near | None:
        return None if vector is None or self._meaning is None else self._meaning.near(vector)

    def _scores(self, question: str, vector: Vectors | None) -> Scores:
        """Return a score for each passage: its source's, then its own among those of its source."""
        shared, near = self._words.shared(question), self._near(vector)
        sources, own = self._best(shared.passages), _own(shared, near)
        if near is not None:
            sources = WORDS * sources + MEANING * near.sources
        sources = sources + np.float32(OWN) * self._best(own)
        choice = own + np.float32(_lean(question, shared, near)) * self._defines
        behind = self._best(choice)[self._of] - choice
        scores = sources[self._of] - np.float32(OWN) * behind
        return _graded(scores, _likely(_signs(shared, near)))

    def _best(self, scores: Scores) -> Scores:
        """Return the best of each source's passages, shape (sources,)."""
        best = np.full(self._sources, -np.inf, np.float32)
        np.maximum.at(best, self._of, scores)
        return best


def is_about_course(found: Sequence[Found]) -> bool:
    """Whether what was found, best first, means that the question is about the course."""
    return bool(found) and found[0].score >= HALFWAY


def _own(shared: Shared, near: Near | None) -> Scores:
    return shared.own if near is None else WORDS * shared.own + MEANING * near.own


def _lean(question: str, shared: Shared, near: Near | None) -> float:
    """Return what is added to a definition's own score beside its term's written answers."""
    form = float(wants_definition(question))
    if form and shared.named > 1 - _ROUNDING:
        return NAME_ALONE
    if near is None:
        always, by_form = LEANS_BY_WORDS
        return always + by_form * form
    always, by_form, by_side = LEANS_BY_BOTH
    return always + by_form * form + by_side * near.defines


def _signs(shared: Shared, near: Near | None) -> tuple[float, ...]:
    """Return how near a question is to the course and to what isn't it, by words, by meaning."""
    best = float(shared.passages.max(initial=0))
    words = (best, shared.named, shared.course, shared.elsewhere)
    return words if near is None else (*words, near.course, near.elsewhere, near.side)


def _likely(signs: Sequence[float]) -> float:
    """Return how likely it is that a question is about the course, 0 to 1."""
    border, counts = BY_BOTH if len(signs) > len(BY_WORDS[1]) else BY_WORDS
    score = sum(count * sign for count, sign in zip(counts, signs, strict=True)) - border
    return 1 / (1 + math.exp(-score))


def _graded(scores: Scores, top: float) -> Scores:
    """Return scores whose best says how likely the question is about the course."""
    best = float(scores.max(initial=0.0))
    if best <= 0:
        return np.zeros_like(scores)
    graded: Scores = np.clip(scores, 0, None) / np.float32(best) * np.float32(top)
    return graded
