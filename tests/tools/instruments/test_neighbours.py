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
    assert said.text == "Honestly: the nearest is ␣Paris, one of the words asked for."


async def test_a_word_of_several_tokens_is_told(embedded: LocalEngine) -> None:
    shown = await neighbours.run(embedded, NeighboursParams(word="Kubernetes"))
    note = shown.parts[-1]
    assert isinstance(note, Prose)
    assert note.text.startswith("Kubernetes is 3 tokens (␣Ku, ber, netes)")
    await assert_it_fits_and_turns(embedded, "neighbours", shown)


async def test_no_word_is_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput):
        await neighbours.run(embedded, NeighboursParams(word=" "))
