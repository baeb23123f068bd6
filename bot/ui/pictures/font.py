"""The bundled font: which signs it has, and how wide text in it is."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

from tools.exhibit.drawn_text import one_line
from tools.exhibit.monospace import columns, padded

FILE = Path(__file__).parent / "fonts" / "HunchMono.ttf"
FAMILY = "Hunch Mono"
_ADVANCE = 0.563  # of the font's size, for every sign
_MISSING = "□"


def drawable(text: str) -> str:
    """Return text on one line, what hides in it shown, what the font lacks as □."""
    composed = unicodedata.normalize("NFC", one_line(text))
    return "".join(_sign(character) for character in composed)


def fitted(text: str, room: float, size: float) -> str:
    """Return drawable text, cut with … to at most `room` points at the given size."""
    shown = drawable(text)
    return padded(shown, max(1, int(room / (size * _ADVANCE)))).rstrip()


def text_width(text: str, size: float) -> float:
    """Return how many points drawable text takes."""
    return columns(text) * size * _ADVANCE


def _sign(character: str) -> str:
    if ord(character) in _covered():
        return character
    return "" if unicodedata.category(character) in {"Mn", "Me", "Cf"} else _MISSING


@cache
def _covered() -> frozenset[int]:
    """Return the code points that the font has a sign for.

    Source:
        OpenType 1.9.1, `cmap`, subtable format 12: groups of (first, last, glyph).
    """
    data = FILE.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    starts = {data[at : at + 4]: at for at in range(12, 12 + 16 * tables, 16)}
    cmap = struct.unpack_from(">I", data, starts[b"cmap"] + 8)[0]
    found: set[int] = set()
    for record in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        table = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * record + 4)[0]
        if struct.unpack_from(">H", data, table)[0] == 12:
            for group in range(struct.unpack_from(">I", data, table + 12)[0]):
                first, last = struct.unpack_from(">II", data, table + 16 + 12 * group)
                found.update(range(first, last + 1))
    return frozenset(found)
