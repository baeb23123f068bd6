from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Curve, Table
from tools.instruments import lens
from tools.instruments.lens import LensParams


async def test_the_last_row_is_the_models_own_answer(embedded: LocalEngine) -> None:
    shown = await lens.run(embedded, LensParams())
    own = (await embedded.next_token(Prompt(LensParams().prompt), 1)).top[0]
    curve, table, _ = shown.parts
    assert isinstance(curve, Curve)
    assert isinstance(table, Table)
    assert table.rows[-1] == ("␣Ku", "30", f"{100 * own.probability:.1f}", "1")
    assert [int(row[1]) for row in table.rows] == [0, 5, 10, 15, 20, 25, 27, 28, 29, 30]
    assert len(curve.series[0].points) == 31
    await assert_it_fits_and_turns(embedded, "lens", shown)


async def test_it_says_from_where_on_the_answer_stays_first(embedded: LocalEngine) -> None:
    shown = await lens.run(embedded, LensParams(every=1))
    table = shown.parts[1]
    assert isinstance(table, Table)
    assert len(table.rows) == 31
    settled = values(shown)["first for good after block"]
    assert isinstance(settled, int)
    assert {row[0] for row in table.rows[settled:]} == {"␣Ku"}
    assert table.rows[settled - 1][0] != "␣Ku"
