"""A message's menu: the model goes on from it, or the tutor answers it; both in private."""

from typing import Any

import pytest

from tests.fakes.model import FakeEngine
from tests.journeys.player import Player

NEXT, ASK = "What would the model say next?", "Ask Hunch about this"


async def choose(player: Player, name: str, message: Any) -> str:
    """Choose from the menu of a message; return what the answer says."""
    player.shown = await player.actor.context_menu(player.channel, name, message)
    player.card = player.shown.response.message
    return player.text


async def test_the_model_goes_on_from_anybodys_message_for_whoever_asked(
    alice: Player, mallory: Player, engine: FakeEngine
) -> None:
    said = await mallory.actor.send(mallory.channel, "The cat sat on the")
    asked = await choose(alice, NEXT, said)
    assert "> The cat sat on the" in asked
    text = await alice.press("Just show me")
    assert "␣kube" in text
    assert engine.asked[0].text == "The cat sat on the"
    assert alice.shown.response.ephemeral
    assert "[Append ␣kube]" in text


async def test_a_card_of_the_bot_can_be_gone_on_from_too(alice: Player, engine: FakeEngine) -> None:
    await alice.type("nexttoken", prompt="The cat sat on the")
    await choose(alice, NEXT, alice.card)
    assert "live · fake-135m" in engine.asked[-1].text


@pytest.mark.parametrize("name", [NEXT, ASK])
async def test_a_message_without_words_is_told(
    simcord_env: Any, alice: Player, mallory: Player, name: str
) -> None:
    empty = await mallory.actor.send(mallory.channel, "", attachments=[("a.txt", b"hi")])
    alice.shown = await alice.actor.context_menu(alice.channel, name, empty)
    assert "no words in that message" in alice.told


async def test_a_message_is_asked_about_in_private(alice: Player, mallory: Player) -> None:
    said = await mallory.actor.send(mallory.channel, "What is a KV cache?")
    text = await choose(alice, ASK, said)
    assert "What is a KV cache?" in text
    assert "from the course, no chat model" in text
    assert alice.shown.response.ephemeral


async def test_it_is_acknowledged_before_anything_else(
    simcord_env: Any, alice: Player, mallory: Player
) -> None:
    said = await mallory.actor.send(mallory.channel, "The cat sat on the")
    await choose(alice, NEXT, said)
    calls = [(r.method, r.path) for r in simcord_env.http_requests]
    first = next(i for i, (_, path) in enumerate(calls) if "/callback" in path)
    edit = next(i for i, (method, path) in enumerate(calls) if method == "PATCH")
    assert first < edit
