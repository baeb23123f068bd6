"""Which lesson a learner goes on with. Pure."""

from collections.abc import Iterable

from bot.domain.lesson.attempt import Attempt, Phase
from curriculum.schema import Course, Lesson


def lesson_ahead(course: Course, runs: Iterable[Attempt], start: int = 0) -> Lesson | None:
    """Return the lesson under way, also one taken again; else the first that isn't done.

    Args:
        course: What can be taught.
        runs: All of the learner's, settled, any order.
        start: The number of the lesson to begin with; those before it come last.

    Returns:
        None where all are done.
    """
    known = list(runs)
    under_way = {run.lesson for run in known if run.phase is not Phase.FINISHED}
    done = {run.lesson for run in known if run.phase is Phase.FINISHED}
    waiting = [one for one in course.lessons if one.slug in under_way]
    undone = [one for one in course.lessons if one.slug not in done]
    ahead = [one for one in undone if one.number >= start]
    return next(iter(waiting or ahead or undone), None)
