from typing import Any

import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Exhibit, Prose, Table
from tools.exhibit.text import exhibit_text
from tools.instruments import mask
from tools.instruments.mask import EXAMPLES, MaskParams

ALERT = (
    '{"type": "object", "properties": {"alert": {"type": "string"}, "node": {"type": "integer"}}, '
    '"required": ["alert", "node"], "additionalProperties": false}'
)


def tables(shown: Exhibit) -> list[Table]:
    return [part for part in shown.parts if isinstance(part, Table)]


def prose(shown: Exhibit) -> str:
    return "\n".join(part.text for part in shown.parts if isinstance(part, Prose))


async def test_a_choice_is_one_of_them_and_then_the_end(embedded: LocalEngine) -> None:
    shown = await mask.run(embedded, MaskParams())
    steps, allowed = tables(shown)
    assert steps.rows == (("medium", "99.8", "⏎"), ("‹end›", ">99.9", ","))
    assert [row[0] for row in allowed.rows[:3]] == ["medium", "low", "high"]
    assert shown.title == "Held to choices: it fits"
    assert "12 tokens of 49,152 are allowed. The model wanted ⏎ (32.4 %)" in prose(shown)
    assert values(shown)["forced"] == "1 of 2"
    await assert_it_fits_and_turns(embedded, "mask", shown)


@pytest.mark.parametrize("kind", EXAMPLES)
async def test_what_is_allowed_and_what_is_cut_are_all_there_is(
    kind: Any, embedded: LocalEngine
) -> None:
    shown = await mask.run(embedded, MaskParams(kind=kind))
    assert shown.title.endswith("it fits")
    *allowed, cut = tables(shown)[1].rows
    shares = [float(row[1].strip("<>")) for row in (*allowed, cut)]
    assert sum(shares) == pytest.approx(100, abs=1)
    assert sum(float(row[2].strip("<>")) for row in allowed) == pytest.approx(100, abs=1)


async def test_the_step_looked_at_is_lit_among_those_around_it(embedded: LocalEngine) -> None:
    shown = await mask.run(embedded, MaskParams(kind="json", look=9))
    steps, allowed = tables(shown)
    assert (len(steps.rows), steps.lit) == (5, 2)
    assert steps.rows[2][0] == allowed.rows[0][0] == "ow"
    assert "one token of 49,152 is allowed, so it is forced" in prose(shown)
    last = await mask.run(embedded, MaskParams(kind="json", look=32))
    assert tables(last)[0].lit == 4
    assert tables(last)[0].rows[4][0] == "‹end›"


async def test_cut_off_json_is_said_not_to_be_json(embedded: LocalEngine) -> None:
    shown = await mask.run(embedded, MaskParams(kind="json", steps=8))
    assert shown.title == "Held to a JSON schema: cut off, not valid JSON"
    assert "Cut off after 8 tokens (max_tokens)" in prose(shown)
    assert values(shown)["ended"] == "by max_tokens"


async def test_white_space_without_end_is_told_for_what_it_is(embedded: LocalEngine) -> None:
    prompt = EXAMPLES["json"].prompt
    shown = await mask.run(embedded, MaskParams(prompt=prompt, kind="json", rule=ALERT, steps=32))
    assert "It ran on in white space" in prose(shown)
    assert "disable_any_whitespace" in prose(shown)


async def test_another_kind_brings_its_own_example(embedded: LocalEngine) -> None:
    chosen = {"kind": "regex", "rule": "[a-c]{2}", "look": 2}
    shown = await catalogue.run(embedded, "mask", chosen)
    assert "Rule: [a-c]{2}" in exhibit_text(shown)
    assert "Severity of" in exhibit_text(shown)  # one's own rule, so the prompt as it stands
    shown = await catalogue.run(embedded, "mask", {"kind": "regex"})
    assert "default gateway" in exhibit_text(shown).replace("\n", " ")


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"rule": "low,,high"}, "none empty"),
        ({"kind": "regex", "rule": "("}, "unclosed group"),
        ({"kind": "json", "rule": "{severity}"}, "isn't JSON"),
        ({"kind": "json", "rule": '{"not": {}}'}, "doesn't know the keys"),
        ({"steps": 33}, "less than or equal to 32"),
        ({"kind": "xml"}, "Input should be 'choice', 'regex' or 'json'"),
    ],
)
def test_a_bad_rule_is_refused_before_there_is_a_model(chosen: dict[str, object], why: str) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        catalogue.parameters("mask", chosen)
    assert "\n" not in str(refused.value)


async def test_a_forced_word_is_said_to_be_spelt_by_llguidance(embedded: LocalEngine) -> None:
    shown = await mask.run(embedded, MaskParams(kind="json"))
    assert "forces a word's usual tokens" in prose(shown)
    assert "forces a word" not in prose(await mask.run(embedded, MaskParams()))
