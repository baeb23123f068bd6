"""An order: letters of the stages as shown, in the order they were placed."""

from collections.abc import Iterator, Mapping
from math import factorial

from bot.domain.lesson.kinds.base import (
    AnswerEntry,
    AnswerPiece,
    Choice,
    Flow,
    JudgedBy,
    Judgement,
    Kind,
    StepKey,
    lettered,
)
from bot.domain.lesson.kinds.mixing import letters_of, mixed, placed
from bot.domain.lesson.kinds.shares import Shares, likeliest, most
from curriculum.kinds.order import OrderStep

RIGHT, WRONG = "in order", "another order"
ORDINALS = ("first", "second", "third", "fourth", "fifth")


class OrderKind(Kind[OrderStep]):
    """Put stages in order."""

    flow = Flow.GUESS
    entry = AnswerEntry.ARRANGED
    judged_by = JudgedBy.KEY

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

    def read(self, step: OrderStep, raw: str) -> str:
        """Return the letters placed so far."""
        return letters_of(raw, len(step.stages))

    def is_complete(self, step: OrderStep, draft: str) -> bool:
        """Whether every stage is placed."""
        return len(draft) == len(step.stages)

    def judge(self, step: OrderStep, answer: str) -> Judgement:
        """Right or wrong as a whole."""
        if is_in_order(step, answer):
            return Judgement(True, step.reply)
        return Judgement(False, step.wrong, step.misconception)

    def said(self, step: OrderStep, answer: str) -> str:
        """Return the stages as placed."""
        return " → ".join(stages_of(step, answer))

    def letter(self, step: OrderStep, answer: str) -> str | None:
        """Letters of a mixed list say nothing."""
        return None

    def pieces(self, step: OrderStep, answer: str) -> tuple[AnswerPiece, ...]:
        """It is one piece."""
        return ()

    def chance(self, step: OrderStep) -> float:
        """Every order is as likely."""
        return 1 / factorial(len(step.stages))

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

    def spread(self, step: OrderStep, votes: Mapping[str, int]) -> Shares:
        """Return the most frequent orders, by letters."""
        return most(votes)

    def shares(self, step: OrderStep, votes: Mapping[str, int]) -> Shares:
        """Return right and wrong, the most frequent first."""
        return likeliest(votes)


def shown(step: OrderStep) -> tuple[str, ...]:
    """Return the stages as every learner sees them: mixed the same way each time."""
    return tuple(step.stages[index] for index in mixed(step.id, len(step.stages)))


def stages_of(step: OrderStep, answer: str) -> tuple[str, ...]:
    """Return the stages that the letters of an answer name, in the answer's order."""
    return tuple(step.stages[index] for index in placed(step.id, len(step.stages), answer))


def is_in_order(step: OrderStep, answer: str) -> bool:
    """Whether the letters name the stages in the right order."""
    return stages_of(step, answer) == step.stages
