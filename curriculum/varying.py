"""The same question with other numbers: parts of a figure's argument, and how the prose shows them.

A part is named by its key, or by its place where the argument is a list.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Figures = Mapping[str, Callable[[Any], float]]  # what `computed:` may name, called with its `of:`


def part_of(of: Any, name: str) -> Any:
    """Return the part of an argument with this name.

    Raises:
        LookupError: there is none.
        ValueError: the argument is a list, and the name is no place in it.
    """
    return of[name] if isinstance(of, Mapping) else of[int(name)]


def with_parts(of: Any, parts: Mapping[str, float]) -> Any:
    """Return the argument with these parts instead of its own; raises as `part_of`."""
    if isinstance(of, Mapping):
        return {**of, **parts}
    changed = list(of)
    for name, value in parts.items():
        changed[int(name)] = value
    return changed


def shown_times(value: float, text: str) -> int:
    """Return how often a text shows a number: `512`, `62,000`, `0.6`."""
    return len(_numeral(value).findall(text))


def shown_as(text: str, value: float, other: float) -> str:
    """Return a text that shows another number in the place of one."""
    return _numeral(value).sub(f"{other:,.10g}", text)


def _numeral(value: float) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d.,]){re.escape(f'{value:,.10g}')}(?![\d]|[.,]\d)")
