"""`python -m tests.eval.fit_search`: what each sign counts that a question is about the course.

A logistic regression on the sets that may be looked at and on the whole sentences of asked.yaml,
which the search is made without; on-course and off-course weigh the same. Copy what it prints into
`bot/agent/search/search.py`; the other sets then say how good that is.
"""

import asyncio
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.agent.search.search import CourseSearch
from curriculum.loader import load_course
from curriculum.schema import HowPeopleAsk
from tests.eval.questions import Part, off_course, on_course
from tests.fakes.encoders import sentence_encoder

LOOKED_AT: tuple[Part, ...] = ("tuned", "tried")
HELD_BACK = 1e-2  # how strongly large counts are held back
ROUNDS = 50  # of Newton's method

Floats = NDArray[np.float64]


async def main() -> None:
    course = load_course()
    asked, elsewhere = course.asking.asked, course.asking.elsewhere
    known = tuple(each.model_copy(update={"ways": without(each.ways)}) for each in asked)
    asking = HowPeopleAsk(asked=known, elsewhere=without(elsewhere))
    search = CourseSearch.of(course.model_copy(update={"asking": asking}), sentence_encoder())
    await search.learn_meanings()
    ours = [posed.text for part in LOOKED_AT for posed in on_course(part)]
    ours += [way for each in asked for way in each.ways if is_sentence(way)]
    others = [text for part in LOOKED_AT for text in off_course(part)]
    others += filter(is_sentence, elsewhere)
    for name, knows in (("BY_WORDS", False), ("BY_BOTH", True)):
        signs = [await _signs(search, texts, knows=knows) for texts in (ours, others)]
        border, counts = fitted(*signs)
        kept, left = (np.mean(each @ counts > border) for each in signs)
        print(name, round(border, 2), tuple(round(count, 2) for count in counts.tolist()))  # noqa: T201
        print(f"  of these: kept {kept:.1%}, left alone {1 - left:.1%}")  # noqa: T201


def without(phrases: Sequence[str]) -> tuple[str, ...]:
    """Return the phrases that are no whole sentences."""
    return tuple(each for each in phrases if not is_sentence(each))


def is_sentence(phrase: str) -> bool:
    return phrase[0].isupper() and phrase[-1] in "?."


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
