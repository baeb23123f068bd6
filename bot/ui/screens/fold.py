"""What of a card stands above its first button: ten lines of a phone, and no pair torn."""

from collections.abc import Sequence

from bot.ui.screens.kit import Picture

MOST_LINES = 10
_LINE_CHARS = 44  # of running text that a phone 360 points wide shows in a line
_PICTURE_LINES = 8  # what a picture takes up, about
_LEAD_LINES = 3  # a block this short, as a prompt's tokens, only leads to what is to be seen
_FENCE = "```"

Part = str | Picture


def fold(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Return the parts above the first button and those below it, in their order.

    The first part that is more than words, or more than a prompt's tokens, is always above; a line
    that ends in a colon stays with what it announces.
    """
    above = _first_shown(parts)
    while above < len(parts):
        group = _group(parts, above)
        if lines(parts[:group]) > MOST_LINES:
            break
        above = group
    return list(parts[:above]), list(parts[above:])


def lines(parts: Sequence[Part]) -> int:
    """Return about how many lines of a phone the parts take."""
    return sum(_lines(part) for part in parts)


def _lines(part: Part) -> int:
    if isinstance(part, Picture):
        return _PICTURE_LINES
    if part.startswith(_FENCE):
        return part.count("\n") - 1
    return sum(max(1, -(-len(line) // _LINE_CHARS)) for line in part.split("\n"))


def _first_shown(parts: Sequence[Part]) -> int:
    """Return the place after the first part that is to be looked at."""
    blocks = [n for n, part in enumerate(parts, 1) if not _is_words(part)]
    shown = [n for n in blocks if not _leads(parts[n - 1])]
    return next(iter((*shown, *blocks)), len(parts))


def _group(parts: Sequence[Part], start: int) -> int:
    """Return the place after the part at `start` and what it announces."""
    end = start + 1
    while end < len(parts) and _announces(parts[end - 1]):
        end += 1
    return end


def _is_words(part: Part) -> bool:
    return isinstance(part, str) and not part.startswith(_FENCE)


def _leads(part: Part) -> bool:
    return not isinstance(part, Picture) and _lines(part) <= _LEAD_LINES


def _announces(part: Part) -> bool:
    return isinstance(part, str) and _is_words(part) and part.endswith(":")
