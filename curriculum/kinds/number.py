"""Guess a quantity."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum import budgets
from curriculum.kinds.base import (
    ASKED,
    At,
    CoursePart,
    GuessableStep,
    Illustration,
    Number,
    Recorded,
    ReplyText,
    named,
)
from curriculum.varying import part_of, shown_times


class Miss(CoursePart):
    """The belief behind a guess that lies on one side of the answer, and the reply to it."""

    misconception: str | None = None
    reply: ReplyText


class NumberStep(GuessableStep):
    """Guess a quantity. Right when within `factor` of the answer, either way."""

    PROSE: ClassVar = {
        **ASKED,
        "reply": (),
        "too_low": ("reply",),
        "too_high": ("reply",),
    }
    UNREAD: ClassVar = GuessableStep.UNREAD | {"unit", "vary"}

    kind: Literal["number"]
    answer: Annotated[float, Field(gt=0)]
    unit: Annotated[str, Field(max_length=budgets.UNIT)] = ""
    factor: Annotated[float, Field(gt=1, le=10)] = 1.1
    reply: ReplyText
    too_low: Miss
    too_high: Miss
    vary: dict[str, Annotated[tuple[int | float, ...], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="Other values for parts of the answer's `of`, for when it is asked again.",
    )

    @property
    def computed_answer(self) -> Number | None:
        """The number that says how the answer is computed, where it is."""
        return next((n for n in self.numbers if n.computed and n.value == self.answer), None)

    def variations(self) -> tuple[dict[str, int | float], ...]:
        """Return the other values, one set for each time that it is asked again."""
        times = max(map(len, self.vary.values()), default=0)
        return tuple(
            {name: some[time % len(some)] for name, some in self.vary.items()}
            for time in range(times)
        )

    def offered(self) -> tuple[str, ...]:
        """Nothing: it is typed."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Return the reply to each side."""
        return (self.reply, self.too_low.reply, self.too_high.reply)

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """Yield what each side betrays."""
        low, high = self.too_low.misconception, self.too_high.misconception
        return named((("too_low",), low), (("too_high",), high))

    def mistakes(self) -> Iterator[At]:
        """What varies is part of what the answer is computed from, and is shown once."""
        number = self.computed_answer
        if self.vary and number is None:
            yield At(("vary",), "the answer isn't `computed`, so no other can be: remove `vary`")
            return
        for name in self.vary:
            try:
                value = part_of(number.of if number else None, name)
            except (LookupError, TypeError, ValueError):
                yield At(("vary", name), f"the answer's `of` has no part {name!r}")
                continue
            times = shown_times(value, f"{self.ask}\n{self.lead or ''}")
            if times != 1:
                text = f"{value:,.10g} stands in the question {times} times: it must once"
                yield At(("vary", name), text)
