"""Each instrument of the catalogue, opened by its command, and its controls turned: one of each
kind, or every one (`make journeys`).

A new instrument is covered by being added. The model is the embedded one, and for what only a
server has, a server on this machine.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui

from bot.domain.instrument.trial import TurnKnob
from bot.ui.buttons import custom_ids
from bot.ui.client import HunchBot
from tests.fakes.stub_vllm import stub_vllm
from tests.journeys.player import Player, text_of
from tests.journeys.turned_card import (
    TEXT,
    Control,
    command_of,
    controls,
    kept,
    trial_of,
    turn,
    wrong_with,
)
from tests.tools.instruments.quick import quick
from tools import catalogue
from tools.engine.base import OF_A_SERVER, Engine
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.sharing.shared import SharedEngine

NAMES = list(catalogue.INSTRUMENTS)
SLOW = {"cache", "quantize", "speculate", "train", "why"}  # seconds a run: one of each will do
LONG = {"measure", "steps", "lengths"}
BACK = {("measure", "false"), ("steps", "1"), ("show", "prompt")}
SERVED = [name for name in NAMES if catalogue.instrument(name).needs & OF_A_SERVER]

# what is said once a knob is turned: the knob, what it is turned to, the words
SEEN = {
    "attention": ("head", "0", "all heads averaged"),
    "bandwidth": ("show", "gpus", "for one sequence"),
    "batching": ("requests", "8", "requests 8"),
    "block": ("context", "8192", "looking back on 8,192 tokens"),
    "blocks": ("show", "hashes", "and their hashes"),
    "burst": ("requests", "1", "One request alone"),
    "cache": ("show", "token", "What each further token takes"),
    "capacity": ("kv", "fp8", "918,"),
    "experts": ("ep", "8", "over 8 ranks"),
    "fit": ("descend", "10", "before 39.24"),
    "generate": ("stop", "true", "ended by you"),
    "heads": ("kind", "far", "Heads that look at far back"),
    "journey": ("stage", "2", "Stage 2 of 6: ids to vectors"),
    "load": ("rates", "30 50", "at 50 a second"),
    "mask": ("look", "2", "one token of 49,152 is allowed"),
    "map": ("words", TEXT, "words 3"),
    "merges": ("steps", "1", "merges 1 of"),
    "neighbours": ("inputs", "true", "inputs allowed"),
    "nexttoken": ("call", "1", '"max_tokens": 1'),
    "parameters": ("show", "sizes", "How many weights models have"),
    "positions": ("kind", "rotary", "Positions as angles"),
    "prefix": ("length", "1024", "prompt 1,0"),
    "quantize": ("show", "sizes", "What weights take"),
    "sampling": ("temperature", "2", "temperature 2"),
    "scheduler": ("shared", "64", "shared 64 tokens"),
    "softmax": ("sharpness", "2", "2z"),
    "tokens": ("text", TEXT, "tokens 11"),
    "train": ("steps", "5", "steps 5"),
}


class Lent(SharedEngine):
    """An engine that outlives the bot that it is lent to."""

    async def close(self) -> None:
        self._flights.cancel()


@pytest.fixture
async def engine(name: str, request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    if name not in SERVED:
        yield Lent(request.getfixturevalue("embedded"))
        return
    async with stub_vllm() as server:
        cluster = ClusterEngine(server.base_url, "served", timeout_s=5)
        await cluster.check()
        yield Lent(cluster)
        await cluster.close()


async def open_card(alice: Player, name: str) -> list[Control]:
    """Type the command; return what the card offers."""
    await alice.type(command_of(name), **quick(name))
    assert wrong_with(alice) == []
    return controls(alice)


async def turn_and_check(alice: Player, name: str, control: Control, folder: Path) -> str:
    """Turn a control: the same message changes, and the store has what was turned.

    Returns:
        What it was turned to.
    """
    trial, card, others = trial_of(control), alice.card.id, len(alice.channel.history())
    (before, revision), seen = kept(folder, trial), alice.text
    value = await turn(alice, control)
    after, turned = kept(folder, trial)
    assert wrong_with(alice) == [], control
    assert (alice.card.id, len(alice.channel.history())) == (card, others)
    assert turned == revision + 1, control
    assert after != before, control
    if control.knob in before:
        params = catalogue.instrument(name).params
        set_to = params.model_validate({**before, control.knob: value})
        assert after[control.knob] == set_to.model_dump(mode="json")[control.knob]
    assert alice.text != seen, control
    return value


def enough(name: str, offered: list[Control]) -> list[Control]:
    """Every control, what takes longest at the end; of a slow instrument, one a parameter."""
    if name in SLOW:
        seen = SEEN.get(name, ("", "", ""))[:2]
        said = [one for one in offered if (one.knob, one.value) == seen]
        offered = list({(one.kind, one.knob): one for one in [*offered[::-1], *said]}.values())
    return sorted(offered, key=lambda one: one.knob in LONG)


def some(name: str, offered: list[Control]) -> list[Control]:
    """One control of each kind, none that takes long if there is another."""
    brief = [one for one in offered if one.knob not in LONG] or offered
    return list({one.kind: one for one in brief[::-1]}.values())


def quickest(offered: list[Control]) -> Control:
    """One to turn once more: back from what takes long, if that is where the card stands."""
    return next((one for one in offered if (one.knob, one.value) in BACK), offered[0])


async def press_again(bot: HunchBot, alice: Player, control: Control) -> str:
    """Press a control of the card as it was, from a copy that still shows it."""
    press: Any = custom_ids.decode(control.custom_id)
    old = TurnKnob(press.trial_id, press.revision, control.knob, control.value or "1")
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="old", custom_id=custom_ids.encode(old))))
    channel = bot.get_channel(alice.channel.id)
    assert isinstance(channel, discord.TextChannel)
    copy = await channel.send(view=view)
    await alice.press("old", copy)
    return text_of(alice.env.backend.get_message(copy.channel.id, copy.id))


@pytest.mark.parametrize("choose", [some, pytest.param(enough, marks=pytest.mark.whole)])
@pytest.mark.parametrize("name", NAMES)
async def test_controls_turn_and_the_card_outlives_a_restart(
    name: str,
    choose: Callable[[str, list[Control]], list[Control]],
    alice: Player,
    tmp_path: Path,
    simcord_env: Any,
    simcord_bot: HunchBot,
    new_bot: Callable[[], HunchBot],
) -> None:
    offered = choose(name, await open_card(alice, name))
    assert offered, "nothing can be turned on it"
    turned: dict[tuple[str, str], tuple[str, str]] = {}
    for control in offered:
        now = {one.key: one for one in controls(alice)}
        if control.key not in now:  # the card stands where it would lead
            now = {one.key: one for one in await open_card(alice, name)}
        last, seen = now[control.key], alice.text
        value = await turn_and_check(alice, name, last, tmp_path)
        turned[last.knob, value] = (seen, alice.text)
    if choose is enough and name in SEEN:  # words lean on what was turned before
        knob, value, words = SEEN[name]
        assert [words in text for text in turned[knob, value]] == [False, True]
    chosen = kept(tmp_path, trial_of(last))
    assert "That moment has passed" in await press_again(simcord_bot, alice, last)
    assert kept(tmp_path, trial_of(last)) == chosen
    await simcord_env.restart_bot(new_bot())
    await turn(alice, quickest(controls(alice)))
    assert wrong_with(alice) == []
    assert kept(tmp_path, trial_of(last))[1] == chosen[1] + 1


def test_every_word_that_is_to_be_seen_is_of_an_instrument() -> None:
    assert set(SEEN) <= set(NAMES)
