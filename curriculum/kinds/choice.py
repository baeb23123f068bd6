"""Pick one of two to five options; exactly one is right."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum import budgets
from curriculum.errors import KeyPath
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

_MANY = 3  # numbers in a row are an order of their own
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_NAMED = re.compile(
    r"\b(?:[Oo]ptions?|[Aa]nswers?|[Cc]hoices?) (?:[A-E]|above|below)\b"
    r"|\b[Tt]he (?:first|second|third|fourth|fifth|last) (?:option|answer|choice)\b"
    r"|\b[B-E] (?:is|was|isn't|wasn't|says|would)\b"
)
_OF_THE_OTHERS = re.compile(r"(none of|neither|both|at both|all of|either) ?\b|none: all\b", re.I)


class Option(CoursePart):
    """One answer a learner can pick, what a wrong one betrays, and the reply to it."""

    text: Annotated[str, Field(min_length=1, max_length=budgets.OPTION)]
    correct: bool = False
    between: tuple[float, float] | None = Field(
        None, description="For which values of the number marked `is_key` this would be right."
    )
    misconception: str | None = None
    reply: ReplyText

    def would_be_right_at(self, value: float) -> bool:
        """Whether this would be the right answer if the key came to that; False without a span."""
        return self.between is not None and self.between[0] <= value <= self.between[1]


class ChoiceStep(GuessableStep):
    """Pick one of two to five options; exactly one is right."""

    PROSE: ClassVar = {**ASKED, "options": ("text", "reply")}

    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=budgets.OPTIONS)]
    recorded: Recorded | None = None
    keep_order: bool = Field(False, description="Show the options as they stand, to everybody.")

    @property
    def in_place(self) -> frozenset[str]:
        """The keys of options that everybody sees where they stand in the file.

        All of them where they are numbers that rise or fall, or the file says so; else the last
        one, where it speaks of the others.
        """
        texts = self.offered()
        keys = OPTION_KEYS[: len(texts)]
        if self.keep_order or _is_scale(texts):
            return frozenset(keys)
        return frozenset(keys[-1] if _OF_THE_OTHERS.match(texts[-1]) else ())

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
        """Exactly one option is right and betrays no belief; no text names a letter."""
        right = sum(option.correct for option in self.options)
        if right != 1:
            yield At(("options",), f"{right} options are `correct: true`: mark exactly one")
        for index, option in enumerate(self.options):
            if option.correct and option.misconception:
                way = ("options", index, "misconception")
                yield At(way, "the right option can't be a misconception")
        yield from self._letters_named()

    def _letters_named(self) -> Iterator[At]:
        texts: list[tuple[KeyPath, str]] = [(("hints", i), h) for i, h in enumerate(self.hints)]
        texts += [(("options", i, "reply"), option.reply) for i, option in enumerate(self.options)]
        for way, text in texts:
            if found := _NAMED.search(text):
                why = "each learner sees the options in an order of their own"
                yield At(way, f"names an option by its place ({found[0]!r}): {why}; use its words")


def _is_scale(texts: Sequence[str]) -> bool:
    """Whether options are numbers that rise or fall; the last one may be in words."""
    firsts = [_NUMBER.search(text) for text in texts]
    found = [float(one[0].replace(",", "")) for one in firsts if one]
    if len(found) < _MANY or not all(firsts[:-1]):
        return False
    steps = [after - before for before, after in pairwise(found)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)
