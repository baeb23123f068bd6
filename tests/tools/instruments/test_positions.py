import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

from tests.against import Differ
from tools.exhibit.exhibit import Dial, Grid, Knob, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.table_text import table_text
from tools.exhibit.text import fact_text
from tools.instruments import positions
from tools.instruments.positions import Positions, rotated, sinusoid, speeds


@pytest.mark.against("positions", by="numpy, the paper's formula")
@pytest.mark.parametrize(("base", "width", "length"), [(10_000, 32, 32), (10, 8, 128), (7.5, 4, 2)])
def test_the_heat_map_is_the_papers_formula_in_numpy(
    differ: Differ, base: float, width: int, length: int
) -> None:
    place = np.arange(length)[:, None]
    angle = place / base ** (np.arange(0, width, 2) / width)
    expected = np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(length, width)
    shown = positions.grid(Positions(base=base, width=width, length=length))
    assert differ(shown.values, expected) < 1e-9
    assert len(shown.rows) == length
    assert len(shown.columns) == width


@pytest.mark.against("positions", by="transformers' rotary embedding")
@pytest.mark.parametrize(("base", "width"), [(10_000.0, 64), (500_000.0, 32)])
def test_the_angles_are_those_of_transformers(differ: Differ, base: float, width: int) -> None:
    config = LlamaConfig(
        head_dim=width, hidden_size=width, num_attention_heads=1,
        rope_parameters={"rope_type": "default", "rope_theta": base},
    )  # fmt: skip
    rotary = LlamaRotaryEmbedding(config)
    assert speeds(base, width) == pytest.approx(rotary.inv_freq.tolist(), rel=1e-5)
    query = torch.randn(1, 1, 1, width, generator=torch.Generator().manual_seed(3))
    cosine, sine = rotary(query, torch.tensor([[7]]))
    theirs, _ = apply_rotary_pos_emb(query, query, cosine, sine)
    half = width // 2  # transformers pairs number i with number i + half
    for pair, speed in enumerate(speeds(base, width)):
        found = rotated((float(query[..., pair]), float(query[..., pair + half])), 7 * speed)
        expected = (float(theirs[..., pair]), float(theirs[..., pair + half]))
        assert differ(found, expected) < 1e-5


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2000), st.floats(0.001, 1))
def test_between_two_tokens_only_the_difference_is_left(
    one: int, other: int, shift: int, speed: float
) -> None:
    def score(at: int, to: int) -> float:
        (a, b), (c, d) = rotated((0.3, -1.2), at * speed), rotated((0.8, 0.5), to * speed)
        return a * c + b * d

    assert score(one, other) == pytest.approx(score(one + shift, other + shift), abs=1e-6)


def test_position_0_is_told_as_zeros_and_ones() -> None:
    assert sinusoid(0, 10_000, 6) == [0, 1, 0, 1, 0, 1]


def test_the_first_pair_turns_by_a_radian_and_the_last_by_the_base() -> None:
    assert speeds(10_000, 4) == pytest.approx([1.0, 0.01])
    shown = positions.exhibit(Positions(width=4, kind="rotary", length=11))
    table = shown.parts[0]
    assert isinstance(table, Table)
    assert table.rows == (("0", "57.3°", "213°", "6.28"), ("1", "0.57°", "5.73°", "628"))
    assert [fact_text(fact) for fact in shown.facts] == [
        "base 10,000",
        "fastest pair turns in 6.28 positions",
        "slowest 628 positions",
    ]
    assert math.degrees(10) % 360 == pytest.approx(213, abs=0.5)


@pytest.mark.parametrize("base", [2.0, 10_000.0, 10_000_000.0])
@pytest.mark.parametrize("length", [2, 33, 128])
def test_the_table_of_angles_fits_a_phone(base: float, length: int) -> None:
    shown = positions.exhibit(Positions(base=base, length=length, width=64, kind="rotary"))
    table = shown.parts[0]
    assert isinstance(table, Table)
    assert len(table_text(table, PHONE).splitlines()) == len(table.rows) + 1


def test_waves_and_angles_are_a_knob_apart_and_the_base_is_a_menu() -> None:
    shown = positions.exhibit(Positions(length=128))
    assert isinstance(shown.parts[0], Grid)
    knobs = {one.label: one.value for one in shown.controls if isinstance(one, Knob)}
    assert knobs == {"As angles (rotary)": "rotary", "Half as long": "64"}
    (dial,) = [one for one in shown.controls if isinstance(one, Dial)]
    assert ("10000", "Base 10,000 · Vaswani et al.; GPT-NeoX, Llama 2", "now") in dial.settings
