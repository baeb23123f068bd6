"""Pixels as a PNG file, packed fast rather than small.

isal packs in a tenth of zlib's time, and smaller; zlib stands in where it has no wheel.
"""

import struct
import zlib
from collections.abc import Callable
from functools import cache

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LEVEL = 1  # of deflate: with zlib a third of the default's time, a third more bytes


def png(rgba: bytes, width: int, height: int) -> bytes:
    """Return pixels, row by row, as PNG.

    Args:
        rgba: Four bytes a pixel, shape (height, width, 4).
        width: In pixels.
        height: In pixels.

    Source:
        PNG, third edition (W3C 2025), 5.2 to 5.6: signature, IHDR, IDAT, IEND.
    """
    row = 4 * width
    lines = b"".join(b"\0" + rgba[at : at + row] for at in range(0, len(rgba), row))  # 0: no filter
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # 8 bits a channel, RGBA
    pixels = _chunk(b"IDAT", deflater()(lines, _LEVEL))
    return _SIGNATURE + _chunk(b"IHDR", header) + pixels + _chunk(b"IEND", b"")


@cache
def deflater() -> Callable[[bytes, int], bytes]:
    """Return what packs bytes as zlib does, at a level."""
    try:
        from isal.isal_zlib import compress
    except ModuleNotFoundError:
        from zlib import compress
    return compress


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
