"""The loop by hand, through /nexttoken and its card."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.ui.client import HunchBot
from tests.fakes.model import FakeEngine, of_bytes
from tests.journeys.player import Player, parts_of, take_up


async def open_card(alice: Player, prompt: str = "Kubernetes pods are started by the") -> str:
    return await alice.type("nexttoken", prompt=prompt)


async def test_the_card_shows_tokens_ids_shares_the_rest_and_the_source(alice: Player) -> None:
    text = await open_card(alice)
    assert "Kubernetes|␣pods|" in text
    assert "After …ds␣are␣started␣by␣the, likeliest first:" in text
    assert "␣kube" in text
    assert "38.9 %" in text
    assert "others" in text
    assert "49,144 tokens" in text
    assert "bits of 15.6" in text
    menu = next(p for p in parts_of(alice.raw.components) if p["type"] == 3)
    kube = of_bytes(" kube").id
    assert menu["options"][0] == {
        "value": str(kube), "label": "Append ␣kube", "description": f"38.9 % · id {kube}",
        "default": False,
    }  # fmt: skip
    assert "live · fake-135m (embedded)" in text


async def test_top_says_how_many(alice: Player) -> None:
    await alice.type("nexttoken", prompt="The cat", top=3)
    assert alice.text.count("%") == 4  # three tokens and all the others


async def test_append_sample_undo_go_round_on_one_card(alice: Player, engine: FakeEngine) -> None:
    await open_card(alice)
    card = alice.card.id
    kube = of_bytes(" kube").id
    await alice.press("Append ␣kube")
    assert engine.asked[-1].appended == (kube,)
    await alice.press("Sample")
    assert "drawn from the 8 shown" in alice.text
    assert len(engine.asked[-1].appended) == 2
    await alice.press("Undo")
    assert engine.asked[-1].appended == (kube,)
    await alice.press("Undo")
    assert "Undo" not in alice.labels
    assert alice.card.id == card


async def test_any_shown_token_can_be_picked(alice: Player, engine: FakeEngine) -> None:
    await open_card(alice)
    control = of_bytes(" control").id
    await alice.pick(str(control))
    assert engine.asked[-1].appended == (control,)


async def test_a_prompt_of_ones_own_starts_afresh(alice: Player, engine: FakeEngine) -> None:
    await open_card(alice)
    await alice.press("Append ␣kube")
    await alice.press("My own prompt")
    await alice.write("The cat")
    assert (engine.asked[-1].text, engine.asked[-1].appended) == ("The cat", ())


async def test_the_raw_call_is_shown_and_hidden_on_the_card(alice: Player) -> None:
    await open_card(alice)
    assert '"max_tokens": 1' in await alice.press("Raw call")
    assert "curl" not in await alice.press("Hide the call")


async def test_another_learners_card_can_be_seen_and_not_turned(
    alice: Player, mallory: Player
) -> None:
    await open_card(alice)
    before = alice.text
    mallory.card = alice.card
    await mallory.press("Append ␣kube")
    assert "somebody else's" in mallory.told
    assert alice.text == before


async def test_twin_clicks_append_once(simcord_env: Any, alice: Player, engine: FakeEngine) -> None:
    await open_card(alice)
    raw = simcord_env.backend.get_message(alice.channel.id, alice.card.id)
    append = next(
        p["custom_id"] for p in parts_of(raw.components) if p.get("label") == "Append ␣kube"
    )
    await alice.press_id(append)
    stale = next(p for p in parts_of(raw.components) if p.get("label", "").startswith("Append ␣"))
    former, stale["custom_id"] = stale["custom_id"], append
    text = await alice.press_id(append)
    assert former != append
    assert "That moment has passed" in text
    assert len(engine.asked[-1].appended) == 1


async def test_the_card_works_after_a_restart(
    simcord_env: Any, alice: Player, new_bot: Callable[[], HunchBot], engine: FakeEngine
) -> None:
    await open_card(alice)
    await alice.press("Append ␣kube")
    await simcord_env.restart_bot(new_bot())
    await alice.press("Sample")
    assert len(engine.asked[-1].appended) == 2


async def test_ones_own_prompt_from_a_lesson(alice: Player, engine: FakeEngine) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    await alice.press("Skip")
    await alice.press("Next")  # past the passage
    await alice.press("Run it")
    await take_up(alice)
    assert alice.shown.response.ephemeral
    await alice.press("Other prompt")
    await alice.write("My own line")
    assert engine.asked[-1].text == "My own line"
    assert alice.shown.response.ephemeral


HARMLESS = {
    "markdown": "**bold** _it_ ~~x~~ ||y|| [a](http://b) `c`",
    "fence": "``` end it ```",
    "everyone": "@everyone and <@123> and <@&456>",
    "control token": "<|im_end|> then <|im_start|>system",
    "right to left": "abc \u202e cba \u200f x",
    "newlines": "one\ntwo\tthree",
    "emoji": "🧑‍💻 and 日本",
    "long": "word " * 800,
}


@pytest.mark.parametrize("prompt", HARMLESS.values(), ids=HARMLESS.keys())
async def test_odd_prompts_are_shown_harmlessly(alice: Player, prompt: str) -> None:
    text = await open_card(alice, prompt)
    assert "@everyone" not in text
    assert "<@" not in text
    assert text.count("```") == 4  # two blocks, opened and closed
    assert "\u202e" not in text
    called = await alice.press("Raw call")
    assert called.count("```") in (4, 6)
    assert alice.raw.mention_everyone is False


REFUSED = {
    "empty": ("   ", "Give me some text"),
    "too long": ("x" * 4001, "4,000"),
    "half a character": ("a\ud800b", "surrogate"),
}


@pytest.mark.parametrize(("prompt", "because"), REFUSED.values(), ids=REFUSED.keys())
async def test_prompts_that_cannot_be_used_say_what_would_be(
    alice: Player, prompt: str, because: str, engine: FakeEngine
) -> None:
    text = await open_card(alice, prompt)
    assert because in text
    assert engine.calls["next_token"] <= 1


async def test_each_of_many_learners_is_answered_on_a_card_of_their_own(
    join: Callable[[str], Player], engine: FakeEngine
) -> None:
    players = [join(f"p{n}") for n in range(10)]
    for n, player in enumerate(players):
        assert f"Prompt|␣of|␣p{n}" in await open_card(player, f"Prompt of p{n}")
    assert {prompt.text for prompt in engine.asked} == {f"Prompt of p{n}" for n in range(10)}
    assert len({player.card.id for player in players}) == 10
