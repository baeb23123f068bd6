"""Packed matrices against gguf's own numbers, and their product against numpy's in float64."""

from typing import Any

import gguf
import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType as Kind
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from tools.engine.forward.own.kernel import Kernel, kernel
from tools.engine.forward.own.rows import rows
from tools.engine.weights.packed import (
    BLOCK,
    EIGHT_BITS,
    FOUR_BITS,
    ROWS,
    can_pack,
    packed,
    unpacked,
)

KINDS = {FOUR_BITS: Kind.Q4_1, EIGHT_BITS: Kind.Q8_0}
SIZES = st.sampled_from(list(KINDS))
FEW = st.integers(1, 5)


def blocks_of(size: int, tiles: int, blocks: int, seed: int) -> Any:
    """Random weights, rounded by gguf: uint8 of shape (rows, blocks, size)."""
    dice = np.random.default_rng(seed)
    weights = dice.standard_normal((tiles * ROWS, blocks * BLOCK), dtype=np.float32)
    return gguf.quantize(weights, KINDS[size]).reshape(tiles * ROWS, blocks, size)


def weights_of(blocks: Any, size: int) -> Any:
    return gguf.dequantize(blocks.reshape(len(blocks), -1), KINDS[size])


@given(size=SIZES, tiles=FEW, blocks=FEW, seed=st.integers(0, 99))
def test_every_weight_comes_out_to_the_last_bit(
    size: int, tiles: int, blocks: int, seed: int
) -> None:
    whole = blocks_of(size, tiles, blocks, seed)
    tiled = packed(whole)
    assert tiled.shape == (tiles, blocks, size * ROWS)
    assert tiled.nbytes == whole.nbytes
    assert np.array_equal(unpacked(tiled), weights_of(whole, size))


@pytest.mark.parametrize("size", KINDS)
def test_any_bits_at_all_come_out_as_gguf_reads_them(size: int) -> None:
    whole = np.random.default_rng(1).integers(0, 256, (64, 3, size), dtype=np.uint8)
    whole[..., 1] &= 0x3F  # scales (and floors) that are finite, positive
    whole[..., 3] &= 0xBF  # or negative
    assert np.array_equal(unpacked(packed(whole)), weights_of(whole, size))


def test_rows_that_fill_no_tile_and_other_kinds_are_not_packed() -> None:
    assert can_pack(np.zeros((64, 2, 20), np.uint8))
    assert not can_pack(np.zeros((48, 2, 20), np.uint8))
    assert not can_pack(np.zeros((64, 2, 18), np.uint8))


ALONE = Kernel(None)


@pytest.mark.parametrize("run", [ALONE, kernel()], ids=["one thread", "torch's threads"])
@settings(max_examples=60)
@given(size=SIZES, tiles=FEW, blocks=FEW, vectors=st.integers(1, 21), seed=st.integers(0, 99))
def test_a_product_is_that_of_the_same_weights_in_float64(
    run: Kernel, size: int, tiles: int, blocks: int, vectors: int, seed: int
) -> None:
    whole = blocks_of(size, tiles, blocks, seed)
    x = np.random.default_rng(seed + 1).standard_normal((vectors, blocks * BLOCK))
    x = x.astype(np.float32)
    found = run.multiply(torch.from_numpy(packed(whole)), torch.from_numpy(x)).double().numpy()
    weights = weights_of(whole, size).astype(np.float64)
    rounding = 2**-23 * blocks * BLOCK * (np.abs(x) @ np.abs(weights).T)  # of so many additions
    assert found.shape == (vectors, tiles * ROWS)
    assert (np.abs(found - x.astype(np.float64) @ weights.T) <= rounding).all()


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_however_many_threads_there_are_each_row_is_made_once(threads: int) -> None:
    tiled = torch.from_numpy(packed(blocks_of(FOUR_BITS, 5, 2, 0)))
    x = torch.randn(3, 2 * BLOCK)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        assert torch.equal(kernel().multiply(tiled, x), ALONE.multiply(tiled, x))
    finally:
        torch.set_num_threads(before)


def test_neither_weights_nor_vectors_are_written_to() -> None:
    tiled, x = torch.from_numpy(packed(blocks_of(EIGHT_BITS, 2, 3, 0))), torch.randn(9, 3 * BLOCK)
    before = tiled.clone(), x.clone()
    kernel().multiply(tiled, x)
    assert torch.equal(tiled, before[0])
    assert torch.equal(x, before[1])


def test_vectors_need_not_lie_in_one_piece() -> None:
    tiled, x = torch.from_numpy(packed(blocks_of(FOUR_BITS, 1, 2, 0))), torch.randn(2 * BLOCK, 4)
    assert torch.equal(
        kernel().multiply(tiled, x.t()), kernel().multiply(tiled, x.t().contiguous())
    )


@pytest.mark.parametrize("x", [torch.zeros(1, 32), torch.zeros(1, 64).double(), torch.zeros(1, 65)])
def test_what_does_not_fit_is_refused(x: torch.Tensor) -> None:
    tiled = torch.from_numpy(packed(blocks_of(FOUR_BITS, 1, 2, 0)))
    with pytest.raises(ValueError, match="64 columns"):
        kernel().multiply(tiled, x)


def test_a_matrix_in_pieces_is_refused() -> None:
    tiled = torch.from_numpy(packed(blocks_of(FOUR_BITS, 4, 2, 0)))
    with pytest.raises(ValueError, match="in one piece"):
        kernel().multiply(tiled[::2], torch.zeros(1, 64))


@given(
    vectors=st.integers(1, 9),
    blocks=FEW,
    scale=st.sampled_from([0.0, 1e-6, 1.0, 1e6]),
    epsilon=st.sampled_from([1e-5, 1e-6]),
)
def test_a_vector_is_made_one_length_as_by_torch(
    vectors: int, blocks: int, scale: float, epsilon: float
) -> None:
    x, weight = scale * torch.randn(vectors, 16 * blocks), torch.randn(16 * blocks)
    before = x.clone(), weight.clone()
    found = kernel().normed(x, weight, epsilon)
    double = x.double()
    expected = double * (double.square().mean(-1, keepdim=True) + epsilon).rsqrt() * weight
    assert torch.allclose(found.double(), expected, rtol=1e-5, atol=1e-12)
    theirs = functional.rms_norm(x, weight.shape, weight, epsilon)
    assert torch.allclose(found, theirs, rtol=1e-5, atol=1e-12)
    assert torch.equal(x, before[0])
    assert torch.equal(weight, before[1])


@pytest.mark.parametrize("columns", [15, 32])
def test_a_weight_of_another_size_is_refused(columns: int) -> None:
    with pytest.raises(ValueError, match="same columns"):
        kernel().normed(torch.zeros(1, columns), torch.zeros(16), 1e-5)


@given(tiles=FEW, blocks=FEW, asked=st.lists(st.integers(0, 31), min_size=1, max_size=9))
def test_single_rows_are_those_of_the_whole_matrix(
    tiles: int, blocks: int, asked: list[int]
) -> None:
    tiled = packed(blocks_of(EIGHT_BITS, tiles, blocks, 0))
    numbers = [number * tiles for number in asked]
    found = rows(torch.from_numpy(tiled), torch.tensor(numbers))
    assert np.array_equal(found.numpy(), unpacked(tiled)[numbers])
