"""Where to begin: a few questions, each chosen where its answer tells most. Pure.

Lessons are taken as a ladder: who knows one knows those before it. After each answer Bayes' rule
says how likely it is that the learner knows the first 0, 1, 2 … lessons. The next question is from
the lesson whose answer is expected to leave the least doubt (entropy, in bits).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import accumulate
from math import log2

from bot.domain.lesson.kinds.mixing import drawn
from bot.domain.lesson.kinds.own_order import in_own_order
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course, Lesson

QUESTIONS = 8
MINUTES = 3
KNOWN = 0.7  # so likely it must be that a lesson is known before it is passed over
_SLIP = {"right": 0.85, "wrong": 0.1, "unsure": 0.05}  # of somebody who knows the lesson


class AnswerOutcome(Enum):
    """What came of one question."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"  # they said that they don't know


@dataclass(frozen=True, slots=True)
class PlacedAnswer:
    """A question of the placement, and what came of it."""

    lesson: str
    step: str
    outcome: AnswerOutcome


@dataclass(frozen=True, slots=True)
class Placement:
    """One learner's placement: what was answered, and the question that waits.

    Attributes:
        learner_id: Whose it is.
        answers: In the order given.
        lesson: Of the question that waits; None: it is over.
        step: Of the question that waits; None: it is over.
    """

    learner_id: int
    answers: tuple[PlacedAnswer, ...] = ()
    lesson: str | None = None
    step: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether no question waits."""
        return self.step is None


@dataclass(frozen=True, slots=True)
class PlacedAt:
    """What the answers say.

    Attributes:
        start: The lesson to begin with; None: all of them seem to be known.
        right: Questions answered right.
        asked: Questions answered at all.
        sure: The probability, 0 to 1, that all lessons before `start` are known.
    """

    start: Lesson | None
    right: int
    asked: int
    sure: float


def begun(course: Course, learner_id: int, guessed: Collection[tuple[str, str]]) -> Placement:
    """Return a new placement at its first question; `guessed` are steps whose answers are known."""
    return _at_next(Placement(learner_id), course, guessed)


def answered(
    placement: Placement, course: Course, said: str | None, guessed: Collection[tuple[str, str]]
) -> Placement:
    """Return the placement after its question was answered; None: they don't know."""
    step = question_of(placement, course)
    assert step is not None
    assert placement.lesson is not None
    outcome = AnswerOutcome.UNSURE if said is None else AnswerOutcome.WRONG
    if said == step.answer:
        outcome = AnswerOutcome.RIGHT
    answer = PlacedAnswer(placement.lesson, step.id, outcome)
    return _at_next(replace(placement, answers=(*placement.answers, answer)), course, guessed)


def settled(
    placement: Placement, course: Course, guessed: Collection[tuple[str, str]]
) -> Placement:
    """Return the placement with another question where the course has lost the one that waits."""
    if placement.is_over or question_of(placement, course) is not None:
        return placement
    return _at_next(placement, course, guessed)


def question_of(placement: Placement, course: Course) -> ChoiceStep | None:
    """Return the question that waits, its options in the learner's order; None: there is none."""
    found = (s for s in _questions(course, placement.lesson) if s.id == placement.step)
    step = next(found, None)
    return in_own_order(step, f"{placement.learner_id}:placement") if step else None


def standing_of(course: Course, answers: Sequence[PlacedAnswer]) -> PlacedAt:
    """Return what the answers say of where to begin."""
    lessons = course.lessons
    # that the first n + 1 are known: all that lies beyond them
    known = list(accumulate(reversed(_belief(course, answers)[1:])))[::-1]
    passed = sum(share >= KNOWN for share in known)
    return PlacedAt(
        start=lessons[passed] if passed < len(lessons) else None,
        right=sum(one.outcome is AnswerOutcome.RIGHT for one in answers),
        asked=len(answers),
        sure=known[passed - 1] if passed else 1.0,
    )


def start_of(course: Course, placement: Placement | None) -> int:
    """Return the number of the lesson to begin with; one past the last where all are known."""
    if placement is None or not placement.is_over or not course.lessons:
        return 0
    start = standing_of(course, placement.answers).start
    return start.number if start else course.lessons[-1].number + 1


def _at_next(
    placement: Placement, course: Course, guessed: Collection[tuple[str, str]]
) -> Placement:
    answers = placement.answers
    used = {*guessed, *((one.lesson, one.step) for one in answers)}
    fresh = {
        number: [s for s in lesson.quick_check if (lesson.slug, s.id) not in used]
        for number, lesson in enumerate(course.lessons)
    }
    can_ask = [number for number, steps in fresh.items() if steps]
    if len(answers) >= QUESTIONS or not can_ask:
        return replace(placement, lesson=None, step=None)
    belief = _belief(course, answers)
    rung = min(can_ask, key=lambda n: (_doubt_after(belief, n, fresh[n][0]), n))
    lesson = course.lessons[rung]
    seed = f"{placement.learner_id}:placement"
    step = min(fresh[rung], key=lambda one: drawn(f"{seed}:{one.id}"))
    return replace(placement, lesson=lesson.slug, step=step.id)


def _belief(course: Course, answers: Sequence[PlacedAnswer]) -> list[float]:
    """Return how likely it is that the first 0, 1, 2 … lessons are known and no more."""
    rungs = {lesson.slug: number for number, lesson in enumerate(course.lessons)}
    belief = [1.0] * (len(course.lessons) + 1)
    for one in answers:
        step = next((s for s in _questions(course, one.lesson) if s.id == one.step), None)
        if step is not None:  # else an edit has taken it away
            told = _likelihoods(belief, rungs[one.lesson], step, one.outcome)
            belief = [share * chance for share, chance in zip(belief, told, strict=True)]
    total = sum(belief)
    return [share / total for share in belief]


def _likelihoods(
    belief: Sequence[float], rung: int, step: ChoiceStep, outcome: AnswerOutcome
) -> list[float]:
    """Return how likely an outcome is for each number of lessons known."""
    chance = 1 / len(step.options)  # a blind guess; some of the others say that they don't know
    blind = {"right": chance, "wrong": 0.6 * (1 - chance), "unsure": 0.4 * (1 - chance)}
    return [(_SLIP if known > rung else blind)[outcome.value] for known in range(len(belief))]


def _doubt_after(belief: Sequence[float], rung: int, step: ChoiceStep) -> float:
    """Return the doubt in bits that is expected to be left after this question."""
    doubt = 0.0
    for outcome in AnswerOutcome:
        told = _likelihoods(belief, rung, step, outcome)
        joint = [share * chance for share, chance in zip(belief, told, strict=True)]
        total = sum(joint)
        doubt -= sum(one * log2(one / total) for one in joint if one > 0)
    return round(doubt, 9)


def _questions(course: Course, slug: str | None) -> tuple[ChoiceStep, ...]:
    return next((one.quick_check for one in course.lessons if one.slug == slug), ())
