import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Bars, Dial, Grid, Knob, Prose, Table
from tools.instruments import attention
from tools.instruments.attention import Attention


async def test_it_looks_at_the_animal(embedded: LocalEngine) -> None:
    shown = await attention.run(embedded, Attention())
    grid, said, bars, asked, table = shown.parts
    assert isinstance(grid, Grid)
    assert grid.lit == (8, 1)
    assert (grid.rows[8], grid.columns[1]) == ("␣it", "␣animal")
    assert all(
        (value is None) == (column > row)
        for row, line in enumerate(grid.values)
        for column, value in enumerate(line)
    )
    assert said == Prose("Where ␣it looks:")
    assert isinstance(bars, Bars)
    assert bars.rows[0].label == "␣animal"
    assert bars.rows[0].share == grid.values[8][1]
    assert asked == Prose("The heads that look hardest from ␣it to ␣animal:")
    assert isinstance(table, Table)
    assert table.rows[0][:2] == ("14", "9")
    assert values(shown)["scores"] == 78
    await assert_it_fits_and_turns(embedded, "attention", shown)


async def test_a_long_text_shows_its_first_tokens_and_says_so(embedded: LocalEngine) -> None:
    shown = await attention.run(embedded, Attention(prompt="word " * 40, head=0, token=0))
    grid, note = shown.parts[0], shown.parts[-1]
    assert isinstance(grid, Grid)
    assert len(grid.rows) == len(grid.columns) == 24
    assert isinstance(note, Prose)
    assert note.text.startswith("The first 24 tokens; 17 more are left out.")
    assert "averaged" in shown.title
    await assert_it_fits_and_turns(embedded, "attention", shown)


async def test_the_knobs_stop_at_the_models_first_and_last_layer(embedded: LocalEngine) -> None:
    first = await attention.run(embedded, Attention(prompt="x y", layer=1, head=1))
    last = await attention.run(embedded, Attention(prompt="x y", layer=30, head=9))
    for shown, labels in ((first, {"Layer 2", "Head 2"}), (last, {"Layer 29", "Head 8"})):
        knobs = {control.label for control in shown.controls if isinstance(control, Knob)}
        assert knobs == labels | {"Average of heads"}
    menus = [control for control in first.controls if isinstance(control, Dial)]
    assert [len(menu.settings) for menu in menus] == [2, 2]


async def test_a_token_can_not_look_ahead(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="causal mask"):
        await attention.run(embedded, Attention(token=2, towards=5))
