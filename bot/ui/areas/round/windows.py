"""The window for a guess in a class round."""

from discord import ui

from bot.domain.lesson.kinds.number import NUMBER_CHARS
from bot.ui.buttons.round import WriteVote
from bot.ui.cards.kinds.registry import KIND_CARDS
from bot.ui.cards.window import Window, field
from bot.usecases.lesson.turns import step_of
from curriculum.schema import Course


def vote_window(press: WriteVote, course: Course) -> ui.Modal:
    """Return it; it quotes the question, where the lesson still asks it."""
    step = step_of(course, press.lesson, press.step)
    asked = KIND_CARDS[step.kind].window(press, step) if step else None
    return asked or Window(press, "Your guess", field("Your guess", "", NUMBER_CHARS))
