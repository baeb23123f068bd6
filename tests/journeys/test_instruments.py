"""Instruments as commands and cards: listed, opened, turned, remembered."""

from collections.abc import Callable
from typing import Any

from bot.ui.client import HunchBot
from tests.fakes.model import FakeEngine
from tests.journeys.player import Player, parts_of
from tools.catalogue import INSTRUMENTS


def menus(player: Player) -> list[dict[str, Any]]:
    return [part for part in parts_of(player.raw.components) if part["type"] == 3]


async def test_all_instruments_are_listed_by_lesson_and_any_opens(alice: Player) -> None:
    text = await alice.type("more instruments")
    assert all(f"`{name}`" in text for name in INSTRUMENTS)
    offered = {option["value"] for menu in menus(alice) for option in menu["options"]}
    assert offered == set(INSTRUMENTS)
    assert "live · fake-135m" in await alice.pick("generate")


async def test_an_instrument_is_a_subcommand_of_its_topic(alice: Player) -> None:
    text = await alice.type("choice generate", prompt="The cat", steps=2)
    assert "2 " in text
    assert "live · fake-135m" in text
    assert not alice.shown.response.ephemeral


async def test_a_typed_value_turns_a_knob_on_the_same_card(
    alice: Player, engine: FakeEngine
) -> None:
    await alice.type("nexttoken", prompt="The cat")
    card = alice.card.id
    await alice.press("My own prompt")
    await alice.write("Something else")
    assert engine.asked[-1].text == "Something else"
    assert alice.card.id == card


async def test_a_typed_value_that_does_not_fit_is_told_on_the_card(alice: Player) -> None:
    await alice.type("nexttoken", prompt="The cat")
    await alice.press("My own prompt")
    text = await alice.write("half \ud83d")
    assert "surrogate" in text
    assert "[My own prompt]" in text


async def test_a_window_of_a_knob_works_after_a_restart(
    simcord_env: Any, alice: Player, new_bot: Callable[[], HunchBot], engine: FakeEngine
) -> None:
    await alice.type("nexttoken", prompt="The cat")
    await alice.press("My own prompt")
    await simcord_env.restart_bot(new_bot())
    await alice.write("After the restart")
    assert engine.asked[-1].text == "After the restart"


async def test_a_picture_comes_with_words_for_who_cannot_see_it(alice: Player) -> None:
    await alice.type("serving batching")
    assert alice.raw.attachments
    galleries = [part for part in parts_of(alice.raw.components) if part["type"] == 12]
    items = [item for gallery in galleries for item in gallery["items"]]
    assert len(items) == len(alice.raw.attachments)
    assert all(len(item["description"]) > 20 for item in items)


async def test_a_knob_that_is_turned_redraws_the_picture_on_the_same_card(alice: Player) -> None:
    await alice.type("model positions")
    card, before = alice.card.id, alice.raw.attachments
    await alice.press("Twice as long")
    assert alice.card.id == card
    assert len(alice.raw.attachments) == len(before) == 1
    assert alice.raw.attachments[0]["id"] != before[0]["id"]
    await alice.press("As angles (rotary)")  # a table: no picture is left behind
    assert alice.raw.attachments == []


async def test_an_instrument_asks_before_it_shows_and_the_answer_speaks_to_the_guess(
    alice: Player, engine: FakeEngine
) -> None:
    alice.guesses = True
    asked = await alice.type("nexttoken", prompt="The cat")
    assert "How sure is it of its first choice?" in asked
    assert "> The cat" in asked
    assert engine.asked == []
    card = alice.card.id
    shown = await alice.press("under 10 %")
    assert "✗ You said *under 10 %*. It is *30 to 60 %*." in shown
    assert alice.card.id == card
    assert "[Just show me]" not in await alice.type("nexttoken", prompt="The dog")
    assert "Before an instrument showed it" not in await alice.type("more progress")


async def test_a_guess_at_a_public_instrument_is_its_owners(
    alice: Player, join: Callable[[str], Player]
) -> None:
    bob = join("bob")
    alice.guesses = True
    await alice.type("nexttoken", prompt="The cat")
    bob.card, bob.guesses = alice.card, True
    await bob.press("under 10 %")
    assert "somebody else's" in bob.told
