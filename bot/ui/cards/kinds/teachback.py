"""A few sentences, typed."""

from typing import Any

from discord import ui

from bot.domain.lesson.screens import QuestionScreen
from bot.domain.lesson.written import TEACHBACK_CHARS
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import WriteWords
from bot.ui.cards.kinds.base import Typed
from bot.ui.cards.kit import Button
from bot.ui.cards.window import field
from curriculum.kinds.teachback import TeachbackStep


class TeachbackCards(Typed[TeachbackStep]):
    """A few sentences, typed."""

    label = "Write it"
    title = "Say it back"

    def answer_buttons(self, screen: QuestionScreen) -> list[Button]:
        """Return the press that opens the window; nobody is asked how sure."""
        place = screen.place
        press = WriteWords(place.attempt_id, place.step, place.lesson)
        return [PressButton.of(press, self.label, is_main=not screen.draft)]

    def box(self, step: TeachbackStep) -> ui.Label[Any]:
        """Return the field."""
        return field("Your words", "", TEACHBACK_CHARS, is_long=True)
