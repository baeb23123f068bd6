import json
import math
from pathlib import Path

import pytest

from tools.figures import FIGURES, weights

BY_HAND = [
    ("vocabulary_size", "embedded", 49_152),
    ("parameter_count", "embedded", 134_515_008),
    ("parameter_count", "llama-3-8b", 8_030_261_248),
    (  # thirty blocks of three matrices, 576 by 1,536
        "weight_share",
        {"model": "smollm2-135m", "part": "feed-forward"},
        30 * 3 * 576 * 1_536 / 134_515_008,
    ),
    (  # five vectors, and a score for each token of the vocabulary
        "activation_kilobytes",
        {"model": "smollm2-135m", "tokens": 5, "bytes": 2},
        (5 * 576 + 49_152) * 2 / 1000,
    ),
    ("weight_bytes", {"parameters": 8e9, "bytes": 2}, 16e9),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in weights.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("vocabulary_size", "gpt-5"),
        ("parameter_count", "gpt-5"),
        ("weight_share", {"model": "smollm2-135m", "part": "soul"}),
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


@pytest.mark.parametrize(
    ("part", "named"),
    [("table", "embed_tokens"), ("attention", "self_attn"), ("feed-forward", "mlp")],
)
def test_the_shares_of_its_parts_are_those_of_its_file(
    part: str, named: str, embedded_folder: Path
) -> None:
    with (embedded_folder / "model.safetensors").open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    counts = {name: math.prod(table["shape"]) for name, table in header.items() if "shape" in table}
    share = sum(count for name, count in counts.items() if named in name) / sum(counts.values())
    of = {"model": "smollm2-135m", "part": part}
    assert FIGURES["weight_share"](of) == pytest.approx(share)
