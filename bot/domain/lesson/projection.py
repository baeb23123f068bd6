"""Project an attempt onto the one screen its learner should see now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from bot.domain.crowd import is_crowd
from bot.domain.lesson.attempt import Attempt, Guess, Phase, mark_of
from bot.domain.lesson.confidence import Level, brier, levels_for
from bot.domain.lesson.kinds.base import JudgedBy
from bot.domain.lesson.kinds.own_order import lesson_for
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.kinds.shares import Shares
from bot.domain.lesson.recap import recap_of
from bot.domain.lesson.scoring import answer_text, is_complete, is_readable, judge
from bot.domain.lesson.screens import (
    IntroScreen,
    LessonScreen,
    LockedScreen,
    QuestionScreen,
    ReadScreen,
    RecallAnswerScreen,
    RecallScreen,
    RecapScreen,
    RevealScreen,
    RubricScreen,
    StepPlace,
)
from bot.domain.lesson.teachback import Grading, follow_up
from curriculum.kinds.exhibit import ExhibitStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.read import ReadStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Guessable, Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course, Lesson

TakesAnswer = Guessable | TeachbackStep  # what takes an answer before anything is told


def intro_of(lesson: Lesson, missing: Sequence[Lesson] = ()) -> IntroScreen:
    """Return the screen of a lesson not begun; `missing` are not done, and it builds on them."""
    return IntroScreen(
        slug=lesson.slug,
        number=lesson.number,
        title=lesson.title,
        minutes=lesson.minutes,
        promise=lesson.promise,
        setup=lesson.setup,
        builds_on=tuple((one.number, one.title, one.slug) for one in missing),
    )


def screen_for(
    attempt: Attempt,
    lesson: Lesson,
    votes: Mapping[str, int] | None = None,
    first: Guess | None = None,
    course: Course | None = None,
    grading: Grading | None = None,
    cards: int = 0,
) -> LessonScreen:
    """Return what the learner should see now, with the options in their own order.

    Args:
        attempt: Where they stand.
        lesson: What they are in.
        votes: How often each answer was given to this step by the class; shown after the reveal.
        first: On a later run, the guess of the first run at this step.
        course: Where the end of the lesson looks up what comes next.
        grading: Of the teach-back at this step, once there is one.
        cards: How many this run put into review, for the end of the lesson.
    """
    lesson = lesson_for(lesson, attempt.learner_id)
    if attempt.phase is Phase.FINISHED:
        return _recap(attempt, lesson, course, cards)
    step = lesson.step(attempt.step)
    place = _place(attempt, lesson)
    match step:
        case ReadStep():
            return _passage(step, place)
        case ExhibitStep():
            return ReadScreen(place, step.title, step.text, True, True)
        case RecallStep():
            if attempt.phase is Phase.ASKING:
                return RecallScreen(place, step.ask)
            return RecallAnswerScreen(place, step.ask, step.answer)
        case TeachbackStep() if attempt.phase is Phase.REVEALED:
            return _rubric(attempt, step, place, grading)
        case _:
            screen = _asked(attempt, step, place, votes or {}, first)
            return _among_others(screen, attempt, lesson)


def _passage(step: ReadStep, place: StepPlace) -> ReadScreen:
    has_exhibit = step.after is not None
    return ReadScreen(place, step.title, step.text, has_exhibit, False, step.illustrative)


def _among_others(screen: LessonScreen, attempt: Attempt, lesson: Lesson) -> LessonScreen:
    """Put on a card what comes along: a passage on an answer, an answer on a quick question."""
    quick = [step.id for step in lesson.quick_check]
    if isinstance(screen, RevealScreen):
        along = None if screen.needs_rating else lesson.passage_with(attempt.step)
        read = _passage(along, _place(replace(attempt, step=along.id), lesson)) if along else None
        return replace(screen, is_quick=attempt.step in quick, passage=read)
    if not isinstance(screen, QuestionScreen) or attempt.step not in quick or attempt.draft:
        return screen
    screen = replace(screen, is_quick=True)
    if attempt.step == quick[0] or attempt.hints:
        return screen
    former = lesson.step(quick[quick.index(attempt.step) - 1])
    answered = replace(attempt, step=former.id, phase=Phase.REVEALED)
    guess = answered.guess
    if guess is None or not is_readable(former, guess.answer):
        return screen
    told = screen_for(answered, lesson)
    return replace(screen, before=told) if isinstance(told, RevealScreen) else screen


def _asked(
    attempt: Attempt,
    step: TakesAnswer,
    place: StepPlace,
    votes: Mapping[str, int],
    first: Guess | None,
) -> LessonScreen:
    match attempt.phase:
        case Phase.ASKING:
            return _question(attempt, step, place)
        case Phase.LOCKED:
            return _locked(attempt, step, place)
        case Phase.REVEALED:
            return _reveal(attempt, step, place, votes, first)
        case Phase.FINISHED:
            raise ValueError("a finished attempt stands at no step")
        case _:
            assert_never(attempt.phase)


def _question(attempt: Attempt, step: TakesAnswer, place: StepPlace) -> QuestionScreen:
    hints = getattr(step, "hints", ())
    kind = kind_of(step)
    draft = attempt.draft
    return QuestionScreen(
        place=place,
        kind=step.kind,
        ask=step.ask,
        lead=getattr(step, "lead", None),
        prompt=step.prompt if isinstance(step, TokenStep) else None,
        choices=kind.choices(step),
        slots=kind.slots(step),
        draft=draft,
        draft_text=answer_text(step, draft) if draft else None,
        mark=mark_of(draft) if draft and is_complete(step, draft) else None,
        levels=levels_for(step),
        hints=hints[: attempt.hints],
        has_more_hints=attempt.hints < len(hints),
        unit=step.unit if isinstance(step, NumberStep) else None,
    )


def _locked(attempt: Attempt, step: TakesAnswer, place: StepPlace) -> LockedScreen:
    guess = _guess(attempt)
    return LockedScreen(
        place=place,
        ask=step.ask,
        said=answer_text(step, guess.answer),
        confidence=_level(step, guess),
    )


def _reveal(
    attempt: Attempt,
    step: TakesAnswer,
    place: StepPlace,
    votes: Mapping[str, int],
    first: Guess | None,
) -> RevealScreen:
    guess = _guess(attempt)
    kind = kind_of(step)
    is_scored = guess.confidence is not None and guess.is_right is not None
    return RevealScreen(
        place=place,
        ask=step.ask,
        said=answer_text(step, guess.answer),
        letter=kind.letter(step, guess.answer),
        is_right=guess.is_right,
        answer=kind.answer(step) if kind.judged_by is JudgedBy.KEY else None,
        reply=judge(step, guess.answer).reply,
        confidence=_level(step, guess),
        brier=brier(guess.confidence or 0, bool(guess.is_right)) if is_scored else None,
        evidence=guess.evidence,
        recorded=getattr(step, "recorded", None),
        votes=_shares(step, votes),
        first_said=answer_text(step, first.answer) if first else None,
        has_exhibit=step.after is not None,
        needs_rating=kind.judged_by is JudgedBy.LEARNER and guess.is_right is None,
        prompt=step.prompt if isinstance(step, TokenStep) else None,
        pieces=kind.pieces(step, guess.answer),
        why=guess.why,
    )


def _rubric(
    attempt: Attempt, step: TeachbackStep, place: StepPlace, grading: Grading | None
) -> RubricScreen:
    guess = _guess(attempt)
    criteria = tuple((c.id, c.says, c.id in guess.ticked) for c in step.criteria)
    push = follow_up(step.criteria, grading) if grading else None
    return RubricScreen(place, step.ask, guess.answer, step.answer, criteria, grading, push)


def _recap(attempt: Attempt, lesson: Lesson, course: Course | None, cards: int) -> RecapScreen:
    stages = course.outline.stages if course else ()
    coming = next((stage for stage in stages if stage.slug == lesson.next), None)
    is_written = course is not None and any(other.slug == lesson.next for other in course.lessons)
    return RecapScreen(
        attempt_id=attempt.id,
        slug=lesson.slug,
        number=lesson.number,
        title=lesson.title,
        recap=recap_of(lesson, attempt.guesses),
        sources=tuple((s.title, s.by, s.url) for s in lesson.sources),
        next_title=coming.title if coming else None,
        next_slug=lesson.next if is_written else None,
        former=_before(lesson, course),
        is_first_run=attempt.run == 1,
        cards=cards,
        takeaways=lesson.takeaways,
        try_this=lesson.try_this,
        has_notebook=lesson.notebook is not None,
    )


def _before(lesson: Lesson, course: Course | None) -> tuple[int, str] | None:
    """Return number and slug of the lesson before this one."""
    earlier = [one for one in course.lessons if one.number < lesson.number] if course else []
    return (earlier[-1].number, earlier[-1].slug) if earlier else None


def _shares(step: Step, votes: Mapping[str, int]) -> Shares:
    return kind_of(step).shares(step, votes) if is_crowd(sum(votes.values())) else ()


def _level(step: Step, guess: Guess) -> Level | None:
    if guess.confidence is None:
        return None
    said = guess.confidence
    levels = levels_for(step)  # none, where an edit made a step of another kind
    return min(levels, key=lambda level: abs(level.probability - said), default=None)


def _place(attempt: Attempt, lesson: Lesson) -> StepPlace:
    ids = [step.id for step in lesson.way]
    index = ids.index(attempt.step) + 1
    left = minutes_left(lesson.minutes, index, len(ids))
    return StepPlace(attempt.id, attempt.step, lesson.number, index, len(ids), left)


def minutes_left(minutes: int, index: int, total: int) -> int:
    """Return what is left of a lesson at a step, at the pace that it assumes; at least 1."""
    return max(1, round(minutes * (1 - (index - 1) / total)))


def _guess(attempt: Attempt) -> Guess:
    if attempt.guess is None:
        raise ValueError(f"attempt {attempt.id} is {attempt.phase} without a guess")
    return attempt.guess
