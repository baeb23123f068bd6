"""The question an instrument puts before it shows anything: one tap, and its exhibit knows better.

A question holds for whatever is chosen on the instrument, and what is right is read off the
exhibit, never written down beforehand.
"""

import re
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tools.engine.base import Engine
from tools.exhibit.exhibit import Bars, Exhibit, Grid, Table

_QUANTITY = re.compile(r"([-−]?[\d,]*\.?\d+)\s*(kB|MB|GB|KiB|MiB|GiB)?")
_SIZES = {"kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """What is asked, and what can be tapped."""

    text: str
    options: tuple[str, ...]


Put = Callable[[Engine, Any], Awaitable[FirstQuestion]]  # of an engine and checked parameters
Right = Callable[[Exhibit], int | None]  # the place of what is right; None: it can't be told
Quantity = Callable[[Exhibit], float | None]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, or what makes one of the parameters; and where its answer stands."""

    put: FirstQuestion | Put
    right: Right


def asking(text: str, options: Sequence[str], reading: Quantity, bounds: Sequence[float]) -> Asking:
    """Return a question whose options are ranges of what can be read off the exhibit.

    Args:
        text: The question.
        options: A range each, from the lowest up: one more than there are bounds.
        reading: The quantity.
        bounds: Where the next range begins, rising.
    """
    if len(options) != len(bounds) + 1:
        raise ValueError(f"{len(options)} options need {len(options) - 1} bounds: {text}")

    def right(exhibit: Exhibit) -> int | None:
        found = reading(exhibit)
        return None if found is None else bisect_right(bounds, found)

    return Asking(FirstQuestion(text, tuple(options)), right)


def ranges(text: str, reading: Quantity, bounds: Sequence[float], unit: str = "") -> Asking:
    """Return a question whose options say their bounds: `under 10 %`, `10 to 30 %`, `30 % or more`.

    Args:
        text: The question.
        reading: The quantity, in the unit.
        bounds: Rising.
        unit: As it stands behind a number, with its blank.
    """
    shown = [f"{bound:,}" for bound in bounds]
    middle = [f"{low} to {high}{unit}" for low, high in pairwise(shown)]
    options = (f"under {shown[0]}{unit}", *middle, f"{shown[-1]}{unit} or more")
    return asking(text, options, reading, bounds)


def fact(name: str) -> Quantity:
    """Return what reads the number that a fact's value begins with; bytes of kB, MiB, in bytes."""

    def read(exhibit: Exhibit) -> float | None:
        found = [one.value for one in exhibit.facts if one.name == name]
        return quantity(str(found[0])) if found else None

    return read


def share_of(name: str) -> Quantity:
    """Return what reads a fact such as `29 of 30`, or `2 of 8 checked`, as a share of 1."""

    def read(exhibit: Exhibit) -> float | None:
        for one in exhibit.facts:
            if one.name == name and (
                parts := re.match(r"(\d+) of (\d+)", f"{one.value} {one.unit}")
            ):
                return int(parts[1]) / int(parts[2]) if int(parts[2]) else None
        return None

    return read


def over(above: Quantity, below: Quantity) -> Quantity:
    """Return what reads how many times one quantity is another."""

    def read(exhibit: Exhibit) -> float | None:
        one, other = above(exhibit), below(exhibit)
        return one / other if one is not None and other else None

    return read


def first_bar(exhibit: Exhibit) -> float | None:
    """Return the share of the first bar of all, in percent."""
    rows = [part.rows for part in exhibit.parts if isinstance(part, Bars)]
    return 100 * rows[0][0].share if rows and rows[0] else None


def cell(row: int, column: int) -> Quantity:
    """Return what reads the number in a cell of the first table."""

    def read(exhibit: Exhibit) -> float | None:
        tables = [part.rows for part in exhibit.parts if isinstance(part, Table)]
        try:
            return quantity(tables[0][row][column])
        except IndexError:
            return None

    return read


def lit_column(exhibit: Exhibit) -> int | None:
    """Return the column of the cell to look at in the first heat map."""
    grids = [part.lit for part in exhibit.parts if isinstance(part, Grid)]
    return grids[0][1] if grids and grids[0] else None


def lit_row(exhibit: Exhibit) -> int | None:
    """Return the row to look at in the first table."""
    tables = [part.lit for part in exhibit.parts if isinstance(part, Table)]
    return tables[0] if tables else None


def quantity(text: str) -> float | None:
    """Return the number that a text begins with, or None; `1.5 kB` is 1500, `33 %` is 33."""
    found = _QUANTITY.match(text.strip())
    if found is None:
        return None
    size = _SIZES.get(found[2] or "", 1)
    return float(found[1].replace(",", "").replace("−", "-")) * size
