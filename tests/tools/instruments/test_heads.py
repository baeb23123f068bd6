import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit import Grid, Prose, Table
from tools.instruments import attention, heads
from tools.instruments.attention import Attention
from tools.instruments.heads import KINDS, Heads, Kind


@pytest.mark.parametrize("kind", KINDS)
async def test_the_first_of_a_kind_is_the_brightest(embedded: LocalEngine, kind: Kind) -> None:
    shown = await heads.run(embedded, Heads(kind=kind))
    grid, table, said = shown.parts
    assert isinstance(grid, Grid)
    assert isinstance(table, Table)
    assert isinstance(said, Prose)
    assert (len(grid.rows), len(grid.columns)) == (30, 9)
    best = max(value or 0.0 for row in grid.values for value in row)
    assert grid.lit is not None
    assert grid.values[grid.lit[0]][grid.lit[1]] == best
    layer, head, share = table.rows[0]
    assert (int(layer) - 1, int(head) - 1) == grid.lit
    assert share == f"{100 * best:.1f} %"
    assert said.text.endswith(f"layer:{layer} head:{head}")
    assert values(shown)["heads"] == 270
    await assert_it_fits_and_turns(embedded, "heads", shown)


async def test_the_head_it_names_does_look_back(embedded: LocalEngine) -> None:
    text = Heads().text
    layer, head, _ = (await heads.run(embedded, Heads())).parts[1].rows[0]  # type: ignore[union-attr]
    chosen = Attention(prompt=text, layer=int(layer), head=int(head), token=7)
    grid = (await attention.run(embedded, chosen)).parts[0]
    assert isinstance(grid, Grid)
    assert grid.lit == (6, 5)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("same", "Repeat a word"), ("far", "more than 10 tokens"), ("previous", "at least 3")],
)
async def test_a_text_with_nothing_of_the_kind_is_told(
    embedded: LocalEngine, kind: Kind, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        await heads.run(embedded, Heads(text="One two", kind=kind))
