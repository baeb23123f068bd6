"""A question to answer in the head."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from curriculum.kinds.base import AskedStep, At, Illustration, ProseText, Recorded


class RecallStep(AskedStep):
    """A question with its answer hidden; the learner says whether they had it."""

    PROSE: ClassVar = {"ask": (), "answer": ()}

    kind: Literal["recall"] = "recall"
    answer: ProseText

    def heads(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.ask,)

    def offered(self) -> tuple[str, ...]:
        """Nothing: it is said in the head."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Return the answer."""
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
