"""Fit the `calibration` of the grader's language file: `python -m tests.eval.fit_grading`.

Logistic regression over the window that speaks most for a criterion (multiple-instance: the window
is chosen anew after each fit), on the half of the labelled set that is for it, the rubric whole
and thinned to four phrases, so that the weights don't lean on how many an author wrote. Prints what
to paste.
"""

import asyncio
import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.agent.grading.encoding import BothEncoder, WordEncoder
from bot.agent.grading.features import NAMES, compare
from bot.agent.grading.language.language import Language
from bot.agent.grading.rubric import measure
from bot.agent.grading.windows import windows
from bot.agent.vectors import Encoder
from bot.settings import Settings
from bot.wiring.engines import build_encoder
from curriculum.kinds.teachback import Criterion
from tests.eval.grading import Labelled, labels

RIDGE, ROUNDS, STEPS = 2.0, 6, 50
START = np.array([3.0, 3.0, 3.0, 1.0, 6.0])
THINNED_TO = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bag:
    """All windows of one teach-back beside one criterion."""

    compared: Floats
    is_met: bool


async def bags(
    rows: tuple[Labelled, ...],
    criteria: tuple[Criterion, ...],
    encoder: Encoder,
    language: Language,
) -> list[Bag]:
    """Compare each teach-back with each criterion."""
    measured, found = await measure(criteria, encoder, language), []
    for row in rows:
        claimed = windows(row.said, language)
        if not claimed:
            continue
        vectors = await encoder.encode([window.text for window in claimed])
        for one in measured:
            is_met = one.criterion.id in row.met
            found.append(Bag(compare(claimed, vectors, one), is_met))
    return found


def thinned(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    """Leave each criterion a few phrases, the same ones each time."""

    def some(one: Criterion, phrases: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(random.Random(one.id).sample(phrases, min(THINNED_TO, len(phrases))))

    return tuple(
        one.model_copy(
            update={"counts": some(one, one.counts), "near_misses": some(one, one.near_misses)}
        )
        for one in criteria
    )


def fit(found: list[Bag]) -> tuple[Floats, float]:
    """Return weights and bias."""
    wanted = np.array([bag.is_met for bag in found], float)
    everything = np.concatenate([bag.compared for bag in found])
    middle, spread = everything.mean(0), everything.std(0) + 1e-6
    weights, bias = START, 0.0
    for _ in range(ROUNDS):
        chosen = np.stack([bag.compared[np.argmax(bag.compared @ weights)] for bag in found])
        scaled = np.c_[(chosen - middle) / spread, np.ones(len(chosen))]
        solved = _newton(scaled, wanted)
        weights = solved[:-1] / spread
        bias = float(solved[-1] - (weights * middle).sum())
    return weights, bias


def _newton(scaled: Floats, wanted: Floats) -> Floats:
    ridge = RIDGE * np.r_[np.ones(scaled.shape[1] - 1), 0]
    solved = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-scaled @ solved))
        bend = (scaled.T * (chance * (1 - chance) + 1e-6)) @ scaled + np.diag(ridge)
        solved = solved + np.linalg.solve(bend, scaled.T @ (wanted - chance) - ridge * solved)
    return solved


async def main() -> None:
    """Fit both sets of weights and print them."""
    known, meaning = labels(), build_encoder(Settings())
    language = known.language
    ways = {"meaning": BothEncoder(meaning, language), "words": WordEncoder(language)}
    for name, encoder in ways.items():
        criteria = known.step.criteria
        whole = await bags(known.fitted, criteria, encoder, language)
        few = await bags(known.fitted, thinned(criteria), encoder, language)
        weights, bias = fit(2 * whole + few)
        fitted = dict(zip((*NAMES, "bias"), (*weights, bias), strict=True))
        shown = ", ".join(f"{key}: {value:.2f}" for key, value in fitted.items())
        print(f"  {name}:\n    {{{shown}}}")  # noqa: T201 - a program that prints
    meaning.close()


if __name__ == "__main__":
    asyncio.run(main())
