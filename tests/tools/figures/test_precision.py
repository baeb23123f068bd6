import pytest

from tools.algorithms.roofline import Setup, decode_bound, ridge
from tools.figures import FIGURES, precision
from tools.gpus import GPUS
from tools.models import SHAPES
from tools.shape.precision import PRECISIONS

MODEL = {"model": "llama-3-8b", "gpu": "H100"}
# Its blocks by hand: q and o, k and v, three of the feed-forward network, two norms.
BLOCKS = 32 * (2 * 4096**2 + 2 * 4096 * 1024 + 3 * 4096 * 14_336)
NORMS = (32 * 2 + 1) * 4096
TABLE = 128_256 * 4096  # and the head has as many
LINE = {"base_ms": 6.44, "ms_per_token": 4.37e-5}

BY_HAND = [
    (
        "weight_gigabytes",
        {"model": "llama-3-8b", "precision": "nvfp4"},
        (BLOCKS * 4.5 + (NORMS + 2 * TABLE) * 16) / 8e9,
    ),
    (
        "read_gigabytes",
        {"model": "llama-3-8b", "precision": "bfloat16"},
        (BLOCKS + NORMS + TABLE + 4096) * 2 / 1e9,
    ),
    (
        "bandwidth_bound",
        MODEL | {"precision": "bfloat16"},
        3.35e12 / ((BLOCKS + NORMS + TABLE + 4096) * 2),
    ),
    ("arithmetic_bound", MODEL, 989.4e12 / (2 * (BLOCKS + NORMS + TABLE))),
    ("chat_microseconds", MODEL | {"tokens": 1024, "by": "memory"}, 1024 * 131_072 / 3.35e6),
    (
        "chat_microseconds",
        MODEL | {"tokens": 1024, "by": "arithmetic"},
        (2 * (BLOCKS + NORMS + TABLE) + 4 * 32 * 4096 * 1024) / 989.4e6,
    ),
    ("bits_a_weight", {"bits": 4, "scale_bits": 8, "group": 32}, 4.25),
    ("rounding_step", {"largest": 1.4, "bits": 4}, 0.2),
    ("fitted_step_ms", {"base_ms": 5, "ms_per_token": 0.001, "tokens": 1000}, 6),
    (
        "break_even_tokens",
        {"base_ms": 5, "ms_per_token": 0.002, "base_ms_after": 6, "ms_per_token_after": 0.001},
        1000,
    ),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value, rel=1e-3)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in precision.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("weight_gigabytes", {"model": "llama-3-8b", "precision": "fp3"}),
        ("bandwidth_bound", {"model": "llama-3-8b", "precision": "fp8", "gpu": "abacus"}),
        ("chat_microseconds", MODEL | {"tokens": 1, "by": "luck"}),
        ("bits_a_weight", {"bits": 4, "scale_bits": 8, "group": 0}),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


def test_a_bound_is_the_roofline_s() -> None:
    setup = Setup(SHAPES["llama-3-8b"], PRECISIONS["bfloat16"], 2, GPUS["H100"])
    bound = FIGURES["bandwidth_bound"](MODEL | {"precision": "bfloat16"})
    assert bound == pytest.approx(decode_bound(setup, 1).tokens_per_s)


def test_no_batch_of_long_chats_is_bound_by_arithmetic() -> None:
    by = {
        by: FIGURES["chat_microseconds"](MODEL | {"tokens": 1024, "by": by})
        for by in ("memory", "arithmetic")
    }
    assert by["memory"] > 2 * by["arithmetic"]
    setup = Setup(SHAPES["llama-3-8b"], PRECISIONS["bfloat16"], 2, GPUS["H100"], context=1024)
    assert ridge(setup) is None


def test_fp8_keys_pay_from_as_many_tokens_as_were_measured() -> None:
    after = {"base_ms_after": 6.58, "ms_per_token_after": 2.37e-5}
    tokens = FIGURES["break_even_tokens"](LINE | after)
    assert tokens == pytest.approx(7010, rel=0.01)  # the blog of 2026-04-22, table 3
    eight = {"base_ms": 6.58, "ms_per_token": 2.37e-5, "tokens": tokens}
    assert FIGURES["fitted_step_ms"](LINE | {"tokens": tokens}) == pytest.approx(
        FIGURES["fitted_step_ms"](eight)
    )
