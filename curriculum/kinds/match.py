"""Pair things with what they belong to."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriculum import budgets
from curriculum.kinds.base import (
    ASKED,
    ArrangedStep,
    At,
    CoursePart,
    Illustration,
    KnownWrong,
    Recorded,
    named,
)

Side = Annotated[str, Field(min_length=1, max_length=budgets.SIDE)]


class MatchPair(CoursePart):
    """A thing, and what it belongs to."""

    thing: Side
    belongs: Side


class Mixup(KnownWrong):
    """Two things that people take for each other."""

    things: tuple[str, str]


class MatchStep(ArrangedStep):
    """Pair two to four things with what they belong to, each once. Listed here as they belong."""

    PROSE: ClassVar = {
        **ASKED,
        "pairs": ("thing", "belongs"),
        "mixups": ("reply",),
        "reply": (),
        "wrong": (),
    }

    kind: Literal["match"]
    pairs: Annotated[tuple[MatchPair, ...], Field(min_length=2, max_length=budgets.PAIRS)]
    mixups: tuple[Mixup, ...] = ()

    def offered(self) -> tuple[str, ...]:
        """Return the things, then what they belong to."""
        return (*(p.thing for p in self.pairs), *(p.belongs for p in self.pairs))

    def told(self) -> tuple[str, ...]:
        """Return the reply to the right pairing, to each mix-up, and to any other."""
        return (self.reply, self.wrong, *(mixup.reply for mixup in self.mixups))

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """Yield what wrong pairings betray."""
        swaps = ((("mixups", i), m.misconception) for i, m in enumerate(self.mixups))
        return named(((), self.misconception), *swaps)

    def mistakes(self) -> Iterator[At]:
        """Each side reads differently throughout, and a mix-up is of two things there are."""
        things = [pair.thing for pair in self.pairs]
        for texts in (things, [pair.belongs for pair in self.pairs]):
            if len(set(texts)) < len(texts):
                yield At(("pairs",), "two entries on one side read the same: tell them apart")
        for index, mixup in enumerate(self.mixups):
            one, other = mixup.things
            if one == other or not {one, other} <= set(things):
                way = ("mixups", index, "things")
                yield At(way, f"a mix-up is of two of the things: {', '.join(things)}")
