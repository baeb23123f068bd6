r"""Output where the terminal, the pipe or the file isn't UTF-8: nothing is lost, nothing crashes.

Signs of ours get a plain twin; any other sign is written as its number, `\u2423`, so that what a
model or a learner wrote is still told apart.
"""

import codecs
import sys
from io import TextIOWrapper

_NAME = "hunch"
_TWINS = {
    **dict.fromkeys("−–‐‑", "-"),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("“”„", '"'),
    "—": "--",
    "…": "...",
    "·": "*",
    "•": "*",
    "×": "x",
    "÷": "/",
    "±": "+-",
    "→": "->",
    "▸": ">",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
}
_BLOCKS = range(0x2580, 0x25A0)  # of which bars are drawn


def write_plainly() -> None:
    """Let standard output and standard error write what their encoding lacks in another way."""
    codecs.register_error(_NAME, _instead)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def _instead(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(_twin, lacking)), error.end


def _twin(sign: str) -> str:
    if ord(sign) in _BLOCKS:
        return "#"
    return _TWINS.get(sign) or sign.encode("ascii", "backslashreplace").decode()
