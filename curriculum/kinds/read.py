"""A passage to read."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from curriculum.kinds.base import At, Illustration, Line, ProseText, Recorded, StepBase


class ReadStep(StepBase):
    """A short passage; `after` or `illustrative` is its picture."""

    PROSE: ClassVar = {"title": (), "text": ()}

    kind: Literal["read"]
    title: Line
    text: ProseText
    illustrative: Illustration | None = None

    def heads(self) -> tuple[str, ...]:
        """Return the passage."""
        return (self.title, self.text)

    def offered(self) -> tuple[str, ...]:
        """Nothing is asked."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Nothing follows."""
        return ()

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """Return the made-up example, where there is one."""
        return {"illustrative": self.illustrative} if self.illustrative else {}

    def beliefs(self) -> Iterator[At]:
        """Nothing is asked."""
        yield from ()

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema."""
        yield from ()
