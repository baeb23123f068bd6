"""One measured number and what it should be."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles

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
        least: The goal: no less than this.
        note: What else there is to say.
    """

    name: str
    value: float
    unit: str
    most: float | None = None
    runs: tuple[float, ...] = ()
    least: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.most is None and self.least is None:
            return None
        is_low = self.most is None or self.value <= self.most
        return is_low and (self.least is None or self.value >= self.least)

    @property
    def p95(self) -> float | None:
        """What 95 of 100 runs stay below; None where there are too few to tell."""
        return quantiles(self.runs, n=20)[-1] if len(self.runs) >= 5 else None

    @property
    def goal(self) -> str:
        """The goal in signs; empty where there is none."""
        told = [f"<= {self.most:g}" if self.most is not None else ""]
        told += [f">= {self.least:g}" if self.least is not None else ""]
        return " ".join(filter(None, told))


def of_runs(
    name: str,
    runs: Sequence[float],
    unit: str,
    most: float | None = None,
    least: float | None = None,
) -> Figure:
    """Return the median of the runs as a figure."""
    return Figure(name, median(runs), unit, most, tuple(runs), least)


def write(name: str, figures: Sequence[Figure], folder: Path = RESULTS) -> Path:
    """Write a bench's figures, with the machine they were measured on, as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    rows = [asdict(figure) | {"is_met": figure.is_met, "p95": figure.p95} for figure in figures]
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
    """Return the figures as lines of text: name, figure, p95, unit, goal, met?, note."""
    rows = [("figure", "measured", "p95", "unit", "goal", "met?", "")]
    for figure in figures:
        met = {True: "yes", False: "NO", None: ""}[figure.is_met]
        p95 = "" if figure.p95 is None else f"{figure.p95:.2f}"
        row = (figure.name, f"{figure.value:.2f}", p95, figure.unit, figure.goal, met, figure.note)
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, value, p95, *rest = row
    cells = [name.ljust(widths[0]), value.rjust(widths[1]), p95.rjust(widths[2])]
    cells += [text.ljust(width) for text, width in zip(rest, widths[3:], strict=True)]
    return "  ".join(cells).rstrip()
