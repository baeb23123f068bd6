"""Rounded weights against references of numpy's own, and against a model that has them."""

import copy
import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from tests.against import Differ
from tests.tools.engine.conftest import fingerprint
from tests.tools.engine.inside.test_changing import answered
from tools.engine.findings import Quantized, Rounding
from tools.engine.inside.quantizing import quantized
from tools.engine.inside.rounding import kept_bytes, rounded
from tools.engine.local.local import LocalEngine
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

KUBERNETES = "Kubernetes pods are scheduled by the"
TEXT = "Water boils at one hundred degrees. Higher up it boils at fewer."
Array = np.ndarray[Any, Any]

WAYS = [
    Rounding(),
    Rounding(bits=8, group=64, is_symmetric=True, has_tables=True),
    Rounding(bits=3, group=0),
    Rounding("fp8-tensor", has_tables=True),
    Rounding("fp8-channel"),
    Rounding("fp8-block", has_tables=True),
]


def weights(rows: int, columns: int, seed: int = 1) -> Array:
    found: Array = np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)
    found[1, : min(64, columns)] = 0
    return found


def whole_by_loop(weight: Array, how: Rounding) -> Array:
    """Group by group and number by number; scale and minimum as 16 bits keep them."""
    back = np.zeros_like(weight)
    size = how.group or weight.shape[1]
    for row, start in product(range(len(weight)), range(0, weight.shape[1], size)):
        group = weight[row, start : start + size]
        if how.is_symmetric:
            low, most = np.float32(0), 2 ** (how.bits - 1) - 1
            least, spread = -most, np.abs(group).max()
        else:
            low, most = np.float32(np.float16(group.min())), 2**how.bits - 1
            least, spread = 0, group.max() - group.min()
        scale = np.float32(np.float16(spread / np.float32(most)))
        steps = np.clip(np.rint((group - low) / scale), least, most) if scale else 0 * group
        back[row, start : start + size] = steps * scale + low
    return back


def e4m3() -> Array:
    """Every finite number of E4M3, from its bits: 4 of exponent, bias 7, 3 of mantissa."""
    values = []
    for exponent, mantissa in product(range(16), range(8)):
        if (exponent, mantissa) == (15, 7):
            continue  # not a number
        if exponent:
            values.append((1 + mantissa / 8) * 2.0 ** (exponent - 7))
        else:
            values.append(mantissa / 8 * 2.0**-6)
    return np.array(values)


def fp8_by_table(weight: Array, largest: Array) -> Array:
    """The nearest of all numbers there are; of two as near, the one whose last bit is 0."""
    known = e4m3()
    scale = (largest / np.float32(448)).astype(np.float32)
    wanted = np.abs(weight / np.where(scale > 0, scale, 1)).astype(np.float32).astype(np.float64)
    above = np.clip(np.searchsorted(known, wanted), 1, len(known) - 1)
    over, under = known[above] - wanted, wanted - known[above - 1]
    is_up = (over < under) | ((over == under) & (above % 2 == 0))
    nearest = np.where(is_up, known[above], known[above - 1])
    return np.sign(weight) * nearest * scale


@pytest.mark.against("quantize", by="a plain loop in numpy", within=1e-6)
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("group", [32, 64, 128, 0])
@pytest.mark.parametrize("is_symmetric", [False, True])
def test_whole_numbers_are_those_of_a_plain_loop(bits: int, group: int, is_symmetric: bool) -> None:
    how = Rounding("int", bits, group, is_symmetric)
    for columns in (64, 80, 200):
        weight = weights(3, columns, columns)
        assert rounded(torch.tensor(weight), how).numpy() == pytest.approx(
            whole_by_loop(weight, how), abs=1e-6
        )


def test_e4m3_ends_at_448() -> None:
    assert (len(e4m3()), e4m3().max(), e4m3()[1]) == (127, 448.0, 2.0**-9)
    every = torch.tensor([*e4m3(), *-e4m3()], dtype=torch.float32)
    assert torch.equal(every.to(torch.float8_e4m3fn).float(), every)


@pytest.mark.against("quantize", by="a table of all E4M3 numbers", within=1e-6)
@pytest.mark.parametrize("shape", [(3, 64), (200, 300), (256, 128)])
@pytest.mark.parametrize("form", ["fp8-tensor", "fp8-channel", "fp8-block"])
def test_fp8_is_the_nearest_of_all_numbers_there_are(form: str, shape: tuple[int, int]) -> None:
    weight = weights(*shape)
    weight[2] *= 1e-4  # far below the largest: subnormal, or 0
    size = np.abs(weight)
    match form:
        case "fp8-tensor":
            largest = np.full_like(size, size.max())
        case "fp8-channel":
            largest = np.repeat(size.max(1, keepdims=True), shape[1], 1)
        case _:
            largest = np.zeros_like(size)
            for row, column in product(range(0, shape[0], 128), range(0, shape[1], 128)):
                block = np.s_[row : row + 128, column : column + 128]
                largest[block] = size[block].max()
    found = rounded(torch.tensor(weight), Rounding(form)).numpy()
    assert found == pytest.approx(fp8_by_table(weight, largest), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("form", ["fp8-tensor", "fp8-channel", "fp8-block"])
def test_fp8_of_many_rows_is_that_of_all_at_once(form: str) -> None:
    weight = torch.randn(8192 + 130, 3, generator=torch.Generator().manual_seed(1))
    weight[-1] = 50.0  # the largest stands in the last piece
    found = rounded(weight, Rounding(form))
    largest = weight.abs().max()
    if form == "fp8-tensor":
        scale = largest / 448
        assert torch.equal(found, (weight / scale).to(torch.float8_e4m3fn).float() * scale)
    assert float((found - weight).abs().max()) <= float(largest) / 16


def read_apart(network: Any, ids: tuple[int, ...]) -> torch.Tensor:
    with torch.inference_mode():
        rows: torch.Tensor = network(torch.tensor([ids])).logits[0].double().log_softmax(-1)
    return rows


@pytest.mark.against("quantize", by="transformers with rounded weights")
@pytest.mark.parametrize("how", WAYS)
def test_reading_with_rounded_weights_is_reading_a_model_that_has_them(
    differ: Differ, tiny: CausalModel, how: Rounding
) -> None:
    before = fingerprint(tiny.network)
    other = copy.deepcopy(tiny.network)
    with torch.no_grad():
        for name, weight in other.named_parameters():
            if weight.dim() == 2 and (how.has_tables or "embed_tokens" not in name):
                weight.copy_(rounded(weight, how))
    found: Quantized = answered(quantized(tiny, KUBERNETES, TEXT, how, 6))
    asked, passage = tiny.tokenize(KUBERNETES), tiny.tokenize(TEXT)
    full, coarse = [read_apart(network, asked) for network in (tiny.network, other)]
    assert found.kl_bits == pytest.approx(divergence(full[-1:], coarse[-1:]), rel=1e-3, abs=1e-7)
    for shift in found.shifts:
        assert shift.before == pytest.approx(float(full[-1, shift.token.id].exp()), rel=1e-3)
        assert shift.after == pytest.approx(float(coarse[-1, shift.token.id].exp()), rel=1e-3)
    flipped = [n for n in range(len(full)) if full[n].argmax() != coarse[n].argmax()]
    assert [flip.place for flip in found.flips] == flipped
    full, coarse = [read_apart(network, passage) for network in (tiny.network, other)]
    mean = divergence(full, coarse) / len(passage)
    assert found.mean_kl_bits == pytest.approx(mean, rel=1e-3, abs=1e-7)
    for rows, perplexity in ((full, found.perplexity_before), (coarse, found.perplexity_after)):
        seen = rows[:-1].gather(1, torch.tensor(passage[1:])[:, None])
        assert differ(perplexity, math.exp(-float(seen.mean())), is_relative=True) < 1e-4
    assert found.text_tokens == len(passage)
    assert fingerprint(tiny.network) == before
    assert not any("forward" in vars(module) for module in tiny.network.modules())


def divergence(full: torch.Tensor, coarse: torch.Tensor) -> float:
    return float((full.exp() * (full - coarse)).sum()) / math.log(2)


@pytest.mark.parametrize(
    ("how", "taken"),
    [
        (Rounding(), 300 * 100 // 2 + 300 * 4 * 4),
        (Rounding(is_symmetric=True), 300 * 100 // 2 + 300 * 4 * 2),
        (Rounding(bits=3, group=0), 300 * 100 * 3 // 8 + 300 * 4),
        (Rounding("fp8-tensor"), 300 * 100 + 4),
        (Rounding("fp8-channel"), 300 * 100 + 300 * 4),
        (Rounding("fp8-block"), 300 * 100 + 3 * 4),
    ],
)
def test_bytes_are_counted_with_their_scales(how: Rounding, taken: int) -> None:
    assert kept_bytes(300, 100, how) == taken


async def test_the_bytes_of_a_whole_model_are_counted_by_hand(embedded: LocalEngine) -> None:
    norms, table = (2 * 30 + 1) * 576, 49_152 * 576
    matrices = 134_515_008 - norms - table
    found = await embedded.quantized("The cat", "a b", Rounding())
    assert found.bytes_16_bit == 269_030_016
    assert found.bytes_rounded == matrices // 2 + matrices // 32 * 4 + (table + norms) * 2
    both = await embedded.quantized("The cat", "a b", Rounding("int", 8, 64, True, True))
    matrices += table
    assert both.bytes_rounded == matrices + matrices // 64 * 2 + norms * 2


async def test_the_embedded_file_is_4_bit_already(embedded: LocalEngine) -> None:
    again = await embedded.quantized(KUBERNETES, TEXT, Rounding())
    assert again.kept_as == "Q4_1"
    assert (again.kl_bits, again.mean_kl_bits) == pytest.approx((0, 0), abs=1e-6)
    assert again.perplexity_after == pytest.approx(again.perplexity_before, rel=1e-5)
    plain = await embedded.quantized(KUBERNETES, TEXT, Rounding("int", 4, 64, True, True))
    assert plain.kl_bits == pytest.approx(4.14, abs=0.01)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_of_another_model_it_is_told_what_its_weights_are(
    dtype: torch.dtype, running: CausalModel, tmp_path: Path
) -> None:
    config = LlamaConfig(
        vocab_size=49_152, hidden_size=16, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=True,
    )  # fmt: skip
    LlamaForCausalLM(config).to(dtype).save_pretrained(tmp_path)
    running.tokenizer.save_pretrained(tmp_path)
    other = CausalModel.load(tmp_path)
    assert other.kept_as == str(dtype).removeprefix("torch.")
    assert other.network.dtype is torch.float32


@pytest.mark.parametrize(
    "how", [Rounding("fp4"), Rounding(bits=1), Rounding(bits=9), Rounding(group=-1)]
)
async def test_other_roundings_are_refused(how: Rounding, embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="2 to 8 bits, or to FP8"):
        await embedded.quantized("x", "x y", how)


async def test_a_text_of_one_token_has_no_perplexity(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="two tokens or more"):
        await embedded.quantized("x", "x", Rounding())
