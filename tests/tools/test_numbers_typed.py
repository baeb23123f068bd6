"""Numbers typed into an instrument: into a knob, in a row, with names."""

import pytest

from tools.catalogue import parameters
from tools.errors import BadInput
from tools.instruments import batching, phases
from tools.instruments.biases import biases
from tools.instruments.load import rates_of
from tools.instruments.softmax import scores_of
from tools.shape.config_json import shape_from_text


@pytest.mark.parametrize(
    ("instrument", "name", "typed", "value"),
    [
        ("cache", "context", "8k", 8000),
        ("cache", "context", "131,072", 131072),
        ("cache", "context", "131.072 ", None),
        ("cache", "context", "１０００", 1000),
        ("cache", "context", "10^4", 10000),
        ("capacity", "memory_share", "½", 0.5),
        ("capacity", "memory_share", "0,85", 0.85),
        ("capacity", "memory_share", "90 %", 0.9),
        ("experts", "seed", "0", 0),
    ],
)
def test_a_knob_takes_a_number_as_people_write_it(
    instrument: str, name: str, typed: str, value: float | None
) -> None:
    if value is None:
        with pytest.raises(BadInput, match=f"{name}: .*integer"):
            parameters(instrument, {name: typed})
    else:
        assert getattr(parameters(instrument, {name: typed}), name) == value


def test_a_knob_tells_what_it_understood() -> None:
    with pytest.raises(BadInput, match=r"context: I read 12\.34, then `,56`"):
        parameters("cache", {"context": "12,34,56"})


@pytest.mark.parametrize(
    ("typed", "lengths"),
    [
        ("16 64 256", (16, 64, 256)),
        ("16, 64, 256", (16, 64, 256)),
        ("16,64", (16, 64)),
        ("16 64 1,024", (16, 64, 1024)),
        ("１６\u200964", (16, 64)),
    ],
)
def test_numbers_in_a_row_are_parted_by_blanks_or_by_commas(
    typed: str, lengths: tuple[int, ...]
) -> None:
    assert phases.lengths_of(typed) == lengths


def test_a_comma_within_a_row_is_the_numbers_own() -> None:
    assert rates_of("0,5 1 2") == (0.5, 1.0, 2.0)
    assert scores_of("cat 2,4, dog −1,6") == (("cat", 2.4), ("dog", -1.6))
    assert scores_of("1,2,3") == (("1", 1.0), ("2", 2.0), ("3", 3.0))
    assert [one.added for one in biases("be: -1,5, the: ½")] == [-1.5, 0.5]


@pytest.mark.parametrize("typed", ["4,9 3", "4.5 3", "3 or 4"])
def test_a_number_in_a_row_that_isnt_whole_is_never_cut(typed: str) -> None:
    with pytest.raises(ValueError, match="lengths in tokens"):
        batching.lengths_of(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "layers=32 width=4096 heads=32",
        "layers=32,width=4096,heads=32",
        "layers = 32; width = 4,096; heads = 32",
        "layers=32, width=4 096, heads=32",
    ],
)
def test_sizes_by_hand_are_read_whole(typed: str) -> None:
    found = shape_from_text(typed)
    assert (found.layers, found.width, found.heads) == (32, 4096, 32)


@pytest.mark.parametrize("size", ["4096,5", "4.096", "many", "", "10^12", "-4096"])
def test_a_size_that_cant_be_is_refused(size: str) -> None:
    with pytest.raises(BadInput, match="Type at least"):
        shape_from_text(f"layers=32 width={size} heads=32")
