"""Explain it to a colleague."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum.kinds.base import CoursePart, Line, OwnWordsStep, ProseText, Slug


class Criterion(CoursePart):
    """One thing a teach-back must say, with ways of saying it and ways of just missing it."""

    id: Slug
    says: Line
    ask: Line | None = Field(None, description="A question that leads there without saying it.")
    counts: tuple[Line, ...] = ()
    near_misses: tuple[Line, ...] = ()


class TeachbackStep(OwnWordsStep):
    """Explain it to a colleague, then hold it against a rubric."""

    PROSE: ClassVar = {"ask": (), "answer": (), "criteria": ("says", "ask")}

    kind: Literal["teachback"] = "teachback"
    answer: ProseText
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=2, max_length=5)]

    def told(self) -> tuple[str, ...]:
        """Return the model answer with its criteria: they stand on one card."""
        return ("".join((self.answer, *(criterion.says for criterion in self.criteria))),)
