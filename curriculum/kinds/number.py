"""Guess a quantity."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum import budgets
from curriculum.kinds.base import (
    ASKED,
    At,
    CoursePart,
    GuessableStep,
    Illustration,
    Recorded,
    ReplyText,
    named,
)


class Miss(CoursePart):
    """The belief behind a guess that lies on one side of the answer, and the reply to it."""

    misconception: str | None = None
    reply: ReplyText


class NumberStep(GuessableStep):
    """Guess a quantity. Right when within `factor` of the answer, either way."""

    PROSE: ClassVar = {
        **ASKED,
        "reply": (),
        "too_low": ("reply",),
        "too_high": ("reply",),
    }
    UNREAD: ClassVar = GuessableStep.UNREAD | {"unit"}

    kind: Literal["number"]
    answer: Annotated[float, Field(gt=0)]
    unit: Annotated[str, Field(max_length=budgets.UNIT)] = ""
    factor: Annotated[float, Field(gt=1, le=10)] = 1.1
    reply: ReplyText
    too_low: Miss
    too_high: Miss

    def offered(self) -> tuple[str, ...]:
        """Nothing: it is typed."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Return the reply to each side."""
        return (self.reply, self.too_low.reply, self.too_high.reply)

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """Yield what each side betrays."""
        low, high = self.too_low.misconception, self.too_high.misconception
        return named((("too_low",), low), (("too_high",), high))

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema; its answer is a number that needs a source."""
        yield from ()
