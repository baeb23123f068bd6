"""Windows to write in.

They hold no state: a submission is read from the interaction itself, by its custom_id, so a window
that was open when the bot restarted still works.
"""

from collections.abc import Iterator
from typing import Any, assert_never

import discord
from discord import ui

from bot.domain.lesson import WHY_CHARS
from bot.domain.scoring import NUMBER_CHARS, SENTENCE_CHARS, TEACHBACK_CHARS, TOKEN_CHARS
from bot.ui import custom_ids
from bot.ui.presses import Enter, TryPrompt, Write, WriteWhy, Written
from curriculum.schema import (
    Course,
    NumberStep,
    Step,
    TeachbackStep,
    TextStep,
    TokenStep,
)
from tools.engine.prompts import MAX_CHARACTERS

LONGEST_TITLE, LONGEST_DESCRIPTION = 45, 100
OPEN_S = 900  # forget a window that nobody sends; Discord's token is dead by then
FIELD = "text"


class _Window(ui.Modal):
    """One field. `on_submit` stays empty: the client reads submissions by their custom_id."""

    def __init__(self, press: Written, title: str, field: ui.Label[Any]):
        super().__init__(
            title=title[:LONGEST_TITLE], custom_id=custom_ids.encode(press), timeout=OPEN_S
        )
        self.add_item(field)


def modal_for(press: Written, course: Course) -> ui.Modal:
    """Return the window that a press opens, without asking the database."""
    match press:
        case WriteWhy():
            field = _field("Why do you think so?", "One line is plenty.", WHY_CHARS)
            return _Window(press, "Say why in one line", field)
        case TryPrompt():
            label = "What should the model continue?"
            note = "Any text. It is sent as it stands."
            return _Window(
                press, "Try your own prompt", _field(label, note, MAX_CHARACTERS, is_long=True)
            )
        case Enter(knob=knob):
            label = f"Your {knob.replace('_', ' ')}"
            return _Window(press, label, _field(label, "", MAX_CHARACTERS, is_long=True))
        case Write():
            return _answer_window(press, _step(press, course))
        case _:
            assert_never(press)


def text_of(interaction: discord.Interaction[Any]) -> str:
    """Return what was written in the submitted window."""
    data: Any = interaction.data or {}  # a typed dict of each kind of interaction
    return next(_values(data.get("components", ())), "")


def _answer_window(press: Write, step: Step | None) -> ui.Modal:
    match step:
        case NumberStep():
            label = f"Your number, in {step.unit}" if step.unit else "Your number"
            return _Window(press, "Your number", _field(label, step.ask, NUMBER_CHARS))
        case TokenStep():
            note = f"After: …{step.prompt[-60:]}"
            return _Window(press, "The next token", _field("What comes next?", note, TOKEN_CHARS))
        case TeachbackStep():
            field = _field("Your words", step.ask, TEACHBACK_CHARS, is_long=True)
            return _Window(press, "Say it back", field)
        case TextStep():
            return _Window(
                press,
                "Your sentence",
                _field("Your sentence", step.ask, SENTENCE_CHARS, is_long=True),
            )
        case _:
            return _Window(press, "Your answer", _field("Your answer", "", SENTENCE_CHARS))


def _field(label: str, note: str, longest: int, *, is_long: bool = False) -> ui.Label[Any]:
    style = discord.TextStyle.paragraph if is_long else discord.TextStyle.short
    box: ui.TextInput[Any] = ui.TextInput(custom_id=FIELD, style=style, max_length=longest)
    return ui.Label(
        text=_cut(label, LONGEST_TITLE),
        description=_end(note.replace("*", ""), LONGEST_DESCRIPTION) or None,
        component=box,
    )


def _step(press: Write, course: Course) -> Step | None:
    for lesson in course.lessons:
        if lesson.number == press.lesson:
            return next((s for s in lesson.sequence if s.id == press.step), None)
    return None


def _values(components: Any) -> Iterator[str]:
    for component in components:
        if "value" in component:
            yield str(component["value"])
        yield from _values(component.get("components", ()))
        if "component" in component:
            yield from _values((component["component"],))


def _end(text: str, longest: int) -> str:
    """Keep the end: that is what the words to be written follow on from."""
    return text if len(text) <= longest else "…" + text[1 - longest :]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
