import json
import random
import subprocess
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.engine import CountingEngine, distribution
from tools import catalogue
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Bars, Tokens
from tools.exhibit.text import exhibit_text, fact_text
from tools.instruments import next_token
from tools.instruments.next_token import NextToken, as_json, percent, raw_call, sample


async def test_bars_show_visible_tokens_and_all_the_others() -> None:
    shown = await next_token.run(CountingEngine(), NextToken(prompt="The cat", top=4))
    _after, bars, _read = shown.parts
    assert isinstance(bars, Bars)
    assert [row.label for row in bars.rows] == [
        "␣floor",
        "⏎",
        "\ufffd",
        "<|im_end|>",
        "others",
    ]
    assert bars.rows[-1].detail == "49,148 tokens"
    assert (bars.rows[0].note, bars.rows[0].detail) == (" 50.0 %", "id 100")
    assert bars.rows[-1].is_rest
    assert sum(row.share for row in bars.rows) == pytest.approx(1)
    assert [fact_text(fact) for fact in shown.facts] == [
        "entropy 2 bits of 15.6",
        "others 49,148 tokens",
        "tokens read 2",
    ]


def test_an_entropy_that_is_a_bound_says_so() -> None:
    names = [
        fact.name
        for fact in next_token.facts(
            replace(distribution(), is_entropy_exact=False, vocabulary=None)
        )
    ]
    assert names == ["entropy at least", "tokens read"]
    within = replace(distribution(), is_entropy_exact=False, entropy_most_bits=9.126)
    assert fact_text(next_token.facts(within)[0]) == "entropy between 2.00 and 9.13 bits of 15.6"


def test_without_a_known_vocabulary_the_others_are_not_counted() -> None:
    assert next_token.others(replace(distribution(), vocabulary=None)) == ""


async def test_a_prompt_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput):
        await next_token.run(CountingEngine(), NextToken(prompt="  "))


def test_the_json_twin_has_exactly_the_keys_agreed_on() -> None:
    shown = as_json(distribution())
    assert list(shown) == [
        "model",
        "engine",
        "provenance",
        "prompt_token_ids",
        "tokens",
        "other_probability",
        "entropy_bits",
        "entropy_most_bits",
    ]
    assert list(shown["tokens"][0]) == ["id", "text", "logprob", "probability"]
    assert shown["provenance"] == "live"
    assert as_json(replace(distribution(), is_kept=True))["provenance"] == "kept"
    assert json.loads(json.dumps(shown)) == shown


async def test_the_json_of_half_characters_can_be_written(embedded: LocalEngine) -> None:
    shown = await embedded.next_token(Prompt("日本"), 20)
    assert any("\ufffd" in c.token.text for c in shown.top)
    assert json.loads(json.dumps(as_json(shown)))["tokens"]


def _sent(command: str) -> tuple[list[str], dict[str, object]]:
    """Let a real shell split the command, and return its words and the JSON that it would send."""
    printed = subprocess.run(
        ["sh", "-c", command.replace("curl ", "printf '%s\\0' ", 1)],
        check=True,
        capture_output=True,
    ).stdout
    words = printed.decode().split("\0")[:-1]
    return words, json.loads(words[-1])


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        'it\'s "quoted" $HOME `id` \\ !x',
        "two\nlines\t",
        "``` @everyone <@1>",
        "日本 🎉 \u202e",
        "'; rm -rf / #",
        "-d --data @/etc/passwd",
    ],
)
def test_the_raw_call_sends_exactly_the_prompt(text: str) -> None:
    code, note = raw_call(distribution(), Prompt(text), "http://host:8000/v1/")
    words, body = _sent(code.text)
    assert words[0] == "http://host:8000/v1/completions"
    assert words[-2] == "-d"
    assert body["prompt"] == text
    assert body["max_tokens"] == 1
    assert body["logprobs"] == 4
    assert note == ""


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_prompt_ends_the_code_block_or_mentions_anyone(text: str) -> None:
    code, _ = raw_call(distribution(), Prompt(text))
    assert code.text.isascii()
    assert "`" not in code.text
    assert "@" not in code.text
    assert "<" not in code.text


def test_after_appending_the_raw_call_sends_the_ids_that_were_read() -> None:
    code, _ = raw_call(distribution(), Prompt("The cat", (5,)))
    assert _sent(code.text)[1]["prompt"] == [0, 1]


def test_a_control_token_in_the_prompt_is_sent_as_the_ids_that_were_read() -> None:
    code, _ = raw_call(distribution(), Prompt("<|im_end|>"))
    assert _sent(code.text)[1]["prompt"] == [0, 1]


def test_without_a_server_the_raw_call_says_where_it_would_work() -> None:
    code, note = raw_call(distribution(), Prompt("x"))
    assert "localhost:8000" in code.text
    assert "vLLM" in note


def test_sampling_follows_the_shown_probabilities() -> None:
    dice = random.Random(7)
    drawn = Counter(sample(distribution(), dice).token.id for _ in range(4000))
    assert drawn[100] / 4000 == pytest.approx(0.5 / 0.9375, abs=0.03)
    assert drawn[103] / 4000 == pytest.approx(0.0625 / 0.9375, abs=0.02)
    assert next_token.sampled_from(distribution()) == (
        "drawn from the 4 shown (93.8 % of all), scaled up to 100 %"
    )


def test_the_same_dice_draw_the_same_token() -> None:
    draws = [sample(distribution(), random.Random(3)) for _ in range(5)]
    assert len(set(draws)) == 1


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0.389, " 38.9 %"), (1.0, "100.0 %"), (0.0, "  0.0 %"), (1e-6, " <0.1 %")],
)
def test_percents_line_up(probability: float, shown: str) -> None:
    assert percent(probability) == shown


async def test_half_a_character_is_shown_as_its_bytes(embedded: LocalEngine) -> None:
    shown = await next_token.run(embedded, NextToken(prompt="日本", top=20))
    _after, bars, run = shown.parts[:3]
    assert isinstance(run, Tokens)
    assert isinstance(bars, Bars)
    assert run.texts == ("‹e6 97›", "‹a5›", "本")
    assert any(row.label.startswith("‹e") for row in bars.rows)
    assert "\ufffd" not in exhibit_text(shown)


@pytest.mark.parametrize("name", ["generate", "beam", "sampling", "lens", "journey", "attention"])
async def test_so_do_its_siblings(name: str, embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, name, {"prompt": "日本東京都の"})
    assert "\ufffd" not in exhibit_text(shown)
