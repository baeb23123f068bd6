"""One measured number and what it should be."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("discord.py", "simcord", "SQLAlchemy", "openai", "torch", "transformers")


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of some runs.

    Attributes:
        name: What was measured.
        value: In `unit`.
        unit: "ms", "s", "MB", "×" or what is counted.
        most: The goal: no more than this; None where there is none.
        runs: What each run gave, in order.
    """

    name: str
    value: float
    unit: str
    most: float | None = None
    runs: tuple[float, ...] = ()

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        return None if self.most is None else self.value <= self.most


def of_runs(name: str, runs: Sequence[float], unit: str, most: float | None = None) -> Figure:
    """Return the median of the runs as a figure."""
    return Figure(name, median(runs), unit, most, tuple(runs))


def write(name: str, figures: Sequence[Figure], folder: Path = RESULTS) -> Path:
    """Write a bench's figures, with the machine they were measured on, as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    rows = [asdict(figure) | {"is_met": figure.is_met} for figure in figures]
    file.write_text(json.dumps({"bench": name, "machine": machine(), "figures": rows}, indent=1))
    return file


def machine() -> dict[str, object]:
    """Return what the figures depend on besides the code."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as lines of text: name, figure, unit, goal, met?"""
    rows = [("figure", "measured", "unit", "goal", "met?")]
    for figure in figures:
        goal = "" if figure.most is None else f"<= {figure.most:g}"
        met = {True: "yes", False: "NO", None: ""}[figure.is_met]
        rows.append((figure.name, f"{figure.value:.2f}", figure.unit, goal, met))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, value, *rest = row
    cells = [name.ljust(widths[0]), value.rjust(widths[1])]
    cells += [text.ljust(width) for text, width in zip(rest, widths[2:], strict=True)]
    return "  ".join(cells).rstrip()
