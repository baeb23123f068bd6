"""An order: letters of the stages as shown, in the order they were placed."""

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
from curriculum.kinds.order import KnownOrder, OrderStep

RIGHT, WRONG = "in order", "another order"
_STAGE_CHARS = 16  # of each stage in a heading, which a table holds
ORDINALS = ("first", "second", "third", "fourth", "fifth")


class OrderKind(ArrangedKind[OrderStep]):
    """Put stages in order."""

    def count(self, step: OrderStep) -> int:
        """Return how many there are."""
        return len(step.stages)

    def passages(self, step: OrderStep) -> Iterator[tuple[str, ...]]:
        """Yield the stages in order, and why; then what is said to each known order."""
        yield step.ask, f"{self.answer(step)}. {step.reply}"
        for known in step.known:
            yield step.ask, known.reply

    def quoted(self, step: OrderStep) -> str | None:
        """It is one piece."""
        return None

    def key(self, step: OrderStep) -> StepKey:
        """Return the stages: near each other they give it away."""
        return StepKey((" ".join(step.stages),))

    def answer(self, step: OrderStep) -> str:
        """Return the stages in order."""
        return " → ".join(step.stages)

    def explained(self, step: OrderStep) -> str:
        """Return the reply."""
        return step.reply

    def judge(self, step: OrderStep, answer: str) -> Judgement:
        """Right as a whole; else by the known order that it is, if it is one."""
        if is_in_order(step, answer):
            return Judgement(True, step.reply)
        known = _known_as(step, answer)
        if known is not None:
            return Judgement(False, known.reply, known.misconception)
        return Judgement(False, step.wrong, step.misconception)

    def said(self, step: OrderStep, answer: str) -> str:
        """Return the stages as placed."""
        return " → ".join(stages_of(step, answer))

    def pieces(self, step: OrderStep, answer: str) -> tuple[AnswerPiece, ...]:
        """It is one piece."""
        return ()

    def choices(self, step: OrderStep) -> tuple[Choice, ...]:
        """Return the stages, mixed."""
        return lettered(shown(step))

    def slots(self, step: OrderStep) -> tuple[str, ...]:
        """Return the places."""
        return ORDINALS[: len(step.stages)]

    def heading(self, step: OrderStep, answer: str) -> str:
        """Return right, a known order by the stages that it begins with, or another."""
        if is_in_order(step, answer):
            return RIGHT
        known = _known_as(step, answer)
        return _named(known) if known else WRONG

    def headings(self, step: OrderStep) -> tuple[str, ...]:
        """Return all of these."""
        return (RIGHT, *map(_named, step.known), WRONG)

    def is_right_heading(self, step: OrderStep, heading: str) -> bool:
        """Whether it is the right one."""
        return heading == RIGHT

    def belief(self, step: OrderStep, heading: str) -> str | None:
        """Return what a known order, or any other wrong one, betrays."""
        known = _by_name(step, heading)
        if known is not None:
            return known.misconception
        return step.misconception if heading == WRONG else None

    def reply_to(self, step: OrderStep, heading: str) -> str:
        """Return the reply."""
        known = _by_name(step, heading)
        if known is not None:
            return known.reply
        return step.reply if heading == RIGHT else step.wrong


def shown(step: OrderStep) -> tuple[str, ...]:
    """Return the stages as every learner sees them: mixed the same way each time."""
    return tuple(step.stages[index] for index in mixed(step.id, len(step.stages)))


def stages_of(step: OrderStep, answer: str) -> tuple[str, ...]:
    """Return the stages that the letters of an answer name, in the answer's order."""
    return tuple(step.stages[index] for index in placed(step.id, len(step.stages), answer))


def is_in_order(step: OrderStep, answer: str) -> bool:
    """Whether the letters name the stages in the right order."""
    return stages_of(step, answer) == step.stages


def _known_as(step: OrderStep, answer: str) -> KnownOrder | None:
    given = stages_of(step, answer)
    return next((known for known in step.known if known.order == given), None)


def _named(known: KnownOrder) -> str:
    return " → ".join(stage[:_STAGE_CHARS].strip() for stage in known.order)


def _by_name(step: OrderStep, heading: str) -> KnownOrder | None:
    return next((known for known in step.known if _named(known) == heading), None)
