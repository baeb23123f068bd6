"""What the tutor may know about who asks, from their attempts."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bot.domain.lesson.attempt import Attempt, Phase
from bot.domain.lesson.kinds.base import Flow
from bot.domain.lesson.kinds.own_order import lesson_for
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import answer_text, is_readable, judge
from bot.domain.round.round import Seen
from bot.domain.tutor.passages import Source
from bot.domain.tutor.spoilers import spoilers_for
from bot.domain.tutor.talk import Brief, PastGuess
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.registry import Step
from curriculum.schema import Course, Lesson

TOLD = 6  # guesses, the latest


def brief_for(
    course: Course, attempts: Sequence[Attempt], seen: Sequence[Seen] = (), *, is_private: bool
) -> Brief:
    """Return what the tutor may know.

    Args:
        course: What is taught.
        attempts: All runs of one learner, settled.
        seen: Steps whose answers they have seen in class rounds.
        is_private: Whether only they read the answer. In public it may tell nothing that another
            learner has yet to guess, so it counts as if nothing had been committed.
    """
    lessons = {lesson.slug: lesson for lesson in course.lessons}
    runs = [
        (run, lesson_for(lessons[run.lesson], run.learner_id))
        for run in attempts
        if run.lesson in lessons
    ]
    if not is_private:
        return Brief(
            spoilers_for(course, ()), _here(runs), hints_seen=dict(_hints(runs)), is_private=False
        )
    return Brief(
        spoilers=spoilers_for(
            course, chain(_shown(course, seen), *(_done(run, of) for run, of in runs))
        ),
        here=_here(runs),
        guesses=tuple(made for run, of in runs for made in _made(run, of))[-TOLD:],
        hints_seen=dict(_hints(runs)),
        draft=next((_draft(run, of) for run, of in runs if run.draft), None),
    )


def newcomer(course: Course) -> Brief:
    """Return what is known of somebody who has yet to guess everything."""
    return brief_for(course, (), is_private=True)


def _done(run: Attempt, lesson: Lesson) -> Iterator[tuple[int, str]]:
    """Yield the steps that hold no secret any more: guessed, seen answered, read and left."""
    for step in lesson.sequence:
        if run.guess_at(step.id):
            yield lesson.number, step.id
    for step in _behind(run, lesson):
        if kind_of(step).flow is Flow.LOOK or step in lesson.recall[1:]:  # asked in reviews
            yield lesson.number, step.id
    if run.phase in (Phase.LOCKED, Phase.REVEALED):
        yield lesson.number, run.step
    along = lesson.passage_with(run.step) if run.phase is Phase.REVEALED else None
    if along is not None:
        yield lesson.number, along.id


def _shown(course: Course, seen: Iterable[Seen]) -> Iterator[tuple[int, str]]:
    """Yield the steps whose answers a class was shown, as long as they still ask the same."""
    steps = {(of.slug, step.id): (of, step) for of in course.lessons for step in of.sequence}
    for one in seen:
        lesson, step = steps.get((one.lesson, one.step.id), (None, None))
        if lesson is not None and step == one.step:
            yield lesson.number, one.step.id


def _behind(run: Attempt, lesson: Lesson) -> Sequence[Step]:
    """Return the steps that the run has come through, the present one included."""
    if run.phase is Phase.FINISHED:
        return lesson.sequence
    ids = [step.id for step in lesson.sequence]
    return lesson.sequence[: ids.index(run.step) + 1]


def _here(runs: Iterable[tuple[Attempt, Lesson]]) -> Source | None:
    open_runs = [(run, of) for run, of in runs if run.phase is not Phase.FINISHED]
    if not open_runs:
        return None
    run, lesson = open_runs[-1]
    return Source(lesson.number, step=run.step)


def _hints(runs: Iterable[tuple[Attempt, Lesson]]) -> Iterator[tuple[Source, int]]:
    for run, lesson in runs:
        if run.phase is Phase.ASKING:
            yield Source(lesson.number, step=run.step), run.hints


def _made(run: Attempt, lesson: Lesson) -> Iterator[PastGuess]:
    for guess in run.guesses:
        step = next((s for s in lesson.sequence if s.id == guess.step), None)
        ask = getattr(step, "ask", None)
        if step is None or ask is None or not is_readable(step, guess.answer):
            continue  # the lesson has been edited since
        yield PastGuess(
            source=Source(lesson.number, step=step.id),
            ask=ask,
            said=answer_text(step, guess.answer),
            is_right=guess.is_right,
            reply=judge(step, guess.answer).reply,
            options=kind_of(step).choices(step) if isinstance(step, ChoiceStep) else (),
        )


def _draft(run: Attempt, lesson: Lesson) -> str | None:
    step = lesson.step(run.step)
    return answer_text(step, run.draft) if run.draft else None
