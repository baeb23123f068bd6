import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Curve, Table
from tools.instruments import train
from tools.instruments.train import Train


async def test_the_loss_falls_and_the_sentence_is_more_likely(embedded: LocalEngine) -> None:
    shown = await train.run(embedded, Train(text="Marmot runs in Oslo", steps=1))
    curve, table, _ = shown.parts
    assert isinstance(curve, Curve)
    assert isinstance(table, Table)
    (_, first), (_, last) = curve.series[0].points
    assert last < first
    assert values(shown)["loss after"] == round(last, 2)
    assert [row[0] for row in table.rows][-1] == "␣Oslo"
    await assert_it_fits_and_turns(embedded, "train", shown)


async def test_too_little_to_learn_is_told(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="2 to 48 tokens"):
        await train.run(embedded, Train(text="x"))
    with pytest.raises(BadInput, match="48 fit here"):
        await train.run(embedded, Train(text="a b " * 40))
