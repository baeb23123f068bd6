import json
import math
from pathlib import Path

import pytest

from tools.figures import FIGURES
from tools.instruments.positions import speeds
from tools.models import SHAPES, parameter_total
from tools.shape.kept import kept_bytes, token_bytes


@pytest.mark.parametrize(
    ("name", "of", "value"),
    [
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
        ("softmax", [[1.0, 1.0], 0], 0.5),
        ("softmax", [[1000.0, 0.0], 0], 1.0),
        ("softmax", [[math.log(3), 0.0], 0], 0.75),
        ("softmax_percent", [[math.log(3), 0.0], 0], 75.0),
        (  # 32 heads of 128, 8 sets of keys and values; three matrices of 4,096 by 14,336
            "attention_work_percent",
            {"model": "llama-3-8b", "context": 2_048},
            100
            * (4_096 * (4_096 + 1_024) * 2 + 2_048 * 2 * 4_096)
            / (4_096 * (4_096 + 1_024) * 2 + 2_048 * 2 * 4_096 + 3 * 4_096 * 14_336),
        ),
        ("sum_of_squares", 3, 14),
        ("sum_to", 100, 5050),
        ("tokens_read", [5, 100], 5450),
        (
            "kv_bytes_per_token",
            {"layers": 32, "kv_heads": 8, "head_size": 128, "bytes": 2},
            128 * 1024,
        ),
        # 576 wide, 9 heads of 64 and 3 for keys and values, 1,536 in the middle, by hand
        ("attention_work_percent", {"model": "smollm2-135m", "context": 3072}, 62.5),
        ("kv_cache", {"layers": 1, "kv_heads": 1, "head_size": 1, "bytes": 2, "unit": "B"}, 4),
        (
            "kv_cache",
            {"layers": 32, "kv_heads": 8, "head_size": 128, "bytes": 2, "tokens": 256}
            | {"unit": "MiB"},
            32,
        ),
        ("latent_kib_per_token", {"layers": 2, "latent": 500, "rotary": 12, "bytes": 2}, 2),
        (
            "tokens_as_heavy",
            {"layers": 1, "kv_heads": 1, "head_size": 1, "bytes": 2, "parameters": 60},
            30,
        ),
        ("step_slowdown", {"base_ms": 5, "ms_per_token": 0.001, "short": 1000, "long": 7000}, 2),
        ("weight_bytes", {"parameters": 8e9, "bytes": 2}, 16e9),
        ("entropy_bits_max", 1024, 10.0),
        ("surprisal_bits", 0.25, 2.0),
        ("surprisal_bits", 1.0, 0.0),
        ("brier", 0.7, 0.09),
        ("rotary_turn", {"base": 100, "width": 4, "pair": 1}, 20 * math.pi),
        ("odds_factor", math.log(3), 3),
        ("odds_factor", 0, 1),
        ("biased_percent", [25, math.log(3)], 50),  # odds of 1 to 3 become 3 to 3
        ("biased_percent", [1, 5], 100 * 2.718281828459045**5 / (99 + 2.718281828459045**5)),
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
        ("parameter_count", "gpt-5"),
        ("weight_share", {"model": "smollm2-135m", "part": "soul"}),
        ("softmax", [1, 2]),
        ("softmax", [[1.0], 4]),
        ("kv_bytes_per_token", {"layers": 1}),
        ("kv_cache", {"layers": 1, "kv_heads": 1, "head_size": 1, "bytes": 2, "unit": "mile"}),
        ("tokens_read", [1]),
        ("attention_work_percent", {"model": "gpt-5", "context": 1}),
        ("attention_work_percent", {"model": "smollm2-135m", "context": "1"}),
        ("biased_percent", [1]),
        ("sum_to", "x"),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


def test_a_biased_share_is_what_softmax_makes_of_the_biased_scores() -> None:
    scores = [2.4, 1.6, 0.7, -0.3, -1.1]
    before = FIGURES["softmax"]([scores, 3])
    after = FIGURES["softmax"]([[*scores[:3], scores[3] + 5, scores[4]], 3])
    assert FIGURES["biased_percent"]([100 * before, 5]) == pytest.approx(100 * after)


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


def test_the_cache_of_a_shape_is_what_the_instruments_make_of_it() -> None:
    eight, big, seek = (SHAPES[name] for name in ("llama-3-8b", "llama-3-70b", "deepseek-v3"))
    of = {"layers": 32, "kv_heads": 8, "head_size": 128, "bytes": 2, "tokens": 256}
    assert FIGURES["kv_cache"](of | {"unit": "B"}) == kept_bytes(eight, 256, 2)
    of = {"layers": 61, "latent": 512, "rotary": 64, "bytes": 2}
    assert FIGURES["latent_kib_per_token"](of) == token_bytes(seek, 2) / 1024
    of = {"layers": 80, "kv_heads": 8, "head_size": 128, "bytes": 2}
    heavy = FIGURES["tokens_as_heavy"](of | {"parameters": parameter_total(big)})
    assert heavy * token_bytes(big, 2) == pytest.approx(2 * parameter_total(big))


@pytest.mark.parametrize("pair", [0, 5, 31])
def test_a_pair_has_come_full_circle_at_the_speed_its_exhibit_shows(pair: int) -> None:
    places = FIGURES["rotary_turn"]({"base": 100_000, "width": 64, "pair": pair})
    assert places * speeds(100_000, 64)[pair] == pytest.approx(math.tau)
