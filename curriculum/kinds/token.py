"""Name the next token of a prompt."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from curriculum.kinds.base import (
    ASKED,
    At,
    GuessableStep,
    Illustration,
    Line,
    Recorded,
    ReplyText,
)


class TokenStep(GuessableStep):
    """Name the next token of a prompt. The live model scores it by its own probability."""

    PROSE: ClassVar = {**ASKED, "reply": ()}
    UNREAD: ClassVar = GuessableStep.UNREAD | {"prompt"}

    kind: Literal["token"]
    prompt: Line
    recorded: Recorded | None = None
    reply: ReplyText

    def offered(self) -> tuple[str, ...]:
        """Return the prompt."""
        return (self.prompt,)

    def told(self) -> tuple[str, ...]:
        """Return the one reply."""
        return (self.reply,)

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """Return the recording, where there is one."""
        return {"recorded": self.recorded} if self.recorded else {}

    def beliefs(self) -> Iterator[At]:
        """No answer is wrong."""
        yield from ()

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema."""
        yield from ()
