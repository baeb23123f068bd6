"""The table of `make verify`, and that no instrument is missing from it."""

import ast
from pathlib import Path

from tests.against import Differ, Held, table
from tools.catalogue import INSTRUMENTS

TESTS = Path(__file__).parent


def marked() -> set[str]:
    """Each instrument that a test holds against something."""
    found = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.against":
                found |= {ast.literal_eval(argument) for argument in node.args}
    return found


def test_every_instrument_is_held_against_something() -> None:
    assert marked() == set(INSTRUMENTS)


def test_the_largest_difference_is_kept() -> None:
    differ = Differ()
    assert differ([1.0, 2.0], [1.0, 2.5]) == 0.5
    assert differ([100.0], [99.0], is_relative=True) == 1 / 99
    assert differ.largest == 0.5


def test_the_table_tells_numbers_bounds_and_failures() -> None:
    held = {
        ("b", "numpy"): Held(tests=2, largest=0.00031),
        ("a", "ids"): Held(tests=3),
        ("a", "a loop"): Held(tests=1, within=1e-6),
        ("c", "numpy"): Held(tests=2, failed=1, largest=0.5),
    }
    assert table(held) == [
        "instrument  held against  tests  largest difference",
        "a           a loop        1      within 1e-06",
        "a           ids           3      none",
        "b           numpy         2      3.1e-04",
        "c           numpy         2      1 FAILED",
    ]
