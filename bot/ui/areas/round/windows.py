"""The window for a number in a class round."""

from discord import ui

from bot.domain.lesson.scoring import NUMBER_CHARS
from bot.ui.buttons.round import WriteVote
from bot.ui.edge.window import Window, field
from curriculum.schema import Course, NumberStep


def vote_window(press: WriteVote, course: Course) -> ui.Modal:
    """Return it; it quotes the question, where the lesson still asks it."""
    step = next(
        (
            step
            for lesson in course.lessons
            if lesson.number == press.lesson
            for step in lesson.sequence
            if step.id == press.step and isinstance(step, NumberStep)
        ),
        None,
    )
    label = f"Your number, in {step.unit}" if step and step.unit else "Your number"
    return Window(press, "Your guess", field(label, step.ask if step else "", NUMBER_CHARS))
