"""Steps that were guessed wrong, asked anew: mixed, in another order, with other numbers. Pure.

Only what a lesson's own key judges is redone. A guess stays what it was; redoing adds beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.kinds.mixing import drawn
from bot.domain.lesson.kinds.own_order import in_own_order
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import is_readable, judge
from curriculum.kinds.number import NumberStep
from curriculum.kinds.registry import Guessable
from curriculum.schema import Course, Lesson
from curriculum.varying import Figures, part_of, shown_as, with_parts


@dataclass(frozen=True, slots=True)
class Redone:
    """How a step was redone: how often, and whether it was right the last time."""

    lesson: str
    step: str
    turns: int
    is_right: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ToRedo:
    """A step that was guessed wrong and not put right since.

    Attributes:
        lesson: It is of.
        step: As it stands in the lesson.
        turns: How often it was redone.
        first: The guess that was wrong.
    """

    lesson: Lesson
    step: Guessable
    turns: int
    first: Guess


def to_redo(
    course: Course, attempts: Sequence[Attempt], redone: Iterable[Redone], learner_id: int
) -> tuple[ToRedo, ...]:
    """Return what there is to redo, mixed: the steps least often redone first."""
    turns = {(one.lesson, one.step): one for one in redone}
    found = []
    for lesson in course.lessons:
        latest = latest_guesses(lesson, attempts)
        for step in lesson.sequence:
            guess, before = latest.get(step.id), turns.get((lesson.slug, step.id))
            if guess is None or not kind_of(step).is_voted:
                continue
            if before and before.is_right and before.at >= guess.at:
                continue
            if is_readable(step, guess.answer) and judge(step, guess.answer).is_right is False:
                found.append(ToRedo(lesson, step, before.turns if before else 0, guess))  # type: ignore[arg-type]  # what a class can vote on is guessed
    return tuple(sorted(found, key=lambda one: (one.turns, _mixed(one, learner_id))))


def latest_guesses(lesson: Lesson, attempts: Iterable[Attempt]) -> dict[str, Guess]:
    """Return a learner's guesses in a lesson, of each step the one made last, once revealed."""
    runs = sorted((run for run in attempts if run.lesson == lesson.slug), key=lambda run: run.run)
    found = {guess.step: guess for run in runs for guess in run.guesses}
    for run in runs:
        if run.phase is Phase.LOCKED:
            found.pop(run.step, None)
    return found


def asked_anew(one: ToRedo, learner_id: int, figures: Figures) -> Guessable:
    """Return the step as it is asked this time: options mixed anew, other numbers where it can."""
    step = one.step
    if isinstance(step, NumberStep):
        return varied(step, one.turns, figures)
    seed = f"{learner_id}:{one.lesson.slug}:redo"
    # an arranged step mixes its letters by its id
    other = step.model_copy(update={"id": f"{step.id}:{one.turns + 1}"})
    return in_own_order(other, seed)


def varied(step: NumberStep, turn: int, figures: Figures) -> NumberStep:
    """Return a number step with its next numbers, computed anew; as it is where it has none."""
    number = step.computed_answer
    if number is None or number.computed is None or not step.vary:
        return step
    parts = step.variations()[turn % len(step.variations())]
    answer = _rounded(float(figures[number.computed](with_parts(number.of, parts))))
    ask, lead = step.ask, step.lead
    for name, value in parts.items():
        was = part_of(number.of, name)
        ask, lead = shown_as(ask, was, value), lead and shown_as(lead, was, value)
    before = kind_of(step).answer(step)
    told = f"In the lesson's own case it was {before}: {step.reply}"
    changed = {"ask": ask, "lead": lead, "answer": answer, "reply": told, "hints": ()}
    for side in ("too_low", "too_high"):
        changed[side] = getattr(step, side).model_copy(update={"reply": told})
    return step.model_copy(update=changed)


def answered(one: ToRedo, asked: Guessable, answer: str, now: datetime) -> Redone:
    """Return how the step stands after a whole answer to it."""
    is_right = judge(asked, answer).is_right is True
    return Redone(one.lesson.slug, one.step.id, one.turns + 1, is_right, now)


def _rounded(answer: float) -> float:
    return answer if answer.is_integer() else float(f"{answer:.4g}")


def _mixed(one: ToRedo, learner_id: int) -> bytes:
    return drawn(f"{learner_id}:{one.turns}:{one.lesson.slug}:{one.step.id}")
