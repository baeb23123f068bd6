"""The alphabet in which byte-level tokenizers write bytes, and what a piece in it stands for."""

import re

_FALLBACK = re.compile(r"<0x([0-9A-Fa-f]{2})>")  # SentencePiece's way to spell a byte


def _alphabet() -> dict[str, int]:
    """Return the byte that each of 256 printable signs stands for.

    Printable bytes of Latin-1 stand for themselves; the others take U+0100 and on, in order.

    Source: `bytes_to_unicode` in OpenAI's gpt-2/src/encoder.py.
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    shifted = [byte for byte in range(256) if byte not in plain]
    signs = {chr(byte): byte for byte in plain}
    return signs | {chr(256 + place): byte for place, byte in enumerate(shifted)}


_BYTES = _alphabet()


def piece_bytes(piece: str) -> bytes | None:
    """Return the bytes of a vocabulary's raw piece; None if it isn't spelt in bytes."""
    if fallback := _FALLBACK.fullmatch(piece):
        return bytes.fromhex(fallback[1])
    if not all(sign in _BYTES for sign in piece):
        return None
    return bytes(_BYTES[sign] for sign in piece)


def raw_of(text: str, piece: str | None) -> bytes | None:
    """Return a token's bytes where its text doesn't tell them; None where nobody knows."""
    return piece_bytes(piece) if piece and "\ufffd" in text else None
