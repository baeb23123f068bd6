"""Which belief a learner's words stand behind. Pure."""

from bot.domain.classroom.cohort import (
    belief_behind,
)
from bot.domain.classroom.member import Words
from bot.domain.lesson.scoring import is_readable, tally_key
from curriculum.schema import Lesson


def belief_in(lesson: Lesson, words: Words) -> str | None:
    """Return the misconception, in words, behind the guess that a reason was given for."""
    step = next((s for s in lesson.sequence if s.id == words.step), None)
    if step is None or not is_readable(step, words.answer):
        return None
    belief = belief_behind(step, tally_key(step, words.answer) or "")
    return lesson.misconceptions.get(belief) if belief else None
