"""A prompt and a text with rounded weights: nothing of the running weights is written.

While it lasts, each matrix gives what the rounded one would put out. Prompt and text are read in
one pass, so that each is rounded once.
"""

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from tools.engine.findings import Flip, Quantized, Rounding, Shift
from tools.engine.inside.anatomy import anatomy, prompt_ids, tokens
from tools.engine.inside.rounding import kept_bytes, rounded_pieces
from tools.engine.internals import MOST_TOKENS
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

_FORMS = ("int", "fp8-tensor", "fp8-channel", "fp8-block")
_ROWS_TOGETHER = 64  # whose distributions are compared at a time; 25 MB each for 50,000 tokens
Ids = tuple[int, ...]


def quantized(
    model: CausalModel, prompt: str, text: str, how: Rounding, k: int
) -> Generator[None, None, Quantized]:
    """Read with the weights as they are and with rounded ones, and tell what changed.

    Pauses between the two.

    Raises:
        BadInput: there is no such rounding, the prompt or the text is too long, or the text has
            fewer than two tokens.
    """
    if how.form not in _FORMS or not 2 <= how.bits <= 8 or how.group < 0:
        raise BadInput("Weights can be rounded to 2 to 8 bits, or to FP8.")
    anatomy(model)
    asked, passage = (prompt_ids(model, each, MOST_TOKENS) for each in (prompt, text))
    if len(passage) < 2:
        raise BadInput("Perplexity takes a text of two tokens or more. Give a longer one.")
    full = _read(model, asked, passage)
    yield
    with _rounding(model, how):
        coarse = _logits(model, asked, passage)
    start = len(asked)
    before, after = (rows[start - 1].double().log_softmax(-1) for rows in (full, coarse))
    return Quantized(
        kept_as=model.kept_as,
        tokens=tokens(model, asked),
        shifts=_shifts(model, before, after, k),
        kl_bits=_kl_bits(before, after),
        flips=_flips(model, asked, full, coarse),
        text_tokens=len(passage),
        mean_kl_bits=_mean_kl_bits(full[start:], coarse[start:]),
        perplexity_before=_perplexity(full[start:], passage),
        perplexity_after=_perplexity(coarse[start:], passage),
        bytes_16_bit=2 * sum(p.numel() for p in model.network.parameters()),
        bytes_rounded=_bytes(model, how),
    )


@lru_cache(maxsize=1)
def _read(model: CausalModel, prompt: Ids, text: Ids) -> Tensor:
    """Return the scores with the weights as they are; kept for the next turn of a knob."""
    return _logits(model, prompt, text)


def _logits(model: CausalModel, prompt: Ids, text: Ids) -> Tensor:
    """Return the scores behind each token, shape (prompt + text, vocabulary).

    The two stand side by side, each from place 0, and neither sees the other.
    """
    lengths = (len(prompt), len(text))
    places = torch.cat([torch.arange(n) for n in lengths])
    whose = torch.arange(2).repeat_interleave(torch.tensor(lengths))
    sees = (whose[:, None] == whose) & (places[:, None] >= places)
    mask = torch.zeros(sees.shape).masked_fill(~sees, torch.finfo(torch.float32).min)
    with torch.inference_mode():
        read = model.network(
            torch.tensor([(*prompt, *text)]),
            attention_mask=mask[None, None],
            position_ids=places[None],
            use_cache=False,
        )
    rows: Tensor = read.logits[0]
    return rows


@contextmanager
def _rounding(model: CausalModel, how: Rounding) -> Iterator[None]:
    """Let every matrix that is to be act as if it were rounded, until the block ends."""

    def linear(module: torch.nn.Linear, given: Tensor) -> Tensor:
        pieces = rounded_pieces(module.weight, how)
        out = torch.cat([functional.linear(given, piece) for piece in pieces], -1)
        return out if module.bias is None else out + module.bias

    def lookup(module: torch.nn.Embedding, ids: Tensor) -> Tensor:
        rows, start = torch.empty(*ids.shape, module.embedding_dim), 0
        for piece in rounded_pieces(module.weight, how):
            inside = (ids >= start) & (ids < start + len(piece))
            rows[inside] = piece[ids[inside] - start]
            start += len(piece)
        return rows

    with ExitStack() as ending:
        for module in _matrices(model, how):
            acting = lookup if isinstance(module, torch.nn.Embedding) else linear
            module.forward = partial(acting, module)  # of this one alone, before its class's
            ending.callback(delattr, module, "forward")
        yield


def _matrices(model: CausalModel, how: Rounding) -> list[Any]:
    """Return the matrices that are rounded."""
    parts = anatomy(model)
    tables = (parts.embedding, parts.head)
    kinds = (torch.nn.Linear, torch.nn.Embedding)
    every = [module for module in model.network.modules() if isinstance(module, kinds)]
    return [one for one in every if how.has_tables or not any(one is table for table in tables)]


def _bytes(model: CausalModel, how: Rounding) -> int:
    matrices = {id(module.weight) for module in _matrices(model, how)}
    total = 0
    for weight in model.network.parameters():
        if id(weight) in matrices:
            rows, columns = weight.shape
            total += kept_bytes(rows, columns, how)
        else:
            total += 2 * weight.numel()
    return total


def _kl_bits(before: Tensor, after: Tensor) -> float:
    return max(0.0, float((before.exp() * (before - after)).sum()) / math.log(2))


def _mean_kl_bits(full: Tensor, coarse: Tensor) -> float:
    pairs = zip(torch.split(full, _ROWS_TOGETHER), torch.split(coarse, _ROWS_TOGETHER), strict=True)
    parts = [_kl_bits(p.double().log_softmax(-1), q.double().log_softmax(-1)) for p, q in pairs]
    return sum(parts) / len(full)


def _perplexity(rows: Tensor, ids: Sequence[int]) -> float:
    """Return e to the mean surprisal, in nats, of each token but the first."""
    losses = functional.cross_entropy(rows[:-1].double(), torch.tensor(ids[1:]))
    return math.exp(float(losses))


def _shifts(model: CausalModel, before: Tensor, after: Tensor, k: int) -> tuple[Shift, ...]:
    numbers = before.topk(k).indices.tolist()
    if (top := int(after.argmax())) not in numbers:
        numbers.append(top)
    return tuple(
        Shift(model.token(n), float(before[n].exp()), float(after[n].exp())) for n in numbers
    )


def _flips(
    model: CausalModel, ids: Sequence[int], full: Tensor, coarse: Tensor
) -> tuple[Flip, ...]:
    before, after = (rows[: len(ids)].argmax(-1).tolist() for rows in (full, coarse))
    return tuple(
        Flip(place, model.token(number), model.token(was), model.token(now))
        for place, (number, was, now) in enumerate(zip(ids, before, after, strict=True))
        if was != now
    )
