"""How a model is told where a token stands: sinusoids added, or angles turned (rotary)."""

import math
from typing import Annotated, Literal

from pydantic import Field

from tools.asking import fact, ranges
from tools.engine.base import Engine
from tools.exhibit.exhibit import (
    Control,
    Exhibit,
    Fact,
    Grid,
    Knob,
    Origin,
    Part,
    Prose,
    Provenance,
    Table,
)
from tools.instrument import Instrument, Params, Topic, Try
from tools.knobs import menu, that_fit

_PAIRS_SHOWN = 5
BASES = {
    "10": "too small: places repeat soon",
    "100": "small",
    "1000": "",
    "10000": "Vaswani et al.; GPT-NeoX, Llama 2",
    "100000": "SmolLM2",
    "500000": "Llama 3",
    "1000000": "Qwen2.5",
}


class Positions(Params):
    """What a learner may choose."""

    base: Annotated[float, Field(ge=2, le=10_000_000)] = Field(
        10_000.0, description="The larger, the slower the slowest pair turns."
    )
    length: Annotated[int, Field(ge=2, le=128)] = Field(
        32, description="How many positions to show."
    )
    width: Annotated[int, Field(ge=4, le=64, multiple_of=2)] = Field(
        32, description="How many numbers a position is told in; two make a pair."
    )
    kind: Literal["sinusoidal", "rotary"] = Field(
        "sinusoidal", description="Waves that are added, or angles that are turned by."
    )


async def run(engine: Engine, params: Positions) -> Exhibit:
    """Work the positions out. No model is asked."""
    return exhibit(params)


def exhibit(params: Positions) -> Exhibit:
    """Return the waves as a heat map, or the angles of a few pairs."""
    sinusoidal = params.kind == "sinusoidal"
    parts: tuple[Part, ...] = (
        (grid(params), Prose(_WAVES)) if sinusoidal else (angles(params), Prose(_ROTARY))
    )
    return Exhibit(
        title="Positions as waves" if sinusoidal else "Positions as angles",
        parts=parts,
        provenance=Provenance(Origin.COMPUTED),
        facts=facts(params),
        controls=_controls(params),
    )


def speeds(base: float, width: int) -> list[float]:
    """Return how fast each pair turns, in radians a position, fastest first, shape (width / 2,).

    Source:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5; the same in Su et al. 2021,
        arXiv:2104.09864, section 3.2.2.
    """
    return [base ** (-2 * pair / width) for pair in range(width // 2)]


def sinusoid(position: int, base: float, width: int) -> list[float]:
    """Return what is added to the vector at a position: sine and cosine of each pair's angle."""
    turned = [position * speed for speed in speeds(base, width)]
    return [wave for angle in turned for wave in (math.sin(angle), math.cos(angle))]


def rotated(pair: tuple[float, float], angle: float) -> tuple[float, float]:
    """Return two numbers of a query or key, turned by an angle in radians."""
    x, y = pair
    sine, cosine = math.sin(angle), math.cos(angle)
    return x * cosine - y * sine, x * sine + y * cosine


def grid(params: Positions) -> Grid:
    """Return the waves: a row a position, a column a number."""
    return Grid(
        values=tuple(
            tuple(sinusoid(position, params.base, params.width))
            for position in range(params.length)
        ),
        rows=tuple(str(position) for position in range(params.length)),
        columns=tuple(str(number) for number in range(params.width)),
        low=-1.0,
        high=1.0,
        row_title="position",
        column_title="number of the vector",
    )


def angles(params: Positions) -> Table:
    """Return how far a few pairs are turned: by one place, and at the last position."""
    every = speeds(params.base, params.width)
    last = params.length - 1
    step = (len(every) - 1) / (_PAIRS_SHOWN - 1)
    chosen = sorted({round(place * step) for place in range(_PAIRS_SHOWN)})
    rows = tuple(
        (str(pair), _degrees(every[pair]), _degrees(every[pair] * last), _places(every[pair]))
        for pair in chosen
    )
    return Table(("", "by 1", f"at {last}", "full"), rows)


def facts(params: Positions) -> tuple[Fact, ...]:
    """Return how many places the fastest and the slowest pair take for a full turn."""
    every = speeds(params.base, params.width)
    return (
        Fact("base", params.base),
        Fact("fastest pair turns in", _rounded(math.tau / every[0]), "positions"),
        Fact("slowest", _rounded(math.tau / every[-1]), "positions"),
    )


_WAVES = (
    "A row is what is added to the vector at one position. Left, the waves are fast and tell "
    "neighbours apart; right, they are slow and tell far from near."
)
_ROTARY = (
    "A query and a key are turned, pair by pair, by their own position's angle. Between two tokens "
    "only the difference is left: 3 and 5 meet as 103 and 105 do."
)


def _rounded(places: float) -> float:
    return round(places, 2 if places < 100 else 0)


def _degrees(angle: float) -> str:
    """Return an angle within one turn, in at most five columns."""
    degrees = math.degrees(angle) % 360
    if degrees >= 1:
        return f"{degrees:.3g}°"
    return f"{degrees:.2f}°" if degrees >= 0.005 or degrees == 0 else "~0°"


def _places(speed: float) -> str:
    places = math.tau / speed
    for size, sign in ((1e6, "M"), (1e3, "k")):
        if places >= size:
            return (
                f"{places / size:.2g}{sign}"
                if places < 100 * size
                else f"{places / size:.0f}{sign}"
            )
    return f"{places:.3g}"


def _controls(params: Positions) -> tuple[Control, ...]:
    is_rotary = params.kind == "rotary"
    return that_fit(
        params,
        Knob(
            "As waves" if is_rotary else "As angles (rotary)",
            "kind",
            "sinusoidal" if is_rotary else "rotary",
            is_main=True,
        ),
        Knob("Twice as long", "length", str(params.length * 2)),
        Knob("Half as long", "length", str(params.length // 2)),
        menu("Base", "base", BASES, params.base),
    )


INSTRUMENT = Instrument(
    name="positions",
    line="How a model is told where a token stands: waves that are added, angles that are turned.",
    topic=Topic.VECTORS,
    lesson=4,
    params=Positions,
    run=run,
    asks=ranges(
        "How far until the slowest wave has turned once?",
        fact("slowest"),
        (100, 10_000, 1_000_000),
        " positions",
    ),
    sees="Each row is a position: no two are alike.",
    tries=(
        Try("kind", "the same, as rotary models do it"),
        Try("base", "slower waves reach further"),
    ),
)
