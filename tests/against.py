"""What instruments are held against that isn't ours: a mark on a test, and a table of them all.

`@pytest.mark.against("attention", by="transformers' own weights")` stands on a test that compares
what an instrument shows with another's work; `within` is how near they must be where no number is
taken. `make verify` runs those tests alone and prints the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

_PROPERTY = "against"


@dataclass
class Differ:
    """Remembers the largest difference that a test has seen."""

    largest: float | None = None

    def __call__(self, found: Any, wanted: Any, *, is_relative: bool = False) -> float:
        """Return the largest difference between two runs of numbers, of one shape."""
        ours, theirs = (np.asarray(each, dtype=np.float64) for each in (found, wanted))
        assert ours.shape == theirs.shape
        apart = np.abs(ours - theirs)
        if is_relative:
            apart = apart / np.maximum(np.abs(theirs), 1e-300)
        largest = float(apart.max(initial=0.0))
        self.largest = max(largest, self.largest or 0.0)
        return largest


@dataclass
class Held:
    """All tests that hold an instrument against one other."""

    tests: int = 0
    failed: int = 0
    largest: float | None = None
    within: float | None = None


@dataclass
class Verified:
    """What the tests of a run have found, by instrument and what it is held against."""

    held: dict[tuple[str, str], Held] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one test; a number comes with its teardown, wherever it ran."""
        for name, value in report.user_properties:
            if name != _PROPERTY or report.when != "teardown":
                continue
            names, by, largest, within, has_failed = value
            for instrument in names:
                one = self.held.setdefault((instrument, by), Held())
                one.tests += 1
                one.failed += has_failed
                one.within = within
                if largest is not None:
                    one.largest = max(largest, one.largest or 0.0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table."""
        terminalreporter.section("held against what isn't ours")
        for line in table(self.held):
            terminalreporter.write_line(line)


def table(held: dict[tuple[str, str], Held]) -> list[str]:
    """Return the table's lines, by instrument."""
    rows = [("instrument", "held against", "tests", "largest difference")]
    rows += [
        (instrument, by, str(one.tests), difference(one))
        for (instrument, by), one in sorted(held.items())
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join((*map(str.ljust, row[:3], widths), row[3])).rstrip() for row in rows]


def difference(one: Held) -> str:
    """Return how far they are apart, in a word or a number."""
    if one.failed:
        return f"{one.failed} FAILED"
    if one.largest is not None:
        return f"{one.largest:.1e}" if one.largest else "0"
    return "none" if one.within is None else f"within {one.within:g}"


@pytest.fixture
def differ() -> Differ:
    """Takes the numbers of a test that is marked `against`."""
    return Differ()


@pytest.fixture(autouse=True)
def _tell_what_it_is_held_against(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hand what a test has found to the run that prints it."""
    mark = request.node.get_closest_marker("against")
    if mark is None:
        yield
        return
    taken = request.getfixturevalue("differ") if "differ" in request.fixturenames else Differ()
    failed = request.session.testsfailed
    yield
    within = mark.kwargs.get("within")
    has_failed = request.session.testsfailed > failed
    found = (list(mark.args), mark.kwargs["by"], taken.largest, within, has_failed)
    request.node.user_properties.append((_PROPERTY, found))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --verify."""
    parser.addoption("--verify", action="store_true", help="print what is held against what")


def pytest_configure(config: pytest.Config) -> None:
    """Print the table where it is asked for, and not in each worker."""
    if config.getoption("--verify") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Verified(), "verified")
