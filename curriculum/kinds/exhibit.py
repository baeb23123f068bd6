"""An instrument to play with."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from curriculum.kinds.base import (
    At,
    ExhibitCall,
    Illustration,
    Line,
    ProseText,
    Recorded,
    StepBase,
)


class ExhibitStep(StepBase):
    """A live instrument to play with; `after` names it."""

    PROSE: ClassVar = {"title": (), "text": ()}

    kind: Literal["exhibit"]
    title: Line
    text: ProseText
    after: ExhibitCall

    def heads(self) -> tuple[str, ...]:
        """Return what to do with it."""
        return (self.title, self.text)

    def offered(self) -> tuple[str, ...]:
        """Nothing is asked."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Nothing follows."""
        return ()

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """Nothing is asked."""
        yield from ()

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema."""
        yield from ()
