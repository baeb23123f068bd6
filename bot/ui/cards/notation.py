"""What the signs on a card mean: one line for those who see them for the first time."""

import re
from collections.abc import Iterable

from bot.ui.cards.kit import Picture

FIRST_LESSON = 1  # its cards say what signs mean; later ones take it as known
_SIGNS = (
    (re.compile("␣"), "␣ is a space"),
    (re.compile("⏎"), "⏎ is a new line"),
    (re.compile(r"\S\|"), "| parts tokens"),
    (re.compile(r"‹(?!U\+|empty)[0-9a-f ]*+[^‹›0-9a-f ][^‹›]*›"), "‹ › is what was put on the end"),
    (re.compile("‹(?:[0-9a-f]{2} ?)+›"), "‹e8› is a byte, part of a character"),
    (
        re.compile(r"entropy .*bits"),
        "entropy is how open the choice was: 0 bits, no choice; at the most, all tokens alike",
    ),
    (re.compile(r"· kept ·"), "kept: the same was run before, so this is what it said then"),
    (re.compile(r"kept \d"), "kept is what the sampler may still draw from"),
)


def legend(parts: Iterable[str | Picture | None]) -> str | None:
    """Return the line for the signs that stand in these parts of a card; None where none does."""
    text = "\n".join(part for part in parts if isinstance(part, str))
    means = [meaning for sign, meaning in _SIGNS if sign.search(text)]
    return f"-# {' · '.join(means)}" if means else None
