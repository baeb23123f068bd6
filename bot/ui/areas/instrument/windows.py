"""Windows for a knob's value, and for a prompt of one's own."""

from discord import ui

from bot.ui.buttons.instrument import Enter, TryPrompt
from bot.ui.cards.window import Window, field
from tools.engine.prompts import MAX_CHARACTERS


def knob_window(press: Enter) -> ui.Modal:
    """Return the window for what a knob is turned to."""
    label = f"Your {press.knob.replace('_', ' ')}"
    return Window(press, label, field(label, "", MAX_CHARACTERS, is_long=True))


def prompt_window(press: TryPrompt) -> ui.Modal:
    """Return the window for a prompt."""
    box = field(
        "What should the model continue?",
        "Any text. It is sent as it stands.",
        MAX_CHARACTERS,
        is_long=True,
    )
    return Window(press, "Try your own prompt", box)
