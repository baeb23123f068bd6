import pytest

from tools.algorithms.paging import most_hits
from tools.algorithms.schedule import BatchRequest, continuous, static
from tools.figures import FIGURES, serving
from tools.models import SHAPES
from tools.shape.kept import layer_numbers, state_bytes

ONE_CHAT = {"parameters": 10, "bytes": 2, "tokens": 5, "bytes_per_token": 1}
QUEUE = (12, 2, 3, 2, 9, 4)

BY_HAND = [
    ("batch_step_ratio", ONE_CHAT | {"batch": 2}, 30 / 25),
    ("batch_gain", ONE_CHAT | {"batch": 6}, 3),
    ("continuous_steps", {"lengths": QUEUE, "slots": 4}, 12),
    ("static_steps", {"lengths": QUEUE, "slots": 4}, 12 + 9),
    ("prefix_hits", {"tokens": 33, "block": 16}, 32),
    (
        "hybrid_block",
        {"value_heads": 1, "key_heads": 1, "head_size": 4, "convolution": 2}
        | {"kv_heads": 1, "kv_head_size": 1},
        32,  # 64 bytes of state and 24 of inputs, against 64 of 16 tokens
    ),
    ("chunk_ms", {"budget": 50, "per_second": 200}, 250),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in serving.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [("prefix_hits", {"tokens": 3})],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


@pytest.mark.parametrize("lengths", [QUEUE, (10,) * 6, (1, 40, 3), (7, 7, 1, 1, 30, 2, 5, 9)])
@pytest.mark.parametrize("slots", [1, 3, 4])
def test_a_queue_takes_the_steps_that_its_timeline_shows(
    lengths: tuple[int, ...], slots: int
) -> None:
    queue = [BatchRequest(str(place), 0, length) for place, length in enumerate(lengths)]
    of = {"lengths": lengths, "slots": slots}
    assert FIGURES["continuous_steps"](of) == continuous(queue, slots).steps
    assert FIGURES["static_steps"](of) == static(queue, slots).steps


@pytest.mark.parametrize("tokens", [1, 16, 17, 512])
def test_as_much_hits_as_the_map_of_blocks_says(tokens: int) -> None:
    assert FIGURES["prefix_hits"]({"tokens": tokens, "block": 16}) == most_hits(tokens, 16)


def test_the_block_of_a_hybrid_is_just_as_heavy_as_the_state_of_its_shape() -> None:
    shape = SHAPES["qwen3.6-27b"]
    block = FIGURES["hybrid_block"](
        {"value_heads": 48, "key_heads": 16, "head_size": 128, "convolution": 4}
        | {"kv_heads": 4, "kv_head_size": 256}
    )
    state, token = state_bytes(shape) / shape.layers_of("R"), 2 * layer_numbers(shape)
    assert (block - 16) * token < state <= block * token
