"""Windows for an answer to a step, and for the reason behind one."""

from discord import ui

from bot.domain.lesson.machine import WHY_CHARS
from bot.domain.lesson.scoring import NUMBER_CHARS, SENTENCE_CHARS, TEACHBACK_CHARS, TOKEN_CHARS
from bot.ui.buttons.kinds import Written
from bot.ui.buttons.lesson import Write
from bot.ui.edge.window import Window, field
from curriculum.schema import Course, NumberStep, Step, TeachbackStep, TextStep, TokenStep


def why_window(press: Written) -> ui.Modal:
    """Return the window for one line on why."""
    box = field("Why do you think so?", "One line is plenty.", WHY_CHARS)
    return Window(press, "Say why in one line", box)


def answer_window(press: Write, course: Course) -> ui.Modal:
    """Return the window for an answer; it quotes the question."""
    step = _step(press, course)
    match step:
        case NumberStep():
            label = f"Your number, in {step.unit}" if step.unit else "Your number"
            return Window(press, "Your number", field(label, step.ask, NUMBER_CHARS))
        case TokenStep():
            note = f"After: …{step.prompt[-60:]}"
            return Window(press, "The next token", field("What comes next?", note, TOKEN_CHARS))
        case TeachbackStep():
            box = field("Your words", step.ask, TEACHBACK_CHARS, is_long=True)
            return Window(press, "Say it back", box)
        case TextStep():
            box = field("Your sentence", step.ask, SENTENCE_CHARS, is_long=True)
            return Window(press, "Your sentence", box)
        case _:
            return Window(press, "Your answer", field("Your answer", "", SENTENCE_CHARS))


def _step(press: Write, course: Course) -> Step | None:
    for lesson in course.lessons:
        if lesson.number == press.lesson:
            return next((s for s in lesson.sequence if s.id == press.step), None)
    return None
