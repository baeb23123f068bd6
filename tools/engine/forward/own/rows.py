"""Single rows of a packed matrix, as numbers: a token's vector."""

import torch
from torch import Tensor

from tools.engine.weights.packed import BLOCK, ROWS


def rows(table: Tensor, numbers: Tensor) -> Tensor:
    """Return some rows of a matrix with eight bits a weight, float32 of shape (numbers, columns).

    Args:
        table: As `packed.packed` makes it.
        numbers: Which rows, int64.
    """
    tiles = table[numbers // ROWS]  # (numbers, blocks, bytes)
    count, blocks, _ = tiles.shape
    mine = torch.arange(count), slice(None), numbers % ROWS
    scales = tiles[..., : 2 * ROWS].view(torch.float16)
    integers = tiles[..., 2 * ROWS :].reshape(count, blocks * BLOCK, ROWS).view(torch.int8)
    return integers[mine] * scales[mine].float().repeat_interleave(BLOCK, dim=1)
