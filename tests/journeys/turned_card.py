"""The card of an instrument, with what can be turned on it, as a learner has it before them."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.instrument.trial import TurnKnob
from bot.ui.areas.instrument.commands import group_of
from bot.ui.buttons import custom_ids
from bot.ui.buttons.instrument import Dialled, Enter
from tests.journeys.player import Player, parts_of
from tests.ui.limits import broken_limits
from tools import catalogue

BUTTON, MENU = 2, 3
WRITTEN = {
    "config": "layers=4 width=64 heads=4",
    "bias": "day: 2",
    "workload": "120+8 30+20@4",
    "lengths": "16 32",
    "scores": "cat 2, dog 1",
    "a": "1.5",
    "b": "1.5",
    "word": "horse",
    "minus": "dog",
    "plus": "cat",
    "rates": "30 50",
    "rule": "true",
}
TEXT = "one two three one two three one two three one two"


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a card. `value` is what a button sets; `offers` is what a menu has."""

    custom_id: str
    kind: type
    knob: str
    value: str = ""
    label: str = ""
    offers: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is, on whichever revision of the card."""
        return self.kind.__name__, self.knob, self.value


def controls(player: Player) -> list[Control]:
    """What the player's card offers to turn."""
    found = []
    for part in parts_of(player.raw.components):
        if part["type"] not in (BUTTON, MENU):
            continue
        match custom_ids.decode(part["custom_id"]):
            case TurnKnob(knob=knob, value=value):
                found.append(Control(part["custom_id"], TurnKnob, knob, value, part["label"]))
            case Enter(knob=knob):
                found.append(Control(part["custom_id"], Enter, knob, label=part["label"]))
            case Dialled(knob=knob):
                offers = tuple(
                    option["value"]
                    for option in part["options"]
                    if option.get("description") != "now"
                )
                label = part["placeholder"]
                found.append(Control(part["custom_id"], Dialled, knob, "", label, offers))
    return found


async def turn(player: Player, control: Control) -> str:
    """Turn a control as a person does; return the value that was sent."""
    if control.kind is Dialled:
        value = control.offers[-1]
        player.shown = await player.actor.select(player.card, [value], custom_id=control.custom_id)
        return value
    await player.press_id(control.custom_id)
    if control.kind is Enter:
        value = WRITTEN.get(control.knob, TEXT)
        await player.write(value)
        return value
    return control.value


def kept(folder: Path, trial_id: int) -> tuple[dict[str, Any], int]:
    """What the store has of a card: all that is chosen on it, and its revision."""
    with closing(sqlite3.connect(folder / "hunch.sqlite")) as file:
        chosen, revision = file.execute(
            "SELECT chosen, revision FROM trial WHERE id = ?", (trial_id,)
        ).fetchone()
    return json.loads(chosen), revision


def trial_of(control: Control) -> int:
    """Which card of the store a control belongs to."""
    press: Any = custom_ids.decode(control.custom_id)
    return int(press.trial_id)


def wrong_with(player: Player) -> list[str]:
    """What Discord, or a learner, would not take of the card as it stands."""
    wrong = broken_limits(_Drawn(player.raw.components))  # type: ignore[arg-type]
    pictures = [part for part in parts_of(player.raw.components) if part["type"] == 12]
    shown = sum(len(gallery["items"]) for gallery in pictures)
    if shown != len(player.raw.attachments):
        wrong.append(f"{len(player.raw.attachments)} files for {shown} pictures")
    if "⚠️" in player.text:
        wrong.append(player.text.split("⚠️")[1])
    if player.told:
        wrong.append(player.told)
    return wrong


def command_of(name: str) -> str:
    """What is typed to open an instrument."""
    topic = catalogue.instrument(name).topic
    return f"{group_of(topic) or ''} {name}".strip()


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a view is to the limits: its components, here as Discord holds them."""

    components: list[dict[str, Any]]

    def to_components(self) -> list[dict[str, Any]]:
        return self.components
