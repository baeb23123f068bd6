"""Answer in one sentence."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from curriculum.kinds.base import (
    ASKED,
    At,
    GuessableStep,
    Illustration,
    ProseText,
    Recorded,
)


class TextStep(GuessableStep):
    """Answer in one sentence, then hold it against a model answer. Scored by the learner."""

    PROSE: ClassVar = {**ASKED, "answer": ()}

    kind: Literal["text"]
    answer: ProseText

    def offered(self) -> tuple[str, ...]:
        """Nothing: it is typed."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Return the model answer."""
        return (self.answer,)

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """The learner judges it."""
        yield from ()

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema."""
        yield from ()
