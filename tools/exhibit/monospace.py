"""Text in columns of a monospace font: how wide it is, cut, filled, wrapped."""

import unicodedata

from tools.exhibit.visible import SPACE

WIDTH = 42  # columns of a terminal's narrow half, and of a wide card


def columns(text: str) -> int:
    """Return how many columns a monospace font gives the text; wide signs take two."""
    return sum(_columns(character) for character in text)


def padded(text: str, width: int) -> str:
    """Return text cut (with …) or filled with spaces to exactly `width` columns."""
    if columns(text) <= width:
        return text + " " * (width - columns(text))
    kept, used = "", 0
    for character in text:
        if used + _columns(character) > width - 1:
            break
        kept, used = kept + character, used + _columns(character)
    return kept + "…" + " " * (width - 1 - used)


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
