"""Answer in one sentence."""

from typing import ClassVar, Literal

from curriculum.kinds.base import ASKED, GuessableStep, OwnWordsStep, ProseText


class TextStep(GuessableStep, OwnWordsStep):
    """Answer in one sentence, then hold it against a model answer. Scored by the learner."""

    PROSE: ClassVar = {**ASKED, "answer": ()}

    kind: Literal["text"]
    answer: ProseText

    def told(self) -> tuple[str, ...]:
        """Return the model answer."""
        return (self.answer,)
