"""`python -m tests.eval.fit_passages`: what leans the choice towards a definition in its source.

Logistic regression on the second and third ways of asking for each passage, held back in turn; the
first ways, which `python -m tests.eval passages` measures, stay untouched. Copy what it prints into
`bot/agent/search/search.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable

import numpy as np
from numpy.typing import NDArray

from bot.agent.search.search import CourseSearch
from bot.agent.search.wanting import wants_definition
from curriculum.loader import load_course
from tests.eval.passages import held_back
from tests.fakes.encoders import cache_dir, sentence_encoder

Floats = NDArray[np.float64]

TURNS = (1, 2)
HELD_BACK = 1e-3  # how strongly large counts are held back
ROUNDS, STEP = 200, 0.5  # of Newton's method


async def main() -> None:
    for name, knows in (("LEANS_BY_WORDS", False), ("LEANS_BY_BOTH", True)):
        posed = [one for turn in TURNS async for one in _posed(turn, knows=knows)]
        counts = fitted(posed)
        print(name, tuple((counts[1:] / counts[0]).round(2).tolist()), f"from {len(posed)}")  # noqa: T201


async def _posed(turn: int, *, knows: bool) -> AsyncIterator[tuple[Floats, Floats]]:
    """Yield each question's signs, shape (passages of its source, signs), and which is right."""
    course = load_course()
    kept, held = held_back(course, turn)
    search = CourseSearch(kept, sentence_encoder(), cache_dir(), course.asking.elsewhere)
    await search.learn_meanings()
    for passage in (each for kind in held.values() for each in kind):
        (question,) = passage.asked
        vector = (await sentence_encoder().encode([question]))[0] if knows else None
        best = search.rank(question, vector, 1)
        if best and best[0].passage.source == passage.source:
            own, near = search.own(question, vector)
            beside = [i for i, each in enumerate(kept) if each.source == passage.source]
            defines = np.array([bool(kept[i].names) for i in beside], float)
            signs = [1.0, float(wants_definition(question)), *([near.defines] if near else [])]
            right = np.array([kept[i].text == passage.text for i in beside], float)
            yield np.column_stack([own[beside], *(defines * sign for sign in signs)]), right


def fitted(posed: Iterable[tuple[Floats, Floats]]) -> Floats:
    """Return what each sign counts, so that the right passages are as likely as can be."""
    each = list(posed)
    found = np.zeros(each[0][0].shape[1])
    for _ in range(ROUNDS):
        slope, bend = -HELD_BACK * found, HELD_BACK * np.eye(len(found))
        for signs, right in each:
            likely = np.exp(signs @ found)
            likely /= likely.sum()
            wanted = likely * right / (likely * right).sum()
            apart = signs - likely @ signs
            slope += signs.T @ (wanted - likely) / len(each)
            bend += (apart * likely[:, None]).T @ apart / len(each)
        found += STEP * np.linalg.solve(bend, slope)
    return found


if __name__ == "__main__":
    asyncio.run(main())
