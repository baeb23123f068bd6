"""A match: for each thing in turn, the letter of what it was paired with, as shown."""

from collections.abc import Iterator

from bot.domain.lesson.kinds.arranged import ArrangedKind
from bot.domain.lesson.kinds.base import (
    AnswerPiece,
    Choice,
    StepKey,
    lettered,
)
from bot.domain.lesson.kinds.mixing import mixed, placed
from curriculum.kinds.match import MatchStep, Mixup

_THING_CHARS = 24  # of each thing in a heading, which a table holds


class MatchKind(ArrangedKind[MatchStep, Mixup]):
    """Pair things with what they belong to."""

    RIGHT = "all paired right"
    WRONG = "paired otherwise"

    def count(self, step: MatchStep) -> int:
        """Return how many there are."""
        return len(step.pairs)

    def passages(self, step: MatchStep) -> Iterator[tuple[str, ...]]:
        """Yield the pairs, and why; then what is said to each mix-up."""
        yield step.ask, self.quoted(step)
        for mixup in step.mixups:
            yield step.ask, mixup.reply, " ".join(mixup.things)

    def quoted(self, step: MatchStep) -> str:
        """Return the pairs, and why."""
        return f"{self.answer(step)}. {step.reply}"

    def key(self, step: MatchStep) -> StepKey:
        """Return each pair: together they give it away."""
        return StepKey(tuple(f"{pair.thing} {pair.belongs}" for pair in step.pairs))

    def answer(self, step: MatchStep) -> str:
        """Return the pairs."""
        return "; ".join(f"{pair.thing} → {pair.belongs}" for pair in step.pairs)

    def explained(self, step: MatchStep) -> str:
        """Return the reply."""
        return step.reply

    def is_right(self, step: MatchStep, answer: str) -> bool:
        """Whether every thing is paired with what it belongs to."""
        return is_paired(step, answer)

    def known(self, step: MatchStep) -> tuple[Mixup, ...]:
        """Return the known mix-ups."""
        return step.mixups

    def known_as(self, step: MatchStep, answer: str) -> Mixup | None:
        """Return the first known mix-up of which both sides were taken for each other."""
        given = _given(step, answer)
        place = {pair.thing: index for index, pair in enumerate(step.pairs)}
        for mixup in step.mixups:
            one, other = (place[thing] for thing in mixup.things)
            if given[one] == other and given[other] == one:
                return mixup
        return None

    def named(self, known: Mixup) -> str:
        """Return both things, each by its beginning."""
        one, other = (thing[:_THING_CHARS].strip() for thing in known.things)
        return f"{one} ↔ {other}"

    def said(self, step: MatchStep, answer: str) -> str:
        """Return the pairs made so far; without the marks of code, as nobody says those."""
        pairs = zip(step.pairs, _given(step, answer), strict=False)
        made = "; ".join(f"{pair.thing} → {step.pairs[place].belongs}" for pair, place in pairs)
        return made.replace("`", "")

    def pieces(self, step: MatchStep, answer: str) -> tuple[AnswerPiece, ...]:
        """Return each thing with what it was paired with."""
        return tuple(
            AnswerPiece(pair.thing, step.pairs[place].belongs, pair.belongs)
            for pair, place in zip(step.pairs, _given(step, answer), strict=True)
        )

    def choices(self, step: MatchStep) -> tuple[Choice, ...]:
        """Return what the things belong to, mixed."""
        return lettered(shown(step))

    def slots(self, step: MatchStep) -> tuple[str, ...]:
        """Return the things."""
        return tuple(pair.thing for pair in step.pairs)


def shown(step: MatchStep) -> tuple[str, ...]:
    """Return what the things belong to as every learner sees it: mixed the same way each time."""
    return tuple(step.pairs[index].belongs for index in mixed(step.id, len(step.pairs)))


def is_paired(step: MatchStep, answer: str) -> bool:
    """Whether the letters pair every thing with what it belongs to."""
    return _given(step, answer) == tuple(range(len(step.pairs)))


def _given(step: MatchStep, answer: str) -> tuple[int, ...]:
    return placed(step.id, len(step.pairs), answer)
