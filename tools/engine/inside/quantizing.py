"""The same prompt with every matrix rounded: nothing of the running weights is written.

A hook behind each matrix gives, in place of its output, what the rounded matrix would have put
out. At most one piece of one matrix exists in rounded form at a time.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.nn import functional

from tools.engine.findings import Flip, Quantized, Shift
from tools.engine.inside.anatomy import anatomy, prompt_ids, tokens
from tools.engine.internals import MOST_TOKENS
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

GROUP = 64  # weights that share a scale
SCALE_BYTES = 2
_PIECE_ROWS = 8192


def quantized(model: CausalModel, text: str, bits: int, k: int) -> Quantized:
    """Read a prompt with full and with rounded weights, and tell what changed.

    Raises:
        BadInput: bits are not 4 or 8, or the prompt is too long.
    """
    if bits not in (4, 8):
        raise BadInput("Weights can be rounded to 8 or 4 bits.")
    ids = prompt_ids(model, text, MOST_TOKENS)
    anatomy(model)
    full = _logits(model, ids)
    with _rounding(model, bits):
        coarse = _logits(model, ids)
    before, after = (rows[-1].double().log_softmax(-1) for rows in (full, coarse))
    return Quantized(
        bits=bits,
        group=GROUP,
        tokens=tokens(model, ids),
        shifts=_shifts(model, before, after, k),
        kl_bits=max(0.0, float((before.exp() * (before - after)).sum()) / math.log(2)),
        bytes_16_bit=2 * sum(p.numel() for p in model.network.parameters()),
        bytes_rounded=_bytes(model, bits),
        flips=_flips(model, ids, full.argmax(-1).tolist(), coarse.argmax(-1).tolist()),
    )


def rounded(weight: torch.Tensor, bits: int) -> torch.Tensor:
    """Return weights as they come back from `bits` bits.

    Each 64 of a row share one scale, their largest absolute value ÷ (2^(bits-1) - 1), kept in 16
    bits; each weight becomes the nearest whole number of scales.

    Args:
        weight: Shape (rows, columns).
        bits: 2 or more.

    Source:
        Symmetric absmax rounding: Dettmers et al. 2022, arXiv:2208.07339, section 2, by groups.
    """
    rows, columns = weight.shape
    most = 2 ** (bits - 1) - 1
    grouped = functional.pad(weight, (0, -columns % GROUP)).reshape(rows, -1, GROUP)
    scale = (grouped.abs().amax(-1, keepdim=True) / most).half().float()
    steps = (grouped / scale.where(scale > 0, torch.ones(()))).round().clamp(-most, most)
    back: torch.Tensor = (steps * scale).view(rows, -1)[:, :columns]
    return back


def _logits(model: CausalModel, ids: Sequence[int]) -> torch.Tensor:
    """Return the scores behind each token, shape (n, vocabulary)."""
    with torch.inference_mode():
        rows: torch.Tensor = model.network(torch.tensor([ids]), use_cache=False).logits[0]
    return rows


@contextmanager
def _rounding(model: CausalModel, bits: int) -> Iterator[None]:
    """Let every matrix act as if it were rounded, until the block ends."""

    def linear(module: torch.nn.Linear, given: Any, _out: Any) -> torch.Tensor:
        pieces = torch.split(module.weight, _PIECE_ROWS)
        out = torch.cat([functional.linear(given[0], rounded(piece, bits)) for piece in pieces], -1)
        return out if module.bias is None else out + module.bias

    def lookup(module: torch.nn.Embedding, given: Any, _out: Any) -> torch.Tensor:
        rows = rounded(module.weight[given[0].flatten()], bits)
        return rows.view(*given[0].shape, -1)

    with ExitStack() as hooks:
        for module in _matrices(model):
            hook = lookup if isinstance(module, torch.nn.Embedding) else linear
            hooks.callback(module.register_forward_hook(hook).remove)
        yield


def _matrices(model: CausalModel) -> list[torch.nn.Module]:
    kinds = (torch.nn.Linear, torch.nn.Embedding)
    return [module for module in model.network.modules() if isinstance(module, kinds)]


def _bytes(model: CausalModel, bits: int) -> int:
    """Return what the weights take: matrices rounded, a scale a group, the rest in 16 bits."""
    matrices = {id(module.weight) for module in _matrices(model)}
    total = 0
    for weight in model.network.parameters():
        if id(weight) in matrices:
            groups = weight.shape[0] * math.ceil(weight.shape[1] / GROUP)
            total += weight.numel() * bits // 8 + groups * SCALE_BYTES
        else:
            total += 2 * weight.numel()
    return total


def _shifts(
    model: CausalModel, before: torch.Tensor, after: torch.Tensor, k: int
) -> tuple[Shift, ...]:
    numbers = before.topk(k).indices.tolist()
    if (top := int(after.argmax())) not in numbers:
        numbers.append(top)
    return tuple(
        Shift(model.token(n), float(before[n].exp()), float(after[n].exp())) for n in numbers
    )


def _flips(
    model: CausalModel, ids: Sequence[int], before: Sequence[int], after: Sequence[int]
) -> tuple[Flip, ...]:
    return tuple(
        Flip(place, model.token(number), model.token(full), model.token(coarse))
        for place, (number, full, coarse) in enumerate(zip(ids, before, after, strict=True))
        if full != coarse
    )
