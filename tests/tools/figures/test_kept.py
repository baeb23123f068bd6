import pytest

from tools.figures import FIGURES, kept
from tools.models import SHAPES, parameter_total
from tools.shape.kept import kept_bytes, token_bytes

BY_HAND = [
    (
        "kv_bytes_per_token",
        {"layers": 32, "kv_heads": 8, "head_size": 128, "bytes": 2},
        128 * 1024,
    ),
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
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in kept.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("kv_bytes_per_token", {"layers": 1}),
        ("kv_cache", {"layers": 1, "kv_heads": 1, "head_size": 1, "bytes": 2, "unit": "mile"}),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


def test_the_cache_of_a_shape_is_what_the_instruments_make_of_it() -> None:
    eight, big, seek = (SHAPES[name] for name in ("llama-3-8b", "llama-3-70b", "deepseek-v3"))
    of = {"layers": 32, "kv_heads": 8, "head_size": 128, "bytes": 2, "tokens": 256}
    assert FIGURES["kv_cache"](of | {"unit": "B"}) == kept_bytes(eight, 256, 2)
    of = {"layers": 61, "latent": 512, "rotary": 64, "bytes": 2}
    assert FIGURES["latent_kib_per_token"](of) == token_bytes(seek, 2) / 1024
    of = {"layers": 80, "kv_heads": 8, "head_size": 128, "bytes": 2}
    heavy = FIGURES["tokens_as_heavy"](of | {"parameters": parameter_total(big)})
    assert heavy * token_bytes(big, 2) == pytest.approx(2 * parameter_total(big))
