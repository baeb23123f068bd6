"""A matrix as a GGUF file rounds it, with the rows of a tile side by side.

The file keeps 32 neighbours of a row as a block: a scale (and a floor, where there are 4 bits a
weight), then the small integers. Here the same bytes lie so that what one column is multiplied by
is read in one go, for 32 rows: scales, floors, then integer 0 of each row, integer 1 of each.

Source:
    `block_q4_1` and `block_q8_0` in llama.cpp's ggml-common.h.
"""

import numpy as np
from numpy.typing import NDArray

ROWS = 32  # of a tile
BLOCK = 32  # neighbours in a row that share a scale
FOUR_BITS, EIGHT_BITS = 20, 34  # bytes of a block: scale, floor, 16 pairs; scale, 32 integers
SCALES = {FOUR_BITS: 2, EIGHT_BITS: 1}  # float16 numbers at the beginning of a block


Bytes = NDArray[np.uint8]


def can_pack(blocks: Bytes) -> bool:
    """Tell whether blocks, shape (rows, blocks, bytes), are of a known kind and fill tiles."""
    rows, _, size = blocks.shape
    return size in SCALES and rows % ROWS == 0


def packed(blocks: Bytes) -> Bytes:
    """Return blocks of 32 rows side by side.

    Args:
        blocks: As in the file, uint8 of shape (rows, blocks, 20 or 34).

    Returns:
        uint8 of shape (rows / 32, blocks, 32 × 20 or 34); not one bit is lost.
    """
    rows, count, size = blocks.shape
    tiles = blocks.reshape(rows // ROWS, ROWS, count, size).swapaxes(1, 2)
    head = 2 * SCALES[size]
    scales = np.ascontiguousarray(tiles[..., :head]).view(np.uint16)  # bits of float16
    sides = (
        np.ascontiguousarray(scales.swapaxes(2, 3)).view(np.uint8),
        np.ascontiguousarray(tiles[..., head:].swapaxes(2, 3)),
    )
    return np.concatenate([side.reshape(*tiles.shape[:2], -1) for side in sides], axis=-1)


def unpacked(tiles: Bytes) -> NDArray[np.float32]:
    """Return the weights themselves, float32 of shape (rows, columns).

    Scale × integer is exact in float32, so that only adding the floor rounds: these are the very
    weights that gguf's `dequantize` gives.
    """
    count, blocks, size = tiles.shape
    kinds = SCALES[size // ROWS]
    halves = np.ascontiguousarray(tiles[..., : 2 * kinds * ROWS]).view(np.float16)
    scales = halves.reshape(count, blocks, kinds, 1, ROWS).astype(np.float32)
    bits = tiles[..., 2 * kinds * ROWS :].reshape(count, blocks, -1, ROWS)
    if kinds == 1:
        weights = scales[:, :, 0] * bits.view(np.int8)
    else:
        pairs = np.concatenate([bits & 15, bits >> 4], axis=2)
        weights = scales[:, :, 0] * pairs + scales[:, :, 1]
    return weights.transpose(0, 3, 1, 2).reshape(count * ROWS, blocks * BLOCK)
