"""Explain it to a colleague."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum.kinds.base import (
    AskedStep,
    At,
    CoursePart,
    Illustration,
    Line,
    ProseText,
    Recorded,
    Slug,
)


class Criterion(CoursePart):
    """One thing a teach-back must say, with ways of saying it and ways of just missing it."""

    id: Slug
    says: Line
    ask: Line | None = Field(None, description="A question that leads there without saying it.")
    counts: tuple[Line, ...] = ()
    near_misses: tuple[Line, ...] = ()


class TeachbackStep(AskedStep):
    """Explain it to a colleague, then hold it against a rubric."""

    PROSE: ClassVar = {"ask": (), "answer": (), "criteria": ("says", "ask")}

    kind: Literal["teachback"] = "teachback"
    answer: ProseText
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=2, max_length=5)]

    def heads(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.ask,)

    def offered(self) -> tuple[str, ...]:
        """Nothing: it is typed."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Return the model answer with its criteria: they stand on one card."""
        return ("".join((self.answer, *(criterion.says for criterion in self.criteria))),)

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """A rubric judges it."""
        yield from ()

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema."""
        yield from ()
