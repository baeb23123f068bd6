"""The smallest model there is, y = a·x + b: two knobs, an error, and gradient descent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from tools.asking import asking, fact
from tools.engine.base import Engine
from tools.exhibit.exhibit import (
    Control,
    Curve,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Part,
    Provenance,
    Series,
    Table,
)
from tools.instrument import Instrument, Params, Topic, Try, Turning, set_parameter
from tools.knobs import that_fit

# made up around y = 1.5·x + 2, each a little off
POINTS = ((0.0, 2.4), (1.0, 3.1), (2.0, 5.3), (3.0, 6.2), (4.0, 8.3), (5.0, 9.2))
RATE = 0.05  # steps grow instead of shrinking above 0.101, for these points
_DECIMALS = 4  # of what is kept of a knob's place
_TURN, _SHIFT, _STEPS = 0.25, 0.5, 10


@dataclass(frozen=True, slots=True)
class StraightLine:
    """y = a·x + b."""

    a: float
    b: float

    def at(self, x: float) -> float:
        """Return y."""
        return self.a * x + self.b


class Fit(Params):
    """What a learner may choose."""

    a: Annotated[float, Field(ge=-10, le=10)] = Field(0.0, description="How steep the line is.")
    b: Annotated[float, Field(ge=-20, le=20)] = Field(0.0, description="Where it starts, at x = 0.")
    descend: Annotated[int, Field(ge=0, le=500)] = Field(
        0, description="Steps of gradient descent to take from there."
    )


async def run(engine: Engine, params: Fit) -> Exhibit:
    """Draw the line over the points, with its error. No model is asked."""
    return exhibit(params)


async def turn(engine: Engine, params: Fit, turning: Turning) -> Params:
    """Turn a knob from where descent has brought the line, not from where it began."""
    return await set_parameter(settled(params), turning)


def settled(params: Fit) -> Fit:
    """Return the knobs as descent leaves them, with no step left to take."""
    line = path(params)[-1]
    return Fit(a=round(line.a, _DECIMALS), b=round(line.b, _DECIMALS), descend=0)


def exhibit(params: Fit) -> Exhibit:
    """Return the points and the line, row by row, and how the error fell if descent was taken."""
    lines = path(params)
    line = lines[-1]
    parts: list[Part] = [_curve(line), _table(line)]
    if params.descend:
        parts.append(_fall([error(one) for one in lines]))
    return Exhibit(
        title=f"y = {line.a:.2f}·x {'-' if line.b < 0 else '+'} {abs(line.b):.2f}",
        parts=tuple(parts),
        provenance=Provenance(Origin.ILLUSTRATIVE),
        facts=facts(lines),
        controls=_controls(params),
    )


def error(line: StraightLine, points: Sequence[tuple[float, float]] = POINTS) -> float:
    """Return the mean of the squared misses."""
    return sum((line.at(x) - y) ** 2 for x, y in points) / len(points)


def slope(
    line: StraightLine, points: Sequence[tuple[float, float]] = POINTS
) -> tuple[float, float]:
    """Return how fast the error grows with a, and with b.

    Source:
        The derivatives of `error`: 2·mean(miss·x) and 2·mean(miss).
    """
    misses = [(x, line.at(x) - y) for x, y in points]
    in_a = 2 * sum(miss * x for x, miss in misses) / len(points)
    in_b = 2 * sum(miss for _, miss in misses) / len(points)
    return in_a, in_b


def path(params: Fit) -> list[StraightLine]:
    """Return the line before descent and after each of its steps."""
    lines = [StraightLine(params.a, params.b)]
    for _ in range(params.descend):
        in_a, in_b = slope(lines[-1])
        lines.append(StraightLine(lines[-1].a - RATE * in_a, lines[-1].b - RATE * in_b))
    return lines


def facts(lines: Sequence[StraightLine]) -> tuple[Fact, ...]:
    """Return the error, its slopes, and what it was before descent."""
    in_a, in_b = slope(lines[-1])
    before = Fact("before", round(error(lines[0]), 3))
    return (
        Fact("error", round(error(lines[-1]), 3), "mean squared miss"),
        *((before,) if len(lines) > 1 else ()),
        Fact("slope in a", round(in_a, 2)),
        Fact("slope in b", round(in_b, 2)),
    )


def _curve(line: StraightLine) -> Curve:
    fitted = tuple((x, round(line.at(x), 3)) for x, _ in POINTS)
    return Curve((Series("points", POINTS, is_joined=False), Series("line", fitted)), "x", "y")


def _table(line: StraightLine) -> Table:
    rows = tuple(
        (f"{x:g}", f"{y:g}", f"{line.at(x):.1f}", f"{(line.at(x) - y) ** 2:.1f}") for x, y in POINTS
    )
    return Table(("x", "y", "line", "miss²"), rows)


def _fall(errors: Sequence[float]) -> Curve:
    points = tuple((float(step), round(value, 4)) for step, value in enumerate(errors))
    return Curve((Series("error", points),), "step", "error", has_dots=False)


def _controls(params: Fit) -> tuple[Control, ...]:
    now = settled(params)
    return that_fit(
        now,
        Knob("Descend", "descend", str(_STEPS), is_main=True),
        Knob("a +", "a", f"{now.a + _TURN:.4g}"),
        Knob("a -", "a", f"{now.a - _TURN:.4g}"),
        Knob("b +", "b", f"{now.b + _SHIFT:.4g}"),
        Knob("b -", "b", f"{now.b - _SHIFT:.4g}"),
        Entry("Set a", "a", 8),
        Entry("Set b", "b", 8),
    )


def _pull(exhibit: Exhibit) -> float | None:
    slopes = [fact(f"slope in {knob}")(exhibit) for knob in "ab"]
    a, b = (abs(slope) if slope is not None else None for slope in slopes)
    return a / b if a is not None and b else None


INSTRUMENT = Instrument(
    name="fit",
    line="y = a·x + b: turn two knobs, watch the error; then let gradient descent turn them.",
    topic=Topic.TRAINING,
    lesson=2,
    params=Fit,
    run=run,
    asks=asking(
        "Which knob pulls harder at the error now?",
        ("b, the offset", "a, the slope"),
        _pull,
        (1,),
    ),
    turn=turn,
    sees="The line should pass through the dots.",
    tries=(
        Try("descend", "each step goes downhill on the error"),
        Try("a", "turn the slope by hand"),
    ),
)
