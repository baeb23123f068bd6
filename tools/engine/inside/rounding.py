"""Weights rounded and brought back: whole numbers by groups, or FP8, by tensor, channel or block.

Source:
    Whole numbers: Dettmers et al. 2022, arXiv:2208.07339, section 2, by groups; with a minimum of
    their own, as llama.cpp's Q4_1 keeps them.
    FP8 E4M3: Micikevicius et al. 2022, arXiv:2209.05433. A scale for each tensor, output channel or
    block of 128 × 128, as vLLM 0.32 rounds at loading (`fp8_per_tensor`, `fp8_per_channel`,
    `fp8_per_block`).
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from tools.engine.findings import Rounding

BLOCK = 128  # rows and columns that share a scale
LARGEST = 448.0  # that E4M3 has
HALF_BYTES, FLOAT_BYTES = 2, 4  # of a scale: of a group, and of FP8
_PIECE_ROWS = 64 * BLOCK


def rounded(weight: Tensor, how: Rounding) -> Tensor:
    """Return weights, shape (rows, columns), as they come back."""
    return torch.cat(list(rounded_pieces(weight, how)))


def rounded_pieces(weight: Tensor, how: Rounding) -> Iterator[Tensor]:
    """Yield them some rows at a time, so that at most one piece is there twice."""
    largest = weight.abs().max() if how.form == "fp8-tensor" else torch.zeros(())
    for piece in torch.split(weight, _PIECE_ROWS):
        match how.form:
            case "fp8-tensor":
                yield _fp8(piece, largest)
            case "fp8-channel":
                yield _fp8(piece, piece.abs().amax(1, keepdim=True))
            case "fp8-block":
                yield _fp8(piece, _by_block(piece))
            case _:
                yield _whole(piece, how)


def kept_bytes(rows: int, columns: int, how: Rounding) -> int:
    """Return what a rounded matrix takes, its scales included."""
    match how.form:
        case "fp8-tensor":
            return rows * columns + FLOAT_BYTES
        case "fp8-channel":
            return rows * (columns + FLOAT_BYTES)
        case "fp8-block":
            blocks = math.ceil(rows / BLOCK) * math.ceil(columns / BLOCK)
            return rows * columns + blocks * FLOAT_BYTES
        case _:
            groups = rows * math.ceil(columns / (how.group or columns))
            each = HALF_BYTES if how.is_symmetric else 2 * HALF_BYTES  # and a minimum
            return math.ceil(rows * columns * how.bits / 8) + groups * each


def _whole(weight: Tensor, how: Rounding) -> Tensor:
    """Round to whole numbers of a scale, each group of a row by its own; the last may be short."""
    rows, columns = weight.shape
    size = min(how.group or columns, columns)
    short = columns % size
    back = _group(weight[:, : columns - short].reshape(rows, -1, size), how).view(rows, -1)
    if short:
        back = torch.cat([back, _group(weight[:, columns - short :], how)], 1)
    return back


def _group(grouped: Tensor, how: Rounding) -> Tensor:
    """Round what lies along the last axis; scale and minimum are kept in 16 bits."""
    if how.is_symmetric:
        most = 2 ** (how.bits - 1) - 1
        scale = _half(grouped.abs().amax(-1, keepdim=True) / most)
        return (grouped / _not_0(scale)).round_().clamp_(-most, most).mul_(scale)
    most = 2**how.bits - 1
    low, high = grouped.amin(-1, keepdim=True), grouped.amax(-1, keepdim=True)  # 4 × aminmax
    scale, low = _half((high - low) / most), _half(low)
    steps = (grouped - low).div_(_not_0(scale)).round_().clamp_(0, most)
    return steps.mul_(scale).add_(low)


def _fp8(weight: Tensor, largest: Tensor) -> Tensor:
    scale = largest / LARGEST
    kept = (weight / _not_0(scale)).clamp_(-LARGEST, LARGEST).to(torch.float8_e4m3fn)
    return kept.float().mul_(scale)


def _by_block(weight: Tensor) -> Tensor:
    """Return the largest of each block, for each weight; blocks at the edge may be short."""
    rows, columns = weight.shape
    padded = torch.nn.functional.pad(weight.abs(), (0, -columns % BLOCK, 0, -rows % BLOCK))
    blocks = padded.view(padded.shape[0] // BLOCK, BLOCK, -1, BLOCK).amax((1, 3))
    return blocks.repeat_interleave(BLOCK, 0)[:rows].repeat_interleave(BLOCK, 1)[:, :columns]


def _half(values: Tensor) -> Tensor:
    return values.half().float()


def _not_0(scale: Tensor) -> Tensor:
    return scale.where(scale > 0, torch.ones(()))
