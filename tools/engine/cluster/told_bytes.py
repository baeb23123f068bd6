"""The bytes of tokens, as a server's answers tell them. Pure.

A piece such as `Ġthe` says nothing by itself: one family writes bytes that way, another would write
that word. The text that was cut into the pieces settles it: only under the right reading do they
spell it.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.engine.byte_signs import piece_bytes

PieceReading = Callable[[str], bytes | None]  # of a piece; None: it can't be read so
_MOST_CONTROL = 2  # tokens that a tokenizer puts before a text, or behind it
_FALLBACK = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_META = "▁"  # SentencePiece's space


def sentence_bytes(piece: str) -> bytes | None:
    """Return the bytes of a SentencePiece vocabulary's piece."""
    if spelt := _FALLBACK.fullmatch(piece):
        return bytes.fromhex(spelt[1])
    return piece.replace(_META, " ").encode("utf-8", "surrogatepass")


READINGS: tuple[PieceReading, ...] = (piece_bytes, sentence_bytes)


@dataclass(frozen=True, slots=True)
class ProvedPieces:
    """Pieces whose reading is proved.

    Attributes:
        raw: Their bytes; None for what the tokenizer put before the text, or behind it.
        reading: The one that did it; None where each would have.
    """

    raw: tuple[bytes | None, ...]
    reading: PieceReading | None


def spelt_by(pieces: Sequence[str], text: str) -> ProvedPieces | None:
    """Return the bytes of the pieces that a text was cut into; None where they don't spell it.

    Args:
        pieces: As the vocabulary has them, in order.
        text: What was cut. A tokenizer may have composed or decomposed it first.
    """
    forms = dict.fromkeys(
        (text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFKC", "NFD", "NFKD")))
    )
    for form in forms:
        goal = form.encode("utf-8", "surrogatepass")
        found = [(reading, _aligned(pieces, goal, reading)) for reading in READINGS]
        fits = [(reading, raw) for reading, raw in found if raw is not None]
        if fits:
            reading, raw = fits[0]
            return ProvedPieces(raw, reading if len(fits) == 1 else None)
    return None


def doubled(text: str) -> str | None:
    """Return what a token adds to a text, from the text of that token twice in a row.

    SentencePiece's decoders drop the space that comes first, so the text of one alone lacks it.
    None where it isn't one thing twice.
    """
    half, is_odd = divmod(len(text), 2)
    once = text[half:]
    if text == once * 2 or (is_odd and once[:1] == " " and text == once[1:] + once):
        return once
    return None


def _aligned(
    pieces: Sequence[str], goal: bytes, reading: PieceReading
) -> tuple[bytes | None, ...] | None:
    """Lay pieces along the bytes of a text; None where they don't cover it."""
    at, found, controls = 0, list[bytes | None](), 0
    for piece in pieces:
        raw, added = reading(piece), piece.encode("utf-8", "surrogatepass")
        if raw is not None and goal.startswith(raw, at):
            at += len(raw)
        elif goal.startswith(added, at):
            raw, at = added, at + len(added)  # an added token stands as it is
        elif raw and at == 0 and raw[:1] == b" " and goal.startswith(raw[1:]):
            at = len(raw) - 1  # the space that some put before every text
        elif at in (0, len(goal)) and controls < 2 * _MOST_CONTROL:
            raw, controls = None, controls + 1
        else:
            return None
        found.append(raw)
    return tuple(found) if at == len(goal) else None
