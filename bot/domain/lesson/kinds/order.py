"""An order: letters of the stages as shown, in the order they were placed."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.arranged import ArrangedKind
from bot.domain.lesson.kinds.base import (
    AnswerPiece,
    Choice,
    StepKey,
    lettered,
)
from bot.domain.lesson.kinds.mixing import mixed, placed
from curriculum.kinds.order import KnownOrder, OrderStep

_STAGE_CHARS = 16  # of each stage in a heading, which a table holds
ORDINALS = ("first", "second", "third", "fourth", "fifth")


class OrderKind(ArrangedKind[OrderStep, KnownOrder]):
    """Put stages in order."""

    RIGHT = "in order"
    WRONG = "another order"

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

    def is_right(self, step: OrderStep, answer: str) -> bool:
        """Whether the stages are in order."""
        return is_in_order(step, answer)

    def known(self, step: OrderStep) -> tuple[KnownOrder, ...]:
        """Return the wrong orders that people believe in."""
        return step.known

    def known_as(self, step: OrderStep, answer: str) -> KnownOrder | None:
        """Return the known order that it is."""
        given = stages_of(step, answer)
        return next((known for known in step.known if known.order == given), None)

    def named(self, known: KnownOrder) -> str:
        """Return its stages, each by its beginning."""
        return " → ".join(stage[:_STAGE_CHARS].strip() for stage in known.order)

    def said(self, step: OrderStep, answer: str) -> str:
        """Return the stages as placed."""
        return " → ".join(stages_of(step, answer))

    def pieces(self, step: OrderStep, answer: str) -> tuple[AnswerPiece, ...]:
        """Return what was put in each place."""
        both = zip(self.slots(step), stages_of(step, answer), step.stages, strict=True)
        return tuple(AnswerPiece(*piece) for piece in both)

    def choices(self, step: OrderStep) -> tuple[Choice, ...]:
        """Return the stages, mixed."""
        return lettered(shown(step))

    def slots(self, step: OrderStep) -> tuple[str, ...]:
        """Return the places."""
        return ORDINALS[: len(step.stages)]


def shown(step: OrderStep) -> tuple[str, ...]:
    """Return the stages as every learner sees them: mixed the same way each time."""
    return tuple(step.stages[index] for index in mixed(step.id, len(step.stages)))


def stages_of(step: OrderStep, answer: str) -> tuple[str, ...]:
    """Return the stages that the letters of an answer name, in the answer's order."""
    return tuple(step.stages[index] for index in placed(step.id, len(step.stages), answer))


def is_in_order(step: OrderStep, answer: str) -> bool:
    """Whether the letters name the stages in the right order."""
    return stages_of(step, answer) == step.stages
