"""Windows for an answer to a step, and for the reason behind one."""

from discord import ui

from bot.domain.lesson.machine import WHY_CHARS
from bot.domain.lesson.written import SENTENCE_CHARS
from bot.ui.buttons.lesson import Write, WriteAgain, WriteWhy, WriteWords
from bot.ui.cards.kinds.registry import KIND_CARDS
from bot.ui.cards.window import Window, field
from curriculum.kinds.registry import Step
from curriculum.schema import Course


def why_window(press: WriteWhy) -> ui.Modal:
    """Return the window for one line on why."""
    box = field("Why do you think so?", "One line is plenty.", WHY_CHARS)
    return Window(press, "Say why in one line", box)


def answer_window(press: Write | WriteWords | WriteAgain, course: Course) -> ui.Modal:
    """Return the window for an answer; it quotes the question."""
    step = _step(press, course)
    asked = KIND_CARDS[step.kind].window(press, step) if step else None
    return asked or Window(press, "Your answer", field("Your answer", "", SENTENCE_CHARS))


def _step(press: Write | WriteWords | WriteAgain, course: Course) -> Step | None:
    for lesson in course.lessons:
        if lesson.number == press.lesson:
            return next((s for s in lesson.sequence if s.id == press.step), None)
    return None
