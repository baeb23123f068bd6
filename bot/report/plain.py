"""Outside text made harmless for pages, tables and cards."""

import html
import unicodedata

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_JOINERS = "\u200c\u200d"  # between letters of some scripts, and between emoji


def plain(text: str) -> str:
    """Return text without control and format characters, on one line.

    What turns the direction of text, ends lines or hides goes; the letters themselves stay.
    """
    spaced = "".join(" " if c.isspace() else c for c in text)
    kept = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(kept).split())


def escaped(text: str) -> str:
    """Return text for HTML, inside an element or a quoted attribute."""
    return html.escape(plain(text), quote=True)


def cell(text: str) -> str:
    """Return text for a table: what a spreadsheet would run as a formula begins with '."""
    raw = text.lstrip(" ")
    safe = plain(text)
    return f"'{safe}" if raw.startswith(_FORMULA) or safe.startswith(_FORMULA) else safe
