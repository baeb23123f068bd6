import json
import math
from pathlib import Path

import pytest

from tools.figures import FIGURES


@pytest.mark.parametrize(
    ("name", "of", "value"),
    [
        ("vocabulary_size", "embedded", 49_152),
        ("parameter_count", "embedded", 134_515_008),
        ("softmax", [[1.0, 1.0], 0], 0.5),
        ("softmax", [[1000.0, 0.0], 0], 1.0),
        ("softmax", [[math.log(3), 0.0], 0], 0.75),
        ("sum_of_squares", 3, 14),
        ("sum_to", 100, 5050),
        ("tokens_read", [5, 100], 5450),
        (
            "kv_bytes_per_token",
            {"layers": 32, "kv_heads": 8, "head_size": 128, "bytes": 2},
            128 * 1024,
        ),
        ("weight_bytes", {"parameters": 8e9, "bytes": 2}, 16e9),
        ("entropy_bits_max", 1024, 10.0),
        ("surprisal_bits", 0.25, 2.0),
        ("surprisal_bits", 1.0, 0.0),
        ("brier", 0.7, 0.09),
    ],
)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    marks = test_a_figure_is_what_it_is_by_hand.pytestmark
    assert {row[0] for row in marks[0].args[1]} == set(FIGURES)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("vocabulary_size", "gpt-5"),
        ("softmax", [1, 2]),
        ("softmax", [[1.0], 4]),
        ("kv_bytes_per_token", {"layers": 1}),
        ("tokens_read", [1]),
        ("sum_to", "x"),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


def test_the_embedded_figures_are_those_of_the_real_model(embedded_folder: Path) -> None:
    config = json.loads((embedded_folder / "config.json").read_text())
    assert config["vocab_size"] == FIGURES["vocabulary_size"]("embedded")
    size = (embedded_folder / "model.safetensors").stat().st_size
    parameters = FIGURES["parameter_count"]("embedded")
    assert 0 < size - 4 * parameters < 100_000  # float32, and a header
