import random
from collections.abc import Mapping
from typing import Any

import pytest

from tools.algorithms.capacity import (
    EXCHANGE_S,
    MEMORY_REACHED,
    STEP_S,
    Deployment,
    concurrency_at_longest,
    memory_of,
    step_s,
)
from tools.algorithms.roofline import Setup
from tools.figures import FIGURES, parallel
from tools.gpus import GPUS
from tools.models import SHAPES
from tools.shape.precision import precision_of

QWEN = {"model": "qwen3.6-27b", "gigabytes": 27.3, "gpu": "H100"}
ASSUMED = {"reached": 0.9, "pass_ms": 1.6, "exchange_us": 8}
BIG = {"model": "llama-3-70b"}

BY_HAND = [
    ("one_chat_ms", QWEN | ASSUMED | {"gpus": 1}, 27.3 / 3.35 / 0.9 + 1.6),
    ("one_chat_ms", QWEN | ASSUMED | {"gpus": 4}, 27.3 / 3.35 / 0.9 / 4 + 1.6 + 128 * 0.008),
    ("split_gain", QWEN | ASSUMED | {"gpus": 4}, 10.655 / 4.888),
    ("tokens_in_cache", BIG | {"gpus": 1, "gib": 0.3125}, 1024),
    ("tokens_in_cache", BIG | {"gpus": 8, "gib": 0.3125}, 8 * 1024),
    ("tokens_in_cache", BIG | {"gpus": 16, "gib": 0.3125}, 8 * 1024),
    # two sums in each of 80 layers, of 8,192 numbers; each GPU sends 1.5 times what it adds
    ("summed_gigabytes", BIG | {"tokens": 1, "gpus": 4}, 160 * 16_384 * 1.5e-9),
    ("handed_on_gigabytes", BIG | {"tokens": 1_000}, 0.016384),
    ("experts_woken", {"experts": 4, "used": 2, "tokens": 2}, 3),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value, rel=1e-3)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in parallel.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("one_chat_ms", QWEN | ASSUMED | {"gpus": 1, "gpu": "Voodoo 2"}),
        ("summed_gigabytes", {"model": "no such model", "tokens": 1, "gpus": 2}),
        ("experts_woken", {"experts": 4}),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


@pytest.mark.parametrize("gpus", [1, 4])
def test_a_chat_takes_what_the_capacity_card_makes_of_it(gpus: int) -> None:
    assumed = {"reached": MEMORY_REACHED, "pass_ms": 1e3 * STEP_S, "exchange_us": 1e6 * EXCHANGE_S}
    card_ms = 1000 * step_s(deployment("qwen3.6-27b", gpus), 2_150, 1)
    shown: Mapping[str, Any] = QWEN | assumed | {"gpus": gpus}
    assert FIGURES["one_chat_ms"](shown) == pytest.approx(card_ms, rel=0.01)


@pytest.mark.parametrize("gpus", [8, 16])
def test_a_cache_holds_what_the_capacity_card_has_vllm_say(gpus: int) -> None:
    big = deployment("llama-3-70b", gpus)
    memory = memory_of(big)
    of = BIG | {"gpus": gpus, "gib": memory.cache / 2**30}
    says = concurrency_at_longest(big, memory) * big.longest
    assert FIGURES["tokens_in_cache"](of) == pytest.approx(says, rel=1e-3)


def test_experts_are_woken_as_often_as_by_lot() -> None:
    lot, woken = random.Random(1), 0
    for _ in range(200):
        woken += len({e for _ in range(64) for e in lot.sample(range(256), 8)})
    of = {"experts": 256, "used": 8, "tokens": 64}
    assert FIGURES["experts_woken"](of) == pytest.approx(woken / 200, rel=0.01)


def deployment(model: str, gpus: int) -> Deployment:
    shape = SHAPES[model]
    setup = Setup(shape, precision_of(shape, "fp8"), 2, GPUS["H100"], gpus)
    return Deployment(setup, longest=shape.context)
