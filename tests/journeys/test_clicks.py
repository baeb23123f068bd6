"""Clicks that come twice, too late, from somebody else, or from nowhere."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import discord
import pytest
from discord import ui

from bot.ui.cards.left import GOES_ON
from bot.ui.client import HunchBot
from tests.journeys.player import Player

RIGHT = "It adds one piece, looks again, adds the next\nOne piece goes on the end"


async def locked_in(player: Player) -> str:
    """Begin lesson 1 and lock in the first guess; return the id of the press that did."""
    await player.type("lesson")
    await player.press("Start")
    await player.press("B")
    raw = player.env.backend.get_message(player.card.channel.id, player.card.id)
    sure = next(p for p in _buttons(raw.components) if p["label"] == "sure")
    await player.press("sure")
    return str(sure["custom_id"])


def _buttons(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [c for c in components if c["type"] == 2]
    for component in components:
        found += _buttons(component.get("components", []))
    return found


async def forge(bot: HunchBot, player: Player, custom_id: str) -> Any:
    """Put a button with this id in front of a player, as an old or forged card would."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="forged", custom_id=custom_id)))
    channel = bot.get_channel(player.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send(view=view)


async def test_a_second_click_on_the_same_button_changes_nothing(
    alice: Player, simcord_bot: HunchBot
) -> None:
    twin = await locked_in(alice)
    card = await forge(simcord_bot, alice, twin)
    alice.card = card
    text = await alice.press("forged")
    assert "That guess is locked in already. Nothing changed." in text
    assert RIGHT in text


async def test_another_confidence_after_locking_in_is_refused(
    alice: Player, simcord_bot: HunchBot
) -> None:
    twin = await locked_in(alice)
    other = twin.replace(":3:", ":0:")
    assert other != twin
    alice.card = await forge(simcord_bot, alice, other)
    assert "85%" in await alice.press("forged")  # what was said first


async def test_an_old_card_shows_where_the_learner_is_now(alice: Player) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    old = alice.card
    await alice.type("lesson")
    for label in ("B", "sure", "Next"):
        await alice.press(label)
    assert "2 of 16" in alice.text
    alice.card = old
    text = await alice.press("A")
    assert "That moment has passed" in text
    assert "2 of 16" in text


async def test_a_draft_changed_on_another_device_is_not_committed_unseen(alice: Player) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    await alice.press("B")
    phone = alice.card
    await alice.type("lesson")
    await alice.press("C")
    alice.card = phone  # still shows B
    text = await alice.press("certain")
    assert "Your answer has changed since that card" in text
    assert ": It finds a stored text" in text
    assert "🔒" not in text


async def test_somebody_elses_click_is_refused_privately(
    dora: Player, alice: Player, mallory: Player, simcord_bot: HunchBot
) -> None:
    twin = await locked_in(alice)
    before = alice.text
    mallory.card = await forge(simcord_bot, mallory, twin)
    await mallory.press("forged")
    assert "somebody else's" in mallory.told
    assert all(message.ephemeral for message in mallory.shown.followups)
    assert alice.text == before


FORGED = [
    "h1:guess:1:how-produced:9:zz",
    "h1:guess:999999999999999999:how-produced:1:zz",
    "h1:guess:99999999999999999999999:x:1:zz",
    "h1:guess:-1:how-produced:1:zz",
    "h1:guess:١:how-produced:1:zz",
    "h1:guess",
    "h1:draft:1:how-produced:Z",
    "h1:draft:1::",
    "h1:next:1:the-cook",
    "h1:nonsense:1",
    "h0:guess:1:how-produced:1:zz",
    "h2:guess:1:how-produced:1:zz",
    "h1:open:no-such-lesson",
    "h1:begin:../../etc/passwd",
    "h1:turn:1:0:append:5",
    "h1:turn:1:0",
    "h1:turn:1:0:no-such:1",
    "h1:enter:1:0",
    "h1:show:no-such-instrument",
    "h1:live:1:how-produced",
    "h1:tick:1:how-produced:x",
    "h1:without:1:how-produced",
    "h1:try:x",
]


@pytest.mark.parametrize("custom_id", FORGED)
async def test_a_forged_or_old_button_gets_a_kind_answer(
    alice: Player, simcord_bot: HunchBot, custom_id: str
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    before = alice.text
    mine = alice.card
    alice.card = await forge(simcord_bot, alice, custom_id)
    after = await alice.press("forged")
    told = alice.told or after
    assert told != "[forged]", "nothing was said"
    assert "incident" not in told
    alice.card = mine
    assert alice.text.replace(f"\n{GOES_ON}", "") == before  # the lesson stands on the card below


async def test_a_card_works_after_a_restart(
    simcord_env: Any, alice: Player, new_bot: Callable[[], HunchBot]
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    await alice.press("B")
    await simcord_env.restart_bot(new_bot())
    assert RIGHT in await alice.press("sure")


async def test_an_open_window_works_after_a_restart(
    simcord_env: Any, alice: Player, new_bot: Callable[[], HunchBot]
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    for label in ("B", "sure"):
        await alice.press(label)
    await alice.press("Say why")
    await simcord_env.restart_bot(new_bot())
    told = await alice.write("nothing else would stream")
    assert "You said why: nothing else would stream" in told
    assert "Does this say the same? “Nothing else carries the reply along" in told


async def test_a_window_sent_twice_is_harmless(alice: Player) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    for label in ("B", "sure"):
        await alice.press(label)
    await alice.press("Say why")
    first = alice.shown
    await alice.write("gut feeling")
    first._interaction.modal_consumed = False  # what a client that retries does
    told = await alice.write("gut feeling", first)
    assert "You said why: gut feeling" in told
    assert "It's kept with your guess. The reply gives another." in told


async def test_nothing_is_kept_in_memory_for_a_card(alice: Player, simcord_bot: HunchBot) -> None:
    await locked_in(alice)
    assert not simcord_bot._connection._view_store._views


async def test_a_broken_store_ends_in_an_incident(
    simcord_env: Any, alice: Player, simcord_bot: HunchBot, tmp_path: Any, caplog: Any
) -> None:
    await alice.type("lesson")
    with closing(sqlite3.connect(tmp_path / "hunch.sqlite")) as file:
        file.execute("DROP TABLE guess")
    await alice.press("Start")
    assert "incident `" in alice.text
    assert "is kept" in alice.text
    incident = alice.text.split("`")[1]
    assert incident in caplog.text


async def test_a_card_that_discord_fails_to_edit_is_shown_anew(
    simcord_env: Any, alice: Player
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    simcord_env.inject_error("PATCH", "/webhooks/*", status=500, times=1)
    await alice.press("B")
    assert "How sure are you?" in alice.told
    assert "incident" not in alice.told
    assert "How sure are you?" in await alice.press("B")
