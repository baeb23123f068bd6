"""Windows for a question to the tutor, and for an instructor's answer to one."""

from discord import ui

from bot.domain.tutor.talk import LONGEST_QUESTION
from bot.ui.buttons.tutor import WriteAbout, WriteAnswer, WriteQuestion, WriteTerm
from bot.ui.cards.window import Window, field
from bot.usecases.lesson.turns import step_of
from bot.usecases.tutor.questions import LONGEST_ANSWER
from curriculum.schema import Course

_TERM_CHARS = 60


def question_window(press: WriteQuestion | WriteAbout, course: Course) -> ui.Modal:
    """Return the window for a question; one about a step quotes what the step asks."""
    note = "Anything about running language models."
    if isinstance(press, WriteAbout) and (step := step_of(course, press.lesson, press.step)):
        note = f"About: {getattr(step, 'ask', None) or getattr(step, 'title', '')}"
    box = field("Your question", note, LONGEST_QUESTION, is_long=True)
    return Window(press, "Ask the tutor", box)


def term_window(press: WriteTerm) -> ui.Modal:
    """Return the window for a word to be explained."""
    box = field("The word", "For example: token, KV cache, temperature.", _TERM_CHARS)
    return Window(press, "What does a word mean?", box)


def reply_window(press: WriteAnswer) -> ui.Modal:
    """Return the window for an instructor's answer."""
    box = field("Your answer", "They get it as a direct message.", LONGEST_ANSWER, is_long=True)
    return Window(press, "Answer a question", box)
