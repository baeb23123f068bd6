"""What stands above a card's first button: ten lines, by construction."""

import re
from collections.abc import Sequence

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.instrument.trial import Trial
from bot.ui.cards.fold import MOST_LINES, CardPart, fold, led, lines
from bot.ui.cards.instrument import draw_instrument
from bot.ui.cards.kit import Picture
from tests.journeys.player import parts_of
from tests.tools.instruments.quick import quick
from tests.ui.limits import lines_above
from tools import catalogue
from tools.engine.base import OF_A_SERVER
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Dial, Tree

NAMES = [name for name, found in catalogue.INSTRUMENTS.items() if not found.needs & OF_A_SERVER]
PICTURE = Picture("part-1.png", Tree(()), "a tree")
WORDS = st.text(alphabet="ab :", min_size=1, max_size=120)
BLOCKS = st.integers(1, 14).map(lambda count: block(count))
PARTS = st.lists(st.one_of(WORDS, BLOCKS, st.just(PICTURE)), max_size=8)


def block(count: int) -> str:
    return "```\n" + "\n".join("x" * count) + "\n```"


@given(PARTS)
def test_nothing_is_lost_or_moved(parts: list[CardPart]) -> None:
    above, below = fold(parts)
    assert above + below == parts


@given(PARTS)
def test_what_is_above_is_short_unless_the_first_thing_to_see_is_long(
    parts: list[CardPart],
) -> None:
    above, _ = fold(parts)
    shown = [part for part in above if isinstance(part, Picture) or part.startswith("```")]
    assert lines(above) <= MOST_LINES or above[-1:] == shown[:1] or not shown


@given(PARTS)
def test_a_line_that_announces_stays_with_what_it_announces(parts: list[CardPart]) -> None:
    above, below = fold(parts)
    last = above[-1] if above else ""
    assert not below or not isinstance(last, str) or not last.endswith(":")


def test_a_card_that_grew_leads_aside_by_the_tenth_line_and_on_at_its_end() -> None:
    onward, aside = [ui.Button(label="Next")], [ui.Button(label="See it live")]  # type: ignore[var-annotated]
    told = ["place", "x\n" * 7]
    assert labels(led(told, [], onward, aside)) == [*told, "Next, See it live"]
    long = block(9)
    assert labels(led(told, [long], onward, aside)) == [*told, "See it live", long, "Next"]
    assert labels(led(told, [long, None], onward, [])) == [*told, "Next", long]


def labels(shown: Sequence[object]) -> list[object]:
    """Return a card's parts; a row as what its buttons are called."""
    return [
        ", ".join(str(one.label) for one in part.children if isinstance(one, ui.Button))
        if isinstance(part, ui.ActionRow)
        else part
        for part in shown
    ]


def test_lines_are_counted_as_a_phone_breaks_them() -> None:
    assert lines(["**A title**", block(4), "x" * 45, PICTURE]) == 1 + 4 + 2 + 8


def test_a_prompt_s_tokens_only_lead_to_what_it_makes() -> None:
    parts = ["**Title**", block(5), block(9), "-# facts"]
    assert fold(parts, leads=[1]) == (parts[:3], parts[3:])


def test_the_second_table_goes_below_with_its_heading() -> None:
    parts = ["**Title**", block(6), "Seen otherwise:", block(4), "-# facts"]
    assert fold(parts) == (parts[:2], parts[2:])


@pytest.mark.parametrize("name", NAMES)
async def test_an_instrument_opens_with_its_knobs_in_sight(
    name: str, embedded: LocalEngine
) -> None:
    shown = await catalogue.run(embedded, name, quick(name))
    most = MOST_LINES + (name == "nexttoken")  # its prompt, eight tokens and all the others
    assert lines_above(draw_instrument(Trial(1, 1, name, {}, 9), shown)) <= most


@pytest.mark.parametrize("name", NAMES)
async def test_it_says_what_is_seen_and_what_to_try(name: str, embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, name, quick(name))
    drawn = list(parts_of(draw_instrument(Trial(1, 1, name, {}, 9), shown).to_components()))
    said = [(part["type"], str(part.get("content", ""))) for part in drawn]
    look = next(n for n, (kind, text) in enumerate(said) if kind == 12 or text.startswith("```"))
    above = [text for kind, text in said[:look] if kind == 10]
    assert len(above) >= 2, "a title, then what there is to see"
    tries = [n for n, (_, text) in enumerate(said) if text.startswith("-# Try **")]
    assert len(tries) == 1
    assert lines([said[tries[0]][1]]) <= 2
    rows = [n for n, (kind, _) in enumerate(said) if kind == 1]
    assert rows[0] < tries[0] < (rows[1:] or [len(said)])[0], "below the first row of controls"


@pytest.mark.parametrize("name", catalogue.INSTRUMENTS)
def test_every_instrument_knows_something_to_try(name: str) -> None:
    fields = catalogue.instrument(name).params.model_fields
    tries = catalogue.instrument(name).tries
    assert tries
    knobs = {one.name for one in tries} - {"append", "descend"}
    assert knobs <= set(fields), "it names a parameter that there is not"


@pytest.mark.parametrize("name", NAMES)
async def test_a_knob_says_what_it_turns(name: str, embedded: LocalEngine) -> None:
    for control in (await catalogue.run(embedded, name, quick(name))).controls:
        assert re.search(r"[^\W\d_]", control.label), control
        if isinstance(control, Dial):
            first = control.label.split()[0].lower()
            for _, label, _ in control.settings:
                assert re.search(r"[^\W\d_]{2}", label), "a bare number says nothing"
                assert first in label.lower() or " " in label
