"""The alphabet in which byte-level tokenizers write bytes, and what a piece in it stands for."""


def alphabet() -> dict[str, int]:
    """Return the byte that each of 256 printable signs stands for.

    Printable bytes of Latin-1 stand for themselves; the others take U+0100 and on, in order.

    Source: `bytes_to_unicode` in OpenAI's gpt-2/src/encoder.py.
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    shifted = [byte for byte in range(256) if byte not in plain]
    signs = {chr(byte): byte for byte in plain}
    return signs | {chr(256 + place): byte for place, byte in enumerate(shifted)}


_BYTES = alphabet()


def piece_bytes(piece: str) -> bytes | None:
    """Return the bytes of a byte-level vocabulary's piece; None if it isn't spelt in bytes."""
    if not all(sign in _BYTES for sign in piece):
        return None
    return bytes(_BYTES[sign] for sign in piece)
