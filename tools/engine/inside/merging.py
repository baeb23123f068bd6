"""Byte pair encoding, one merge at a time, by the tokenizer's own ranked list."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from tools.engine.byte_signs import piece_bytes
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput, Missing

MOST_BYTES = 200
Pair = tuple[str, str]


def merges(model: CausalModel, text: str) -> tuple[tuple[bytes, ...], ...]:
    """Return the states of a text, from single bytes to its tokens; bytes it lacks are dropped.

    Each state differs from the one before by one merge: of all pairs that stand side by side
    inside a chunk, the one that comes first in the list, leftmost.

    Raises:
        BadInput: too long.
        Missing: the tokenizer isn't a byte-level BPE.

    Source:
        Sennrich et al. 2016, arXiv:1508.07909; byte-level: Radford et al. 2019 (GPT-2).
    """
    if (length := len(text.encode())) > MOST_BYTES:
        raise BadInput(f"That is {length:,} bytes; {MOST_BYTES} fit. Give a word or two.")
    backend = model.tokenizer.backend_tokenizer
    ranks, has = _ranks(backend), backend.token_to_id
    clean = backend.normalizer.normalize_str(text) if backend.normalizer else text
    cut = backend.pre_tokenizer.pre_tokenize_str(clean)
    chunks = [[sign for sign in chunk if has(sign) is not None] for chunk, _ in cut]
    return tuple(
        tuple(piece_bytes(piece) or b"" for chunk in state for piece in chunk)
        for state in _states(chunks, ranks)
    )


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


@lru_cache(maxsize=2)
def _ranks(backend: Any) -> Mapping[Pair, int]:
    """Return each pair's place in the tokenizer's list; 0 is merged first."""
    told = json.loads(backend.to_str())
    if told["model"]["type"] != "BPE" or "ByteLevel" not in json.dumps(told["pre_tokenizer"]):
        raise Missing("This model's tokenizer has no byte-level merges. The embedded one has.")
    listed = told["model"]["merges"]
    pairs = (tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in listed)
    return {(left, right): rank for rank, (left, right) in enumerate(pairs)}
