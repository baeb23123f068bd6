import pytest

from tools.algorithms.roofline import Setup, decode_bound
from tools.figures import FIGURES, precision
from tools.gpus import GPUS
from tools.models import SHAPES
from tools.shape.precision import PRECISIONS

MODEL = {"model": "llama-3-8b", "gpu": "H100"}
# Its blocks by hand: q and o, k and v, three of the feed-forward network, two norms.
BLOCKS = 32 * (2 * 4096**2 + 2 * 4096 * 1024 + 3 * 4096 * 14_336)
NORMS = (32 * 2 + 1) * 4096
TABLE = 128_256 * 4096  # and the head has as many

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
    ("bits_a_weight", {"bits": 4, "scale_bits": 8, "group": 32}, 4.25),
    ("rounding_step", {"largest": 1.4, "bits": 4}, 0.2),
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
