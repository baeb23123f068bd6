"""A match: for each thing in turn, the letter of what it was paired with, as shown."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.arranged import ArrangedKind
from bot.domain.lesson.kinds.base import (
    AnswerPiece,
    Choice,
    Judgement,
    StepKey,
    lettered,
)
from bot.domain.lesson.kinds.mixing import mixed, placed
from curriculum.kinds.match import MatchStep, Mixup

RIGHT, WRONG = "all paired right", "paired otherwise"
_THING_CHARS = 24  # of each thing in a heading, which a table holds


class MatchKind(ArrangedKind[MatchStep]):
    """Pair things with what they belong to."""

    def count(self, step: MatchStep) -> int:
        """Return how many there are."""
        return len(step.pairs)

    def passages(self, step: MatchStep) -> Iterator[tuple[str, ...]]:
        """Yield the pairs, and why; then what is said to each mix-up."""
        yield step.ask, self.quoted(step)
        for mixup in step.mixups:
            yield step.ask, mixup.reply, " ".join(mixup.things)

    def quoted(self, step: MatchStep) -> str:
        """Return the pairs, and why."""
        return f"{self.answer(step)}. {step.reply}"

    def key(self, step: MatchStep) -> StepKey:
        """Return each pair: together they give it away."""
        return StepKey(tuple(f"{pair.thing} {pair.belongs}" for pair in step.pairs))

    def answer(self, step: MatchStep) -> str:
        """Return the pairs."""
        return "; ".join(f"{pair.thing} → {pair.belongs}" for pair in step.pairs)

    def explained(self, step: MatchStep) -> str:
        """Return the reply."""
        return step.reply

    def judge(self, step: MatchStep, answer: str) -> Judgement:
        """Right as a whole; else by the first known mix-up in it, if there is one."""
        if is_paired(step, answer):
            return Judgement(True, step.reply)
        mixup = _mixup_in(step, answer)
        if mixup is not None:
            return Judgement(False, mixup.reply, mixup.misconception)
        return Judgement(False, step.wrong, step.misconception)

    def said(self, step: MatchStep, answer: str) -> str:
        """Return the pairs made so far."""
        pairs = zip(step.pairs, _given(step, answer), strict=False)
        return "; ".join(f"{pair.thing} → {step.pairs[place].belongs}" for pair, place in pairs)

    def pieces(self, step: MatchStep, answer: str) -> tuple[AnswerPiece, ...]:
        """Return each thing with what it was paired with."""
        return tuple(
            AnswerPiece(pair.thing, step.pairs[place].belongs, pair.belongs)
            for pair, place in zip(step.pairs, _given(step, answer), strict=True)
        )

    def choices(self, step: MatchStep) -> tuple[Choice, ...]:
        """Return what the things belong to, mixed."""
        return lettered(shown(step))

    def slots(self, step: MatchStep) -> tuple[str, ...]:
        """Return the things."""
        return tuple(pair.thing for pair in step.pairs)

    def heading(self, step: MatchStep, answer: str) -> str:
        """Return right, a known mix-up, or otherwise."""
        if is_paired(step, answer):
            return RIGHT
        mixup = _mixup_in(step, answer)
        return _named(mixup) if mixup else WRONG

    def headings(self, step: MatchStep) -> tuple[str, ...]:
        """Return all of these."""
        return (RIGHT, *map(_named, step.mixups), WRONG)

    def is_right_heading(self, step: MatchStep, heading: str) -> bool:
        """Whether it is the right one."""
        return heading == RIGHT

    def belief(self, step: MatchStep, heading: str) -> str | None:
        """Return what a mix-up, or any other pairing, betrays."""
        mixup = _by_name(step, heading)
        if mixup is not None:
            return mixup.misconception
        return step.misconception if heading == WRONG else None

    def reply_to(self, step: MatchStep, heading: str) -> str:
        """Return the reply."""
        mixup = _by_name(step, heading)
        if mixup is not None:
            return mixup.reply
        return step.reply if heading == RIGHT else step.wrong


def shown(step: MatchStep) -> tuple[str, ...]:
    """Return what the things belong to as every learner sees it: mixed the same way each time."""
    return tuple(step.pairs[index].belongs for index in mixed(step.id, len(step.pairs)))


def is_paired(step: MatchStep, answer: str) -> bool:
    """Whether the letters pair every thing with what it belongs to."""
    return _given(step, answer) == tuple(range(len(step.pairs)))


def _given(step: MatchStep, answer: str) -> tuple[int, ...]:
    return placed(step.id, len(step.pairs), answer)


def _mixup_in(step: MatchStep, answer: str) -> Mixup | None:
    """Return the first known mix-up of which both sides were taken for each other."""
    given = _given(step, answer)
    place = {pair.thing: index for index, pair in enumerate(step.pairs)}
    for mixup in step.mixups:
        one, other = (place[thing] for thing in mixup.things)
        if given[one] == other and given[other] == one:
            return mixup
    return None


def _named(mixup: Mixup) -> str:
    one, other = (thing[:_THING_CHARS].strip() for thing in mixup.things)
    return f"{one} ↔ {other}"


def _by_name(step: MatchStep, heading: str) -> Mixup | None:
    return next((mixup for mixup in step.mixups if _named(mixup) == heading), None)
