"""Scores into probabilities, every column by itself: z, e^z, ÷Σ."""

import math
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from tools.asking import fact, ranges
from tools.engine.base import Engine
from tools.exhibit.exhibit import (
    Bar,
    Bars,
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Provenance,
    Table,
)
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.next_token import percent
from tools.knobs import that_fit
from tools.numerals import UnreadableNumber, entries_in, read_number

TOY = "cat 2.4, dog 1.6, ran 0.7, the -0.3, . -1.1"
MOST_SCORES = 12
MOST_SCORE = 20.0  # on either side of 0
_LABEL = 10


def scores_of(text: str) -> tuple[tuple[str, float], ...]:
    """Read `cat 2.4, dog 1.6`; a score alone is labelled by its place, from 1.

    Raises:
        ValueError: not two to twelve scores, or one that is no number from -20 to 20.
    """
    found = tuple(_score(piece, place) for place, piece in enumerate(entries_in(text), start=1))
    if not 2 <= len(found) <= MOST_SCORES:
        raise ValueError(f"give 2 to {MOST_SCORES} scores, like: cat 2.4, dog 1.6")
    return found


def _score(piece: str, place: int) -> tuple[str, float]:
    *label, number = piece.split()
    try:
        score = read_number(number).value
    except UnreadableNumber as unreadable:
        raise ValueError(f"{unreadable} Write like: cat 2.4, dog 1.6") from None
    if not abs(score) <= MOST_SCORE:  # so that NaN is refused too
        raise ValueError(f"{number} is not from -{MOST_SCORE:g} to {MOST_SCORE:g}")
    return " ".join(label)[:_LABEL] or str(place), score


def _readable(text: str) -> str:
    scores_of(text)
    return text


class Softmax(Params):
    """What a learner may choose."""

    scores: Annotated[str, Field(max_length=400), AfterValidator(_readable)] = Field(
        TOY, description="Tokens and their scores, like: cat 2.4, dog 1.6."
    )
    sharpness: Annotated[float, Field(ge=0.1, le=5)] = Field(
        1.0, description="What each score is multiplied by: 1 ÷ temperature."
    )


async def run(engine: Engine, params: Softmax) -> Exhibit:
    """Work the softmax out, column by column. No model is asked."""
    return exhibit(params)


def exhibit(params: Softmax) -> Exhibit:
    """Return the columns as a table, the probabilities as bars."""
    found = scores_of(params.scores)
    z = [score * params.sharpness for _, score in found]
    shares = probabilities(z)
    labels = [visible(label) for label, _ in found]
    bars = (Bar(label, share, percent(share)) for label, share in zip(labels, shares, strict=True))
    origin = Origin.ILLUSTRATIVE if params.scores == TOY else Origin.COMPUTED
    return Exhibit(
        title="Softmax, column by column",
        parts=(_table(labels, z, shares, params.sharpness), Bars(tuple(bars))),
        provenance=Provenance(origin),
        facts=facts(z, shares),
        controls=_controls(params),
    )


def probabilities(z: Sequence[float]) -> list[float]:
    """Return e^z ÷ Σ e^z.

    Args:
        z: Any real numbers, shape (tokens,).

    Returns:
        Shape (tokens,), summing to 1.

    Source:
        Goodfellow et al. 2016, *Deep Learning*, eq. 4.1.
    """
    top = max(z)  # so that exp() cannot overflow
    powers = [math.exp(score - top) for score in z]
    return [power / sum(powers) for power in powers]


def facts(z: Sequence[float], shares: Sequence[float]) -> tuple[Fact, ...]:
    """Return the sum, how far ahead the first is, and how open the choice is."""
    first, second = sorted(z, reverse=True)[:2]
    entropy = -sum(share * math.log2(share) for share in shares if share > 0)
    return (
        Fact("Σ e^z", _power(sum(math.exp(score) for score in z))),
        Fact("first ÷ second", _power(math.exp(first - second)), "times"),
        Fact("entropy", round(entropy, 2), f"bits of {math.log2(len(z)):.2f}"),
    )


def _table(
    labels: Sequence[str], z: Sequence[float], shares: Sequence[float], sharpness: float
) -> Table:
    rows = tuple(
        (label, f"{score:.3g}", _brief(math.exp(score)), f"{share:.3f}")
        for label, score, share in zip(labels, z, shares, strict=True)
    )
    total = ("Σ", "", _brief(sum(math.exp(score) for score in z)), "1")
    scaled = "z" if sharpness == 1 else f"{sharpness:g}z"
    power = "e^z" if sharpness == 1 else f"e^{sharpness:g}z"
    return Table(("", scaled, power, "÷Σ=p"), (*rows, total))


def _brief(value: float) -> str:
    """Return e^z in about five signs, so that all columns fit a phone."""
    if 10 <= value < 10_000:
        return f"{value:.0f}" if value >= 1000 else f"{value:.{2 if value < 100 else 1}f}"
    return _power(value)


def _power(value: float) -> str:
    """Return e^z with three decimals, or as a power of ten where it needs that."""
    if 0.001 <= value < 10_000:
        return f"{value:.3f}"
    return f"{value:.1e}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")


def _controls(params: Softmax) -> tuple[Control, ...]:
    return that_fit(
        params,
        Knob("Sharpen ×2", "sharpness", f"{params.sharpness * 2:g}", is_main=True),
        Knob("Flatten ÷2", "sharpness", f"{params.sharpness / 2:g}"),
        Knob("As it was", "sharpness", "1"),
        Entry("Own scores", "scores", 400),
    )


INSTRUMENT = Instrument(
    name="softmax",
    line="Scores into probabilities, every column by itself; sharpen, flatten, or bring your own.",
    topic=Topic.CHOICE,
    lesson=6,
    params=Softmax,
    run=run,
    asks=ranges(
        "How many times as probable is the first as the second?",
        fact("first ÷ second"),
        (1.5, 2, 3),
        " times",
    ),
    sees="Scores in, shares out: they sum to 1.",
    tries=(Try("sharpness", "the first takes nearly all"),),
)
