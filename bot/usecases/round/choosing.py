"""Which steps a class can be asked, and the one that was typed."""

from bot.domain.errors import NotFound, UnusableAnswer
from bot.domain.round.round import RoundStep, is_voted
from curriculum.schema import Lesson


def steps_to_put(lesson: Lesson) -> list[RoundStep]:
    """Return a lesson's steps that a class can vote on, in order."""
    return [s for s in lesson.sequence if is_voted(s)]


def find_step(lesson: Lesson, typed: str) -> RoundStep:
    """Return a step by its id or its place, counted from 1, as typed.

    Raises:
        NotFound: there is none.
        UnusableAnswer: it takes no answer that a class could vote on.
    """
    wanted = typed.strip().lower()
    for place, step in enumerate(lesson.way, 1):
        if wanted not in (step.id, str(place)):
            continue
        if is_voted(step):
            return step
        raise UnusableAnswer(
            "A class can vote on what has one right answer: a choice, a number, an order, a match."
            " That step hasn't. Pick one from the list that opens as you type."
        )
    raise NotFound(
        f"Lesson {lesson.number} has no such step. Pick one from the list that opens as you type."
    )
