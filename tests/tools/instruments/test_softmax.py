import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.exhibit.exhibit import Bars, Knob, Origin, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.table_text import table_text
from tools.exhibit.text import fact_text
from tools.instruments import softmax
from tools.instruments.softmax import Softmax, probabilities, scores_of


def test_the_courses_table_is_exact() -> None:
    table, bars = softmax.exhibit(Softmax()).parts
    assert table == Table(
        ("", "z", "e^z", "÷Σ=p"),
        (
            ("cat", "2.4", "11.02", "0.578"),
            ("dog", "1.6", "4.953", "0.260"),
            ("ran", "0.7", "2.014", "0.106"),
            ("the", "-0.3", "0.741", "0.039"),
            (".", "-1.1", "0.333", "0.017"),
            ("Σ", "", "19.06", "1"),
        ),
    )
    assert isinstance(bars, Bars)
    assert [round(row.share, 3) for row in bars.rows] == [0.578, 0.260, 0.106, 0.039, 0.017]
    assert len(table_text(table, PHONE).splitlines()) == 7  # one line a row


def test_the_figures_that_circulate_wrongly_come_out_right() -> None:
    assert probabilities([0.1, 0.8, 0.6]) == pytest.approx([0.214, 0.432, 0.354], abs=5e-4)
    first, second = probabilities([4.8, 3.2])
    assert first / second == pytest.approx(4.953, abs=5e-4)


@pytest.mark.against("softmax", by="numpy", within=1e-6)
@pytest.mark.parametrize(
    ("sharpness", "first"),
    [(0.5, 0.395), (1.0, 0.578), (2.0, 0.806), (5.0, 0.982)],  # worked in numpy
)
def test_sharpening_gives_the_first_more(sharpness: float, first: float) -> None:
    shown = softmax.exhibit(Softmax(sharpness=sharpness))
    bars = shown.parts[1]
    assert isinstance(bars, Bars)
    z = np.array([2.4, 1.6, 0.7, -0.3, -1.1]) * sharpness
    assert [row.share for row in bars.rows] == pytest.approx(np.exp(z) / np.exp(z).sum())
    assert bars.rows[0].share == pytest.approx(first, abs=5e-4)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=12))
def test_probabilities_sum_to_one_and_keep_the_order(z: list[float]) -> None:
    found = probabilities(z)
    assert sum(found) == pytest.approx(1)
    in_order = [share for _, share in sorted(zip(z, found, strict=True))]
    assert in_order == pytest.approx(sorted(found))


def test_the_facts_name_the_sum_the_lead_and_the_entropy() -> None:
    assert [fact_text(fact) for fact in softmax.exhibit(Softmax()).facts] == [
        "Σ e^z 19.064",
        "first ÷ second 2.226 times",
        "entropy 1.59 bits of 2.32",
    ]


def test_only_the_toy_is_illustrative() -> None:
    assert softmax.exhibit(Softmax()).provenance.origin is Origin.ILLUSTRATIVE
    own = softmax.exhibit(Softmax(scores="a 1, b 2"))
    assert own.provenance.origin is Origin.COMPUTED


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("cat 2.4, . -1.1", (("cat", 2.4), (".", -1.1))),
        ("3\n−1", (("1", 3.0), ("2", -1.0))),
        ("the cat 1e0, x 2,", (("the cat", 1.0), ("x", 2.0))),
    ],
)
def test_scores_are_read_as_people_write_them(
    text: str, read: tuple[tuple[str, float], ...]
) -> None:
    assert scores_of(text) == read


@pytest.mark.parametrize(
    "text", ["", "cat 1", "cat 1, dog", "cat 1, dog nan", "cat 1, dog inf", "a 21, b 1", "1," * 13]
)
def test_what_is_no_list_of_scores_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Softmax(scores=text)


def test_the_widest_powers_stay_short() -> None:
    table = softmax.exhibit(Softmax(scores="a 20, b -20", sharpness=5)).parts[0]
    assert isinstance(table, Table)
    assert [row[2] for row in table.rows] == ["2.7e43", "3.7e-44", "2.7e43"]


def test_a_knob_stops_at_the_bounds() -> None:
    controls = softmax.exhibit(Softmax(sharpness=5)).controls
    assert [knob.label for knob in controls if isinstance(knob, Knob)] == [
        "Flatten ÷2",
        "As it was",
    ]
    both = softmax.exhibit(Softmax(sharpness=2)).controls  # flattened is as it was: one knob
    assert [knob.value for knob in both if isinstance(knob, Knob)] == ["4", "1"]
