"""How many lines of a phone a text takes."""

from textwrap import wrap

from curriculum import budgets


def lines_of(text: str, width: int = budgets.PHONE_WIDTH) -> int:
    """Return the lines, each empty one counted."""
    return sum(max(1, len(wrap(line, width))) for line in text.splitlines())
