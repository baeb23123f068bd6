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
from curriculum.kinds.order import OrderStep

RIGHT, WRONG = "in order", "another order"
ORDINALS = ("first", "second", "third", "fourth", "fifth")


class OrderKind(ArrangedKind[OrderStep]):
    """Put stages in order."""

    def count(self, step: OrderStep) -> int:
        """Return how many there are."""
        return len(step.stages)

    def passages(self, step: OrderStep) -> Iterator[tuple[str, ...]]:
        """Yield the stages in order, and why."""
        yield step.ask, f"{self.answer(step)}. {step.reply}"

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
        """Right or wrong as a whole."""
        if is_in_order(step, answer):
            return Judgement(True, step.reply)
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
        """Return whether it is right."""
        return RIGHT if is_in_order(step, answer) else WRONG

    def headings(self, step: OrderStep) -> tuple[str, ...]:
        """Return both."""
        return (RIGHT, WRONG)

    def is_right_heading(self, step: OrderStep, heading: str) -> bool:
        """Whether it is the right one."""
        return heading == RIGHT

    def belief(self, step: OrderStep, heading: str) -> str | None:
        """Return what a wrong order betrays."""
        return step.misconception if heading == WRONG else None

    def reply_to(self, step: OrderStep, heading: str) -> str:
        """Return the reply."""
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
