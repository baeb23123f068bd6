"""Cards of what a use case showed, for whoever leads there."""

from bot.ui.cards.instrument import draw_instrument
from bot.ui.cards.kit import Card
from bot.ui.cards.lesson.draw import draw
from bot.usecases.instrument.trials import TrialShown
from bot.usecases.lesson.turns import LessonShown


def draw_shown(shown: LessonShown) -> Card:
    """Return the card of what a lesson's use case showed."""
    view = draw(shown.screen, shown.exhibit, shown.note, can_retry=shown.can_retry)
    view.is_lesson = True
    return view


def draw_trial(shown: TrialShown, note: str | None = None) -> Card:
    """Return the card of an instrument."""
    return draw_instrument(shown.trial, shown.exhibit, note, shown.guess)
