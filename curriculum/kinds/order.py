"""Put stages in order."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum import budgets
from curriculum.kinds.base import (
    ASKED,
    At,
    GuessableStep,
    Illustration,
    Line,
    Recorded,
    ReplyText,
    named,
)


class OrderStep(GuessableStep):
    """Put two to five stages in order. They are listed here in the right order."""

    PROSE: ClassVar = {**ASKED, "stages": (), "reply": (), "wrong": ()}

    kind: Literal["order"]
    stages: Annotated[tuple[Line, ...], Field(min_length=2, max_length=budgets.OPTIONS)]
    misconception: str | None = None
    reply: ReplyText
    wrong: ReplyText

    def offered(self) -> tuple[str, ...]:
        """Return the stages."""
        return self.stages

    def told(self) -> tuple[str, ...]:
        """Return the reply to the right order and to any other."""
        return (self.reply, self.wrong)

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """Yield what a wrong order betrays."""
        return named(((), self.misconception))

    def mistakes(self) -> Iterator[At]:
        """No two stages read the same."""
        if len(set(self.stages)) < len(self.stages):
            yield At(("stages",), "two stages read the same: tell them apart")
