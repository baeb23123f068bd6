"""The window for the next token of the day's passage."""

from datetime import date

from discord import ui

from bot.domain.daily.game import passage_of, prompt_at
from bot.domain.lesson.written import TOKEN_CHARS
from bot.ui.buttons.daily import WriteToken
from bot.ui.cards.window import Window, field
from curriculum.schema import Course


def token_window(press: WriteToken, course: Course) -> ui.Modal:
    """Return the window; it quotes the end of the passage as far as it was guessed."""
    note = f"After: …{_end(press, course)}"
    return Window(press, "The next token", field("What comes next?", note, TOKEN_CHARS))


def _end(press: WriteToken, course: Course) -> str:
    if not course.passages or not 0 < press.day <= date.max.toordinal():
        return ""
    passage = passage_of(course.passages, date.fromordinal(press.day))
    return prompt_at(passage, press.place)[-60:]
