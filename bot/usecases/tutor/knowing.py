"""What is known of a learner: where they stand, what they have yet to guess."""

from collections.abc import Sequence

from bot.domain.learner import Learner
from bot.domain.lesson.machine import settle
from bot.domain.round.round import Seen
from bot.domain.tutor.briefing import brief_for
from bot.domain.tutor.talk import Brief
from bot.usecases.lesson.ports import OpenRecords
from bot.usecases.round.ports import OpenRounds
from curriculum.schema import Course


async def brief_of(
    course: Course,
    open_records: OpenRecords,
    open_rounds: OpenRounds | None,
    learner: Learner,
    *,
    is_private: bool,
) -> Brief:
    """Return what may be known of a learner, from their runs and their class's rounds.

    Args:
        course: What is taught.
        open_records: Where their runs are.
        open_rounds: Where their class's rounds are; None where there are none to look up.
        learner: Who asks.
        is_private: Whether only they read what is told.
    """
    async with open_records() as records:
        runs = await records.attempts_of(learner.id)
    lessons = {lesson.slug: lesson for lesson in course.lessons}
    settled = [settle(run, lessons[run.lesson]) for run in runs if run.lesson in lessons]
    seen: Sequence[Seen] = ()
    if open_rounds is not None:
        async with open_rounds() as rounds:
            seen = await rounds.seen_by(learner.id)
    return brief_for(course, settled, seen, is_private=is_private)
