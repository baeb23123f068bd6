"""What a vocabulary's pieces stand for, by the decoder that its own tokenizer.json names. Pure.

A piece is decoded alone, and keeps the space that a decoder strips from the first of a text: what
it adds to a text is what counts, wherever it stands.

Source: the decoders of huggingface/tokenizers, src/decoders/*.rs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tools.engine.byte_signs import piece_bytes

Decode = Callable[[str], bytes]
_FALLBACK = re.compile(r"<0x([0-9A-Fa-f]{2})>")  # SentencePiece's way to spell a byte
_KEPT = {"Fuse", "Strip"}  # change nothing of a piece that stands inside a text


def decoder_of(told: Mapping[str, Any] | None) -> Decode | None:
    """Return what turns a piece into its bytes; None where the decoder is of another kind.

    Args:
        told: `decoder` of a tokenizer.json.
    """
    steps = list(_steps(told or {}))
    kinds = [str(step.get("type")) for step in steps]
    known = {"ByteLevel", "ByteFallback", "Metaspace", "Replace", "BPEDecoder", *_KEPT}
    if not set(kinds) <= known or not set(kinds) - _KEPT:
        return None
    replaced = [pair for step in steps if (pair := _replacement(step))]
    if len(replaced) < sum(kind in {"Replace", "Metaspace", "BPEDecoder"} for kind in kinds):
        return None  # by a regular expression

    def decode(piece: str) -> bytes:
        if "ByteFallback" in kinds and (spelt := _FALLBACK.fullmatch(piece)):
            return bytes.fromhex(spelt[1])
        for old, new in replaced:
            piece = piece.replace(old, new)
        spelt_bytes = piece_bytes(piece) if "ByteLevel" in kinds else None
        return plain_bytes(piece) if spelt_bytes is None else spelt_bytes

    return decode


def plain_bytes(text: str) -> bytes:
    """Return a piece that stands for itself."""
    return text.encode("utf-8", "surrogatepass")


def _steps(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if told.get("type") != "Sequence":
        yield told
        return
    for step in told.get("decoders", ()):
        yield from _steps(step)


def _replacement(step: Mapping[str, Any]) -> tuple[str, str] | None:
    match step:
        case {"type": "Replace", "pattern": {"String": str(old)}, "content": str(new)}:
            return old, new
        case {"type": "Metaspace", "replacement": str(sign)}:
            return sign, " "
        case {"type": "BPEDecoder", "suffix": str(suffix)}:
            return suffix, " "
    return None
