"""`python -m tests.eval.fit_search`: what each sign counts that a question is about the course.

A logistic regression on the sets that may be looked at, on-course and off-course weighing the
same. Copy what it prints into `bot/agent/search.py`; the other sets then say how good that is.
"""

import asyncio

import numpy as np
from numpy.typing import NDArray

from bot.agent.search import CourseSearch
from curriculum.loader import load_course
from tests.encoders import cache_dir, sentence_encoder
from tests.eval.questions import Part, off_course, on_course

LOOKED_AT: tuple[Part, ...] = ("tuned", "tried")
HELD_BACK = 1e-2  # how strongly large counts are held back
ROUNDS = 50  # of Newton's method

Floats = NDArray[np.float64]


async def main() -> None:
    search = CourseSearch.of(load_course(), sentence_encoder(), cache_dir())
    await search.learn_meanings()
    ours = [posed.text for part in LOOKED_AT for posed in on_course(part)]
    others = [text for part in LOOKED_AT for text in off_course(part)]
    for name, knows in (("BY_WORDS", False), ("BY_BOTH", True)):
        signs = [await _signs(search, texts, knows=knows) for texts in (ours, others)]
        border, counts = fitted(*signs)
        print(name, round(border, 2), tuple(round(count, 2) for count in counts.tolist()))  # noqa: T201


async def _signs(search: CourseSearch, texts: list[str], *, knows: bool) -> Floats:
    vectors = await sentence_encoder().encode(texts)
    each = zip(texts, vectors if knows else [None] * len(texts), strict=True)
    return np.array([search.signs(text, vector) for text, vector in each])


def fitted(ours: Floats, others: Floats) -> tuple[float, Floats]:
    """Return the border and what each sign counts; shapes (questions, signs)."""
    signs = np.concatenate([ours, others])
    truth = np.repeat([1.0, 0.0], [len(ours), len(others)])
    weight = np.repeat([1 / len(ours), 1 / len(others)], [len(ours), len(others)])
    mean, spread = signs.mean(axis=0), signs.std(axis=0)
    scaled = np.column_stack([(signs - mean) / spread, np.ones(len(signs))])
    held = np.diag([*[HELD_BACK] * len(mean), 0.0])
    found = np.zeros(scaled.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-scaled @ found))
        slope = scaled.T @ (weight * (likely - truth)) + held @ found
        bend = (scaled * (weight * likely * (1 - likely))[:, None]).T @ scaled + held
        found -= np.linalg.solve(bend, slope)
    counts = found[:-1] / spread
    return float(counts @ mean - found[-1]), counts


if __name__ == "__main__":
    asyncio.run(main())
