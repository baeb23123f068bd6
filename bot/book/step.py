"""A step as the book's page needs it: what is offered, and what each answer brings."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from bot.book.recording import StepShown
from bot.domain.lesson.confidence import Level, levels_for
from bot.domain.lesson.evidence import NEAR_TIE_NATS
from bot.domain.lesson.kinds.base import AnswerEntry, Choice, Flow, JudgedBy
from bot.domain.lesson.kinds.order import OrderKind
from bot.domain.lesson.kinds.own_order import in_own_order
from bot.domain.lesson.kinds.registry import kind_of
from curriculum.kinds.base import Recorded
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.kinds.registry import Step
from curriculum.kinds.token import TokenStep
from curriculum.schema import Lesson


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """What one answer, or several alike, come to."""

    said: str  # the answer in words, for those who read what others are told
    is_right: bool
    reply: str
    belief: str | None  # the misconception behind it, in words


@dataclass(frozen=True, slots=True)
class BookStep:
    """A step of a lesson, ready to be drawn."""

    lesson: Lesson
    step: Step
    place: int  # from 1, of those of the lesson
    shown: StepShown
    told: tuple[AnswerTold, ...]

    @property
    def anchor(self) -> str:
        """Its id in the page."""
        return f"{self.lesson.number}-{self.step.id}"

    @property
    def form(self) -> str:
        """How it is answered: picked, arranged, typed; recalled, or only looked at."""
        kind = kind_of(self.step)
        if kind.flow is not Flow.GUESS:
            return str(kind.flow.value)
        return str(kind.entry.value)

    @property
    def is_own_words(self) -> bool:
        """Whether only the learner, or a rubric, can judge it."""
        return kind_of(self.step).judged_by in (JudgedBy.LEARNER, JudgedBy.RUBRIC)

    @property
    def levels(self) -> tuple[Level, ...]:
        """How sure one may say one is."""
        return levels_for(self.step)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What an answer is made from."""
        return kind_of(self.step).choices(self.step)

    @property
    def slots(self) -> tuple[str, ...]:
        """What each letter of an arrangement is for."""
        return kind_of(self.step).slots(self.step)

    @property
    def answer(self) -> str | None:
        """The right answer in words."""
        return kind_of(self.step).answer(self.step)

    @property
    def recorded(self) -> Recorded | None:
        """What a model that isn't here said once."""
        return getattr(self.step, "recorded", None)

    def rules(self) -> dict[str, Any]:
        """Return what the page judges by, as JSON: see judge.js."""
        kind = kind_of(self.step)
        found: dict[str, Any] = {
            "key": f"{self.lesson.slug}/{self.step.id}",
            "lesson": self.lesson.slug,
            "version": self.lesson.version,
            "form": self.form,
            "levels": [level.probability for level in self.levels],
            "beliefs": [one.belief for one in self.told],
            "right": [one.is_right for one in self.told],
        }
        if kind.is_voted and kind.entry is not AnswerEntry.TYPED:
            judged = _judged(self.lesson, self.step)
            found["answers"] = {one: self.told.index(judged[one]) for one in judged}
        if isinstance(self.step, NumberStep):
            found["near"] = [self.step.answer, self.step.factor]
            found["unit"] = self.step.unit
        if isinstance(self.step, TokenStep):
            found["odds"] = _odds(self.step, self.shown)
        return found


def book_step(lesson: Lesson, place: int, shown: StepShown) -> BookStep:
    """Return the step at this place of a lesson, from 1, its options mixed as a learner's are."""
    step = in_own_order(lesson.sequence[place - 1], f"book:{lesson.slug}")
    return BookStep(lesson, step, place, shown, _told(lesson, step))


def _told(lesson: Lesson, step: Step) -> tuple[AnswerTold, ...]:
    kind = kind_of(step)
    if not kind.is_voted:
        return ()
    if kind.entry is not AnswerEntry.TYPED:
        told = dict.fromkeys(_judged(lesson, step).values())
        if kind.entry is AnswerEntry.ARRANGED:  # the right one leads, whatever mixing put first
            return tuple(sorted(told, key=lambda one: not one.is_right))
        return tuple(told)
    return tuple(
        AnswerTold(
            said=heading.capitalize(),
            is_right=kind.is_right_heading(step, heading),
            reply=kind.reply_to(step, heading),
            belief=lesson.misconceptions.get(kind.belief(step, heading) or ""),
        )
        for heading in kind.headings(step)
    )


def _judged(lesson: Lesson, step: Step) -> Mapping[str, AnswerTold]:
    """Return what every possible answer comes to, where answers are pressed."""
    kind = kind_of(step)
    named = {choice.key: choice.text for choice in kind.choices(step)}
    is_picked = kind.entry is AnswerEntry.PICKED
    found = {}
    for answer in named if is_picked else map("".join, permutations(named)):
        judgement = kind.judge(step, answer)
        said = named[answer] if is_picked else _arranged(step, answer)
        belief = lesson.misconceptions.get(judgement.misconception or "")
        is_right = judgement.is_right is True
        found[answer] = AnswerTold(said, is_right, judgement.reply, belief)
    return found


def _arranged(step: Step, answer: str) -> str:
    """Return what an arrangement is called: a wrong order that is known, in full."""
    if isinstance(step, OrderStep) and OrderKind().known_as(step, answer):
        return OrderKind().said(step, answer)
    return (kind_of(step).heading(step, answer) or "").capitalize()


def _odds(step: TokenStep, shown: StepShown) -> dict[str, Any] | None:
    """Return the likeliest tokens, and which of them count as the model's first choice."""
    top = [(c.token.text, c.probability) for c in shown.odds.top] if shown.odds else []
    least = top[0][1] * (1 - NEAR_TIE_NATS) if top else 1.0
    return {
        "model": shown.odds.model if shown.odds else "",
        "top": top,
        "spaced": step.prompt[-1:].isspace(),
        "first": [text for text, share in top if share >= least],
        "recorded": list(step.recorded.top.items()) if step.recorded else [],
        "recordedBy": step.recorded.model if step.recorded else "",
    }
