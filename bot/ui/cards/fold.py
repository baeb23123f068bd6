"""What of a card stands above its first button: ten lines of a phone, and no pair torn."""

import re
from collections.abc import Collection, Sequence

from bot.ui.cards.kit import Button, Item, Picture, row
from curriculum.budgets import LINES_BEFORE_BUTTON, PHONE_WIDTH
from curriculum.lines import lines_of

MOST_LINES = LINES_BEFORE_BUTTON
_LINE_CHARS = 44  # of an instrument's own lines, which are made for a phone 360 points wide
_PICTURE_LINES = 8  # what a picture takes up, about
_FENCE = "```"
_UNSEEN = re.compile(r"^(?:#+|-#) |[*`\\\\]|\|\|", re.MULTILINE)  # of Markdown

CardPart = str | Picture


def fold(
    parts: Sequence[CardPart], leads: Collection[int] = ()
) -> tuple[list[CardPart], list[CardPart]]:
    """Return the parts above the first button and those below it, in their order.

    The first part that is to be looked at is always above: neither words alone nor at one of the
    places in `leads`, as a prompt's tokens are, which only lead there. A line that ends in a colon
    stays with what it announces.
    """
    return fold_after(parts, _first_shown(parts, leads), _LINE_CHARS)


def fold_after(
    parts: Sequence[CardPart], above: int, width: int = PHONE_WIDTH
) -> tuple[list[CardPart], list[CardPart]]:
    """Return the same, where the first `above` parts stand above in any case, and those alone."""
    while above < len(parts):
        group = _group(parts, above)
        if lines(parts[:group], width) > MOST_LINES:
            break
        above = group
    return list(parts[:above]), list(parts[above:])


def led(
    told: Sequence[str | None],
    shown: Sequence[CardPart | None],
    onward: Sequence[Button],
    aside: Sequence[Button],
) -> list[Item | str | Picture | None]:
    """Return a step's card: what is told, what is shown for it, and the buttons.

    The first two of what is told, the place and the heading, stand above all buttons. If not all
    is there by the tenth line, what leads aside comes then, and what leads on comes last: on a
    card that has grown, the end is what is in view.
    """
    words, rest = [part for part in told if part], [part for part in shown if part]
    if lines([*words, *rest], PHONE_WIDTH) <= MOST_LINES:
        return [*words, *rest, row([*onward, *aside])]
    above, below = fold_after(words, 2)
    if not aside:
        return [*above, row(onward), *below, *rest]
    return [*above, row(aside), *below, *rest, row(onward)]


def lines(parts: Sequence[CardPart], width: int = _LINE_CHARS) -> int:
    """Return about how many lines of a phone the parts take, `width` characters each."""
    return sum(_lines(part, width) for part in parts)


def _lines(part: CardPart, width: int) -> int:
    if isinstance(part, Picture):
        return _PICTURE_LINES
    if part.startswith(_FENCE):
        return part.count("\n") - 1
    return lines_of(_UNSEEN.sub("", part), width)


def _first_shown(parts: Sequence[CardPart], leads: Collection[int]) -> int:
    """Return the place after the first part that is to be looked at."""
    blocks = [n for n, part in enumerate(parts, 1) if not _is_words(part)]
    shown = [n for n in blocks if n - 1 not in leads]
    return (shown or blocks or [len(parts)])[0]


def _group(parts: Sequence[CardPart], start: int) -> int:
    """Return the place after the part at `start` and what it announces."""
    end = start + 1
    while end < len(parts) and _announces(parts[end - 1]):
        end += 1
    return end


def _is_words(part: CardPart) -> bool:
    return isinstance(part, str) and not part.startswith(_FENCE)


def _announces(part: CardPart) -> bool:
    return isinstance(part, str) and part.endswith(":")
