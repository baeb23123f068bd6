"""What an instrument asks before it shows, and how its exhibit answers."""

import pytest

from tests.tools.instruments.quick import quick
from tools import catalogue
from tools.asking import asking, cell, fact, over, quantity, ranges, share_of
from tools.engine.base import OF_A_SERVER
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Exhibit, Fact, Origin, Provenance, Table

HERE = [name for name, found in catalogue.INSTRUMENTS.items() if not found.needs & OF_A_SERVER]


def shown(*facts: Fact, table: Table | None = None) -> Exhibit:
    """An exhibit of these facts, and maybe a table."""
    return Exhibit("", (table,) if table else (), Provenance(Origin.COMPUTED), facts)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("75.0 %", 75),
        ("459,136 tokens, 3.50x", 459_136),
        ("128 KiB", 131_072),
        ("104 kB", 104_000),
        ("1.07 GB", 1.07e9),
        ("−0.5", -0.5),
        ("as it is", None),
        ("", None),
    ],
)
def test_a_quantity_is_the_number_that_a_text_begins_with(text: str, number: float | None) -> None:
    assert quantity(text) == (number if number is None else pytest.approx(number))


def test_a_range_begins_at_its_bound() -> None:
    one = ranges("How many?", fact("n"), (10, 30), " %")
    assert one.put.options == ("under 10 %", "10 to 30 %", "30 % or more")
    found = [one.right(shown(Fact("n", value))) for value in (9.9, 10, 29, 30, 1000)]
    assert found == [0, 1, 1, 2, 2]


def test_what_the_exhibit_does_not_say_cannot_be_told() -> None:
    one = ranges("How many?", fact("n"), (10,))
    assert one.right(shown(Fact("m", 3))) is None
    assert over(fact("n"), fact("m"))(shown(Fact("n", 3), Fact("m", 0))) is None
    assert share_of("n")(shown(Fact("n", "0 of 0"))) is None
    assert cell(3, 0)(shown(table=Table(("a",), (("1",),)))) is None


def test_shares_and_cells_are_read() -> None:
    assert share_of("n")(shown(Fact("n", 29, "of 30"))) == pytest.approx(29 / 30)
    assert share_of("n")(shown(Fact("n", "2 of 2", "steps"))) == 1
    assert cell(0, 1)(shown(table=Table(("a", "b"), (("x", "7.5%"),)))) == 7.5


def test_options_and_bounds_must_fit() -> None:
    with pytest.raises(ValueError, match="3 options need 2 bounds"):
        asking("How many?", ("a", "b", "c"), fact("n"), (1,))


@pytest.mark.parametrize("name", catalogue.INSTRUMENTS)
def test_every_question_can_be_answered_with_a_tap(name: str) -> None:
    put = catalogue.instrument(name).asks.put
    if not callable(put):
        assert 2 <= len(put.options) == len(set(put.options)) <= 4
        assert put.text.endswith(("?", "."))
        assert max(map(len, put.options)) <= 34


@pytest.mark.parametrize("name", HERE)
async def test_as_it_comes_the_exhibit_tells_what_is_right(
    name: str, embedded: LocalEngine
) -> None:
    chosen = {**catalogue.as_it_comes(name), **quick(name)}
    asked = await catalogue.question(embedded, name, chosen)
    right = catalogue.instrument(name).asks.right(await catalogue.run(embedded, name, chosen))
    assert asked is not None
    assert right is not None
    assert 0 <= right < len(asked.options)
