"""Text in columns of a monospace font: how wide it is, cut, filled, wrapped."""

import unicodedata

from tools.exhibit.direction import closed
from tools.exhibit.visible import SPACE

WIDTH = 42  # columns of a terminal's narrow half, and of a wide card
PHONE = 20  # of a card on a phone 360 points wide, beside a scrollbar; a browser test measures it

_STEADY = (  # blocks of Unicode whose signs a monospace font has, each one column wide
    range(0x20, 0x300),  # Latin
    range(0x370, 0x530),  # Greek, Cyrillic
    range(0x1E00, 0x2000),  # Latin and Greek with marks
    range(0x2010, 0x2070),  # dashes, quotes, …
    range(0x2070, 0x2300),  # small figures, arrows, signs of arithmetic
    range(0x2400, 0x2600),  # ␣, lines, bars, shapes
)
_STEADY_SIGNS = frozenset("⏎⇥␍◌�")


def columns(text: str) -> int:
    """Return how many columns a monospace font gives the text; wide signs take two."""
    return sum(_columns(character) for character in text)


def is_steady(text: str) -> bool:
    """Whether each sign surely takes the columns that `columns` counts.

    Fonts that stand in for a monospace one, as for Chinese, Arabic or emoji, keep to no columns:
    whatever follows such a text on its line stands somewhere else than in the next line.
    """
    return all(
        character in _STEADY_SIGNS or any(ord(character) in block for block in _STEADY)
        for character in text
    )


def clipped(text: str, width: int) -> str:
    """Return text cut to so many columns, not filled up."""
    return padded(text, width).rstrip()


def padded(text: str, width: int) -> str:
    """Return text cut (with …) or filled with spaces to exactly `width` columns."""
    if columns(text) <= width:
        return text + " " * (width - columns(text))
    kept, used = "", 0
    for character in text:
        if used + _columns(character) > width - 1:
            break
        kept, used = kept + character, used + _columns(character)
    return closed(kept) + "…" + " " * (width - 1 - used)


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """Return prose in lines of at most `width` columns; line ends in it are kept."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if line and columns(joined) > width:
                lines.append(line)
                joined = word
            line = joined
        lines.append(line)
    return lines


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" and character != SPACE else 1
