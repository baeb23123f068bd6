"""Put stages in order."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum import budgets
from curriculum.kinds.base import (
    ASKED,
    ArrangedStep,
    At,
    Illustration,
    KnownWrong,
    Line,
    Recorded,
    named,
)


class KnownOrder(KnownWrong):
    """A wrong order that people believe in."""

    order: tuple[str, ...]


class OrderStep(ArrangedStep):
    """Put two to five stages in order. They are listed here in the right order."""

    PROSE: ClassVar = {**ASKED, "stages": (), "known": ("reply",), "reply": (), "wrong": ()}

    kind: Literal["order"]
    stages: Annotated[tuple[Line, ...], Field(min_length=2, max_length=budgets.OPTIONS)]
    known: tuple[KnownOrder, ...] = ()

    def offered(self) -> tuple[str, ...]:
        """Return the stages."""
        return self.stages

    def told(self) -> tuple[str, ...]:
        """Return the reply to the right order, to each known one, and to any other."""
        return (self.reply, self.wrong, *(known.reply for known in self.known))

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """Yield what wrong orders betray."""
        known = ((("known", i), one.misconception) for i, one in enumerate(self.known))
        return named(((), self.misconception), *known)

    def mistakes(self) -> Iterator[At]:
        """No two stages read the same, and a known order is a wrong one of all of them."""
        if len(set(self.stages)) < len(self.stages):
            yield At(("stages",), "two stages read the same: tell them apart")
            return  # what a known order is of can't be told then
        for index, known in enumerate(self.known):
            if known.order == self.stages or sorted(known.order) != sorted(self.stages):
                text = "a known order holds each of the stages once, in another order than theirs"
                yield At(("known", index, "order"), text)
