"""The way from a side card back to the lesson."""

from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import ToLesson
from bot.ui.cards.kit import Item, row


def lesson_row() -> Item | None:
    """Return the button that goes on with whatever lesson is under way for whoever presses it."""
    return row([PressButton.of(ToLesson(), "Go on with my lesson")])
