"""Pick one of two to five options; exactly one is right."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum import budgets
from curriculum.kinds.base import (
    ASKED,
    OPTION_KEYS,
    At,
    CoursePart,
    GuessableStep,
    Illustration,
    Recorded,
    ReplyText,
    named,
)


class Option(CoursePart):
    """One answer a learner can pick, what a wrong one betrays, and the reply to it."""

    text: Annotated[str, Field(min_length=1, max_length=budgets.OPTION)]
    correct: bool = False
    misconception: str | None = None
    reply: ReplyText


class ChoiceStep(GuessableStep):
    """Pick one of two to five options; exactly one is right."""

    PROSE: ClassVar = {**ASKED, "options": ("text", "reply")}

    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=budgets.OPTIONS)]
    recorded: Recorded | None = None

    @property
    def answer(self) -> str:
        """The key, A to E, of the right option."""
        return next(k for k, o in zip(OPTION_KEYS, self.options, strict=False) if o.correct)

    def option(self, key: str) -> Option:
        """Return the option with this key.

        Raises:
            KeyError: there is none.
        """
        return dict(zip(OPTION_KEYS, self.options, strict=False))[key]

    def offered(self) -> tuple[str, ...]:
        """Return the options."""
        return tuple(option.text for option in self.options)

    def told(self) -> tuple[str, ...]:
        """Return the reply to each option."""
        return tuple(option.reply for option in self.options)

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """Return the recording, where there is one."""
        return {"recorded": self.recorded} if self.recorded else {}

    def beliefs(self) -> Iterator[At]:
        """Yield what wrong options betray."""
        return named(*((("options", i), o.misconception) for i, o in enumerate(self.options)))

    def mistakes(self) -> Iterator[At]:
        """Exactly one option is right, and no right one betrays a belief."""
        right = sum(option.correct for option in self.options)
        if right != 1:
            yield At(("options",), f"{right} options are `correct: true`: mark exactly one")
        for index, option in enumerate(self.options):
            if option.correct and option.misconception:
                way = ("options", index, "misconception")
                yield At(way, "the right option can't be a misconception")
