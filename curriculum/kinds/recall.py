"""A question to answer in the head."""

from typing import ClassVar, Literal

from curriculum.kinds.base import OwnWordsStep, ProseText


class RecallStep(OwnWordsStep):
    """A question with its answer hidden; the learner says whether they had it."""

    PROSE: ClassVar = {"ask": (), "answer": ()}

    kind: Literal["recall"] = "recall"
    answer: ProseText

    def told(self) -> tuple[str, ...]:
        """Return the answer."""
        return (self.answer,)
