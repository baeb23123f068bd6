"""Scores over a vocabulary turned into candidates, entropies and ranks; in float64."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from tools.engine.base import Candidate, Scored, Token

TokenOf = Callable[[int], Token]


def tops(
    scores: Sequence[Tensor], k: int, token: TokenOf
) -> list[tuple[tuple[Candidate, ...], float]]:
    """Return the `k` likeliest tokens of each row, and its exact entropy in bits.

    Args:
        scores: Each of shape (vocabulary,), any real numbers.
        k: How many; at most the vocabulary.
        token: Names an id.
    """
    logprobs = torch.stack(list(scores)).double().log_softmax(dim=-1)
    entropies = torch.special.entr(logprobs.exp()).sum(-1) / math.log(2)
    values, numbers = logprobs.topk(min(k, logprobs.shape[-1]))
    rows = zip(numbers.tolist(), values.tolist(), entropies.tolist(), strict=True)
    return [
        (tuple(Candidate(token(n), v) for n, v in zip(ids, likely, strict=True)), entropy)
        for ids, likely, entropy in rows
    ]


def scored(rows: Tensor, continuation: Sequence[int], token: TokenOf) -> tuple[Scored, ...]:
    """Score token i of a continuation by row i, shape (continuation, vocabulary)."""
    return tuple(
        _scored(row.double().log_softmax(dim=-1), token(number))
        for row, number in zip(rows, continuation, strict=True)
    )


def _scored(logprobs: Tensor, token: Token) -> Scored:
    logprob = logprobs[token.id]
    rank = 1 + int((logprobs > logprob).sum())
    return Scored(token, min(0.0, float(logprob)), rank)
