"""A number: right when it is near enough, either way."""

from collections.abc import Iterator, Mapping

from bot.domain.errors import UnusableAnswer
from bot.domain.lesson.kinds.base import (
    OPEN_CHANCE,
    AnswerEntry,
    AnswerPiece,
    Choice,
    Flow,
    JudgedBy,
    Judgement,
    Kind,
    StepKey,
)
from bot.domain.lesson.kinds.shares import Shares, likeliest, ranges
from bot.domain.words import sentences
from curriculum.kinds.number import NumberStep
from tools.numerals import LONGEST, UnreadableNumber, read_number, said

NUMBER_CHARS = LONGEST
_HELP = (
    "A rough number will do, like `40` or `2 million`."
    " Is it nearer to ten, a thousand or a million?"
)
LOW, CLOSE, HIGH = "too low", "close", "too high"


class NumberKind(Kind[NumberStep]):
    """Guess a quantity."""

    flow = Flow.GUESS
    entry = AnswerEntry.TYPED
    judged_by = JudgedBy.KEY

    def passages(self, step: NumberStep) -> Iterator[tuple[str, ...]]:
        """Yield what is said to a right guess."""
        yield step.ask, step.reply, step.lead or ""

    def quoted(self, step: NumberStep) -> str | None:
        """It is one piece."""
        return None

    def key(self, step: NumberStep) -> StepKey:
        """Return the reply's sentences and the number."""
        return StepKey(sentences(step.reply), step.answer, step.unit)

    def answer(self, step: NumberStep) -> str:
        """Return the number with its unit."""
        return self.said(step, f"{step.answer:.10g}")

    def explained(self, step: NumberStep) -> str:
        """Return the reply."""
        return step.reply

    def read(self, step: NumberStep, raw: str) -> str:
        """Return the number in its shortest form."""
        return f"{parse_number(raw, step.unit):.10g}"

    def how_read(self, step: NumberStep, raw: str) -> str | None:
        """Say it where the number might have been meant otherwise."""
        found = read_number(raw, step.unit)
        if found.is_plain:
            return None
        typed = raw.strip().replace("`", "'")
        return f"I read `{typed}` as {self.said(step, f'{found.value:.10g}')}. {found.rule}".strip()

    def is_complete(self, step: NumberStep, draft: str) -> bool:
        """A number is."""
        return True

    def judge(self, step: NumberStep, answer: str) -> Judgement:
        """Right within the step's factor."""
        ratio = float(answer) / step.answer
        if 1 / step.factor <= ratio <= step.factor:
            return Judgement(True, step.reply)
        miss = step.too_low if ratio < 1 else step.too_high
        return Judgement(False, miss.reply, miss.misconception)

    def said(self, step: NumberStep, answer: str) -> str:
        """Return the number with its unit."""
        return f"{said(float(answer))} {step.unit}".strip()

    def letter(self, step: NumberStep, answer: str) -> str | None:
        """It has none."""
        return None

    def pieces(self, step: NumberStep, answer: str) -> tuple[AnswerPiece, ...]:
        """It is one piece."""
        return ()

    def chance(self, step: NumberStep) -> float:
        """An open question."""
        return OPEN_CHANCE

    def choices(self, step: NumberStep) -> tuple[Choice, ...]:
        """It is typed."""
        return ()

    def slots(self, step: NumberStep) -> tuple[str, ...]:
        """It is typed."""
        return ()

    def heading(self, step: NumberStep, answer: str) -> str:
        """Return on which side it lies."""
        if self.judge(step, answer).is_right:
            return CLOSE
        return LOW if float(answer) < step.answer else HIGH

    def headings(self, step: NumberStep) -> tuple[str, ...]:
        """Return the sides."""
        return (LOW, CLOSE, HIGH)

    def is_right_heading(self, step: NumberStep, heading: str) -> bool:
        """Whether it is close."""
        return heading == CLOSE

    def belief(self, step: NumberStep, heading: str) -> str | None:
        """Return what that side betrays."""
        miss = {LOW: step.too_low, HIGH: step.too_high}.get(heading)
        return miss.misconception if miss else None

    def reply_to(self, step: NumberStep, heading: str) -> str:
        """Return the reply to that side."""
        return {LOW: step.too_low.reply, HIGH: step.too_high.reply}.get(heading, step.reply)

    def spread(self, step: NumberStep, votes: Mapping[str, int]) -> Shares:
        """Return ranges."""
        return ranges(votes)

    def shares(self, step: NumberStep, votes: Mapping[str, int]) -> Shares:
        """Return the sides, the most frequent first."""
        return likeliest(votes)


def parse_number(raw: str, unit: str = "") -> float:
    """Read a quantity as people type it; `tools.numerals` has the rules.

    Args:
        raw: As typed.
        unit: What is asked for: `3 GB` where MB are is 3000.

    Raises:
        UnusableAnswer: it isn't one, or below 0; the text says what was understood.
    """
    try:
        value = read_number(raw, unit).value
    except UnreadableNumber as unreadable:
        if unreadable.understood:
            raise UnusableAnswer(f"{unreadable} {_HELP}") from None
        raise UnusableAnswer(_HELP) from None
    if value < 0:
        raise UnusableAnswer(f"I read {said(value)}, and it is nothing below 0. {_HELP}")
    return value + 0.0  # no -0
