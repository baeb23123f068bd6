import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Bars, Prose
from tools.instruments import neighbours
from tools.instruments.neighbours import NeighboursParams


async def test_a_words_nearest_are_its_other_spellings(embedded: LocalEngine) -> None:
    shown = await neighbours.run(embedded, NeighboursParams())
    bars = shown.parts[0]
    assert isinstance(bars, Bars)
    assert [bar.label for bar in bars.rows[:3]] == ["␣King", "King", "␣kings"]
    assert len(bars.rows) == 8
    assert shown.title == "Nearest to king"
    await assert_it_fits_and_turns(embedded, "neighbours", shown)


async def test_king_less_man_and_woman_both_ways(embedded: LocalEngine) -> None:
    for inputs, second in ((False, "␣Queen"), (True, "␣king")):
        chosen = NeighboursParams(minus="man", plus="woman", inputs=inputs)
        shown = await neighbours.run(embedded, chosen)
        bars = shown.parts[0]
        assert isinstance(bars, Bars)
        assert [bar.label for bar in bars.rows[:2]] == ["␣queen", second]
        assert shown.title == "Nearest to king − man + woman"
        assert values(shown)["inputs"] == ("allowed" if inputs else "left out")
        await assert_it_fits_and_turns(embedded, "neighbours", shown)


async def test_where_the_nearest_is_an_input_it_says_so(embedded: LocalEngine) -> None:
    chosen = NeighboursParams(word="Paris", minus="France", plus="Germany", inputs=True)
    said = (await neighbours.run(embedded, chosen)).parts[1]
    assert isinstance(said, Prose)
    assert said.text.startswith("Honestly: the nearest is ␣Paris, one of the words asked for.")


async def test_a_word_of_several_tokens_is_told(embedded: LocalEngine) -> None:
    shown = await neighbours.run(embedded, NeighboursParams(word="Kubernetes"))
    note = shown.parts[-1]
    assert isinstance(note, Prose)
    assert note.text.startswith("Kubernetes is 3 tokens (␣Ku, ber, netes)")
    await assert_it_fits_and_turns(embedded, "neighbours", shown)


async def test_no_word_is_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput):
        await neighbours.run(embedded, NeighboursParams(word=" "))


async def test_a_cosine_is_shown_with_what_any_token_has(embedded: LocalEngine) -> None:
    shown = await neighbours.run(embedded, NeighboursParams())
    assert values(shown)["two rows by lot"] == "0.44"
    said = shown.parts[1]
    assert isinstance(said, Prose)
    assert said.text.endswith("Any token has 0.17 ± 0.05 with it.")


async def test_what_is_hardly_nearer_than_any_is_not_called_alike(embedded: LocalEngine) -> None:
    shown = await neighbours.run(embedded, NeighboursParams(word="Kubernetes"))
    bars, said = shown.parts[:2]
    assert isinstance(bars, Bars)
    assert isinstance(said, Prose)
    assert not [bar for bar in bars.rows if "<" in bar.label or "firehose" in bar.label]
    assert "used alike" not in said.text
    assert said.text.startswith("No token stands out")
    assert said.text.endswith("Any token has 0.55 ± 0.12 with it.")


async def test_with_the_mean_row_off_two_rows_by_lot_have_nothing(embedded: LocalEngine) -> None:
    shown = await neighbours.run(embedded, NeighboursParams(word="Kubernetes", centred=True))
    bars = shown.parts[0]
    assert isinstance(bars, Bars)
    assert "␣Docker" in [bar.label for bar in bars.rows]
    assert values(shown)["two rows by lot"] == "0.00"
    assert values(shown)["measure"] == "cosine, less what all rows share"
    await assert_it_fits_and_turns(embedded, "neighbours", shown)
