"""Byte pair encoding, one merge at a time, by the tokenizer's own ranked list."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput, Missing

MOST_BYTES = 200
Pair = tuple[str, str]


def merges(model: CausalModel, text: str) -> tuple[tuple[str, ...], ...]:
    """Return the states of a text, from single bytes to its tokens.

    Each state differs from the one before by one merge: of all pairs that stand side by side
    inside a chunk, the one that comes first in the list, leftmost.

    Raises:
        BadInput: too long, or the vocabulary can't spell it.
        Missing: the tokenizer isn't a byte-level BPE.

    Source:
        Sennrich et al. 2016, arXiv:1508.07909; byte-level: Radford et al. 2019 (GPT-2).
    """
    if (length := len(text.encode())) > MOST_BYTES:
        raise BadInput(f"That is {length:,} bytes; {MOST_BYTES} fit. Give a word or two.")
    model.tokenize(text)  # refuses what can't be spelt
    backend = model.tokenizer.backend_tokenizer
    ranks = _ranks(backend)
    clean = backend.normalizer.normalize_str(text) if backend.normalizer else text
    chunks = [list(chunk) for chunk, _ in backend.pre_tokenizer.pre_tokenize_str(clean)]
    return tuple(_texts(chunks) for chunks in _states(chunks, ranks))


def _states(chunks: list[list[str]], ranks: Mapping[Pair, int]) -> Iterator[list[list[str]]]:
    """Yield the chunks, merging in place between one and the next."""
    yield chunks
    while (best := _best(chunks, ranks)) is not None:
        chunk, place = best
        chunk[place : place + 2] = [chunk[place] + chunk[place + 1]]
        yield chunks


def _best(chunks: list[list[str]], ranks: Mapping[Pair, int]) -> tuple[list[str], int] | None:
    """Return the chunk and the place of the pair that is merged next, if any is left."""
    open_pairs = [
        (ranks[pair], order, place)
        for order, chunk in enumerate(chunks)
        for place, pair in enumerate(pairwise(chunk))
        if pair in ranks
    ]
    if not open_pairs:
        return None
    _, order, place = min(open_pairs)
    return chunks[order], place


def _texts(chunks: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(_text(piece) for chunk in chunks for piece in chunk)


def _text(piece: str) -> str:
    """Return a piece, written in byte signs, as text; half a character is U+FFFD."""
    signs = _byte_signs()
    return bytes(signs[sign] for sign in piece).decode("utf-8", errors="replace")


@lru_cache(maxsize=1)
def _byte_signs() -> Mapping[str, int]:
    """Return GPT-2's 256 printable signs, each for one byte.

    Printable bytes of Latin-1 stand for themselves; the others take U+0100 and on, in order.
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    moved = {chr(0x100 + place): byte for place, byte in enumerate(others)}
    return {**{chr(byte): byte for byte in printable}, **moved}


@lru_cache(maxsize=2)
def _ranks(backend: Any) -> Mapping[Pair, int]:
    """Return each pair's place in the tokenizer's list; 0 is merged first."""
    told = json.loads(backend.to_str())
    if told["model"]["type"] != "BPE" or "ByteLevel" not in json.dumps(told["pre_tokenizer"]):
        raise Missing("This model's tokenizer has no byte-level merges. The embedded one has.")
    listed = told["model"]["merges"]
    pairs = (tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in listed)
    return {(left, right): rank for rank, (left, right) in enumerate(pairs)}
