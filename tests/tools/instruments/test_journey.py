import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Bars, Curve, Diagram, Knob, Table, Tokens
from tools.instruments import journey
from tools.instruments.journey import JourneyParams


@pytest.mark.parametrize("stage", range(1, 7))
async def test_each_stage_lights_what_it_makes(embedded: LocalEngine, stage: int) -> None:
    shown = await journey.run(embedded, JourneyParams(stage=stage))
    diagram = shown.parts[0]
    assert isinstance(diagram, Diagram)
    assert [place for place, box in enumerate(diagram.boxes) if box.is_lit] == [stage]
    assert diagram.boxes[2].note == "5 × 576"
    assert values(shown) == {"tokens": 5, "width": 576, "blocks": 30, "scores": 49_152}
    await assert_it_fits_and_turns(embedded, "journey", shown)


async def test_the_numbers_are_the_models_own(embedded: LocalEngine) -> None:
    read = await embedded.next_token(Prompt("The cat sat on the"), 5)
    parts = [(await journey.run(embedded, JourneyParams(stage=n))).parts[1] for n in range(1, 7)]
    ids, vectors, blocks, scores, choice, text = parts
    assert isinstance(ids, Table)
    assert [row[1] for row in ids.rows] == [f"{token.id:,}" for token in read.prompt_tokens]
    assert "Row 260" in str(vectors)
    assert isinstance(blocks, Curve)
    assert len(blocks.series[0].points) == 31
    assert isinstance(scores, Table)
    assert isinstance(choice, Bars)
    assert [bar.share for bar in choice.rows] == pytest.approx(
        [one.probability for one in read.top], rel=1e-3
    )
    assert isinstance(text, Tokens)
    assert text.texts[-1] == choice.rows[0].label == scores.rows[0][0]


async def test_the_main_button_goes_on_until_the_end(embedded: LocalEngine) -> None:
    for stage, label in ((1, "Next stage"), (6, None)):
        shown = await journey.run(embedded, JourneyParams(stage=stage))
        mains = [c.label for c in shown.controls if isinstance(c, Knob) and c.is_main]
        assert mains == ([label] if label else [])


async def test_a_long_prompt_still_fits(embedded: LocalEngine) -> None:
    for stage in (1, 6):
        shown = await journey.run(embedded, JourneyParams(prompt="日本語 " * 30, stage=stage))
        await assert_it_fits_and_turns(embedded, "journey", shown)
