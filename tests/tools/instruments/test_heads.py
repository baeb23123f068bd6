import random

import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Dial, Exhibit, Grid, Knob, Prose, Table
from tools.instrument import Turning
from tools.instruments import attention, heads
from tools.instruments.attention import Attention
from tools.instruments.heads import KINDS, HeadKind, Heads


@pytest.mark.parametrize("kind", KINDS)
async def test_the_first_of_a_kind_is_the_brightest(embedded: LocalEngine, kind: HeadKind) -> None:
    shown = await heads.run(embedded, Heads(kind=kind))
    grid, table = shown.parts
    assert isinstance(grid, Grid)
    assert isinstance(table, Table)
    assert (len(grid.rows), len(grid.columns)) == (30, 9)
    best = max(value or 0.0 for row in grid.values for value in row)
    assert grid.lit is not None
    assert grid.values[grid.lit[0]][grid.lit[1]] == best
    layer, head, share = table.rows[0]
    assert (int(layer) - 1, int(head) - 1) == grid.lit
    assert share == f"{100 * best:.1f} %"
    assert opening(shown).settings[0][0] == f"{layer}.{head}"
    assert values(shown)["heads"] == 270
    await assert_it_fits_and_turns(embedded, "heads", shown)


def opening(shown: Exhibit) -> Dial:
    """The menu that opens a head."""
    return next(one for one in shown.controls if isinstance(one, Dial))


async def test_a_head_that_is_picked_opens_on_the_same_card(embedded: LocalEngine) -> None:
    first, *_ = opening(await heads.run(embedded, Heads())).settings
    params = await heads.turn(embedded, Heads(), Turning("opened", first[0], random.Random(0)))
    assert isinstance(params, Heads)
    shown = await heads.run(embedded, params)
    grid, said = shown.parts
    layer, head = (int(number) for number in first[0].split("."))
    chosen = Attention(prompt=Heads().text, layer=layer, head=head, token=7)
    theirs = (await attention.run(embedded, chosen)).parts[0]
    assert isinstance(grid, Grid)
    assert isinstance(theirs, Grid)
    assert grid.values == theirs.values
    assert theirs.lit == (6, 5), "it does look at the token just before"
    assert isinstance(said, Prose)
    assert said.text.endswith(f"layer:{layer} head:{head}")
    assert shown.title == f"Layer {layer}, head {head}: who looks at whom"
    back = next(one for one in shown.controls if isinstance(one, Knob) and one.is_main)
    assert (back.label, back.value) == ("All heads", "")


async def test_another_kind_of_look_shows_all_heads_again(embedded: LocalEngine) -> None:
    after = await heads.turn(
        embedded, Heads(opened="3.2"), Turning("kind", "far", random.Random(0))
    )
    assert after == Heads(kind="far")


async def test_a_head_that_is_not_there_is_told(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="head"):
        await heads.run(embedded, Heads(opened="3.99"))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("same", "Repeat a word"), ("far", "more than 10 tokens"), ("previous", "at least 3")],
)
async def test_a_text_with_nothing_of_the_kind_is_told(
    embedded: LocalEngine, kind: HeadKind, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        await heads.run(embedded, Heads(text="One two", kind=kind))
