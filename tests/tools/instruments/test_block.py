import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Diagram
from tools.instruments import block
from tools.instruments.block import BlockParams, PartName, work_of

WEIGHTS: dict[PartName, int] = {
    "norm_1": 576,
    "attention": 2 * 576 * 576 + 2 * 576 * 192,
    "add_1": 0,
    "norm_2": 576,
    "feed_forward": 3 * 576 * 1536,
    "add_2": 0,
}


@pytest.mark.parametrize("part", WEIGHTS)
async def test_each_part_opens_with_its_own_count(embedded: LocalEngine, part: PartName) -> None:
    shown = await block.run(embedded, BlockParams(part=part))
    diagram = shown.parts[0]
    assert isinstance(diagram, Diagram)
    assert [box.is_lit for box in diagram.boxes[1:]] == [name == part for name in WEIGHTS]
    assert diagram.skips == ((0, 3), (3, 6))
    assert values(shown)["weights"] == WEIGHTS[part]
    await assert_it_fits_and_turns(embedded, "block", shown)


@pytest.mark.against("block", by="the published 134,515,008 weights")
async def test_the_parts_make_up_the_model(embedded: LocalEngine) -> None:
    shape = await embedded.shape()
    counted = sum(one.parameters for one in work_of(shape, 1).values())
    assert counted == sum(WEIGHTS.values())
    assert 30 * counted + 49_152 * 576 + 576 == 134_515_008


async def test_attention_grows_with_what_it_looks_back_on(embedded: LocalEngine) -> None:
    shape = await embedded.shape()
    near, far = work_of(shape, 1), work_of(shape, 1001)
    assert far["attention"].operations - near["attention"].operations == 1000 * 4 * 9 * 64
    assert far["feed_forward"] == near["feed_forward"]
    assert near["feed_forward"].operations == 2 * 3 * 576 * 1536
