"""What a finished course says of its learner: only what was recorded on the way. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from bot.domain.lesson.attempt import Attempt, Guess
from bot.domain.lesson.recap import Calibration
from bot.domain.lesson.scoring import is_readable, judge
from bot.domain.practice.zones import local_day
from bot.domain.progress.mastery import LevelRecord
from bot.domain.progress.standing import LessonState, progress_of
from curriculum.schema import Course, Lesson


@dataclass(frozen=True, slots=True)
class Certificate:
    """A course, finished.

    Attributes:
        title: Of the course.
        lessons: How many it has.
        began: The day of the first guess, where the learner lives.
        ended: The day of the last guess of a first run.
        right: First tries that were right.
        scored: First tries that something could judge.
        levels: How sure against how right.
        calibration: What the confidence was worth.
        bits: The mean surprise of their token guesses; None: a model scored none.
        token_guesses: How many a model scored.
        beliefs_met: How many common beliefs their first guesses showed.
        put_right: Those whose step they have answered right since, in words.
    """

    title: str
    lessons: int
    began: date
    ended: date
    right: int
    scored: int
    levels: tuple[LevelRecord, ...]
    calibration: Calibration
    bits: float | None
    token_guesses: int
    beliefs_met: int
    put_right: tuple[str, ...]


def certificate_of(
    course: Course,
    attempts: Sequence[Attempt],
    corrected: Collection[tuple[str, str]],
    zone: str,
) -> Certificate | None:
    """Return what a finished course says; None while a lesson isn't done.

    Args:
        course: What is taught.
        attempts: All of the learner's runs.
        corrected: Lesson and step of what they got right in a review or when redoing it.
        zone: The learner's time zone, an IANA name: days are theirs.
    """
    progress = progress_of(course, attempts)
    done = sum(one.state is LessonState.DONE for one in progress.lessons)
    known = {lesson.slug for lesson in course.lessons}
    first = [g for run in attempts if run.run == 1 and run.lesson in known for g in run.guesses]
    if done < len(course.lessons) or not first:
        return None
    met = [one for lesson in course.lessons for one in _beliefs(lesson, attempts, corrected)]
    bits = [guess.evidence.surprisal_bits for guess in first if guess.evidence]
    days = [local_day(guess.at, zone) for guess in first]
    return Certificate(
        title=course.outline.title,
        lessons=done,
        began=min(days),
        ended=max(days),
        right=progress.right,
        scored=progress.scored,
        levels=progress.levels,
        calibration=progress.calibration,
        bits=fmean(bits) if bits else None,
        token_guesses=len(bits),
        beliefs_met=len(met),
        put_right=tuple(belief for belief, is_right in met if is_right),
    )


def _beliefs(
    lesson: Lesson, attempts: Iterable[Attempt], corrected: Collection[tuple[str, str]]
) -> list[tuple[str, bool]]:
    """Return the beliefs that first guesses showed, each with whether it was put right since."""
    runs = [run for run in attempts if run.lesson == lesson.slug]
    first = next((run for run in runs if run.run == 1), None)
    later = [guess for run in runs if run.run > 1 for guess in run.guesses]
    steps = {step.id: step for step in lesson.sequence}
    met: dict[str, bool] = {}
    for guess in first.guesses if first else ():
        step = steps.get(guess.step)
        if step is None or guess.is_right is not False or not is_readable(step, guess.answer):
            continue
        belief = judge(step, guess.answer).misconception
        if belief:
            is_right = (lesson.slug, step.id) in corrected or _was_right(later, step.id)
            met[belief] = met.get(belief, True) and is_right
    return [(lesson.misconceptions[belief], is_right) for belief, is_right in met.items()]


def _was_right(guesses: Iterable[Guess], step: str) -> bool:
    return any(guess.step == step and guess.is_right is True for guess in guesses)
