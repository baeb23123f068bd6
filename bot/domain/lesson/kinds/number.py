"""A number: right when it is near enough, either way."""

import math
import re
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

NUMBER_CHARS = 60
_HELP = (
    "A rough number will do, like `40` or `2 million`."
    " Is it nearer to ten, a thousand or a million?"
)
LOW, CLOSE, HIGH = "too low", "close", "too high"
SCALES = {
    **dict.fromkeys(("k", "thousand", "thousands"), 1e3),
    **dict.fromkeys(("m", "mn", "million", "millions"), 1e6),
    **dict.fromkeys(("b", "bn", "g", "billion", "billions"), 1e9),
    **dict.fromkeys(("t", "trillion", "trillions"), 1e12),
}

_GAP = re.compile(r"(?<!^0)(?<=\d)[\s,_'’](?=\d{3}(?!\d))")  # between thousands
_POWER = re.compile(r"10\s*\^\s*(\d{1,2})\D{0,30}")
_NUMBER = re.compile(
    r"((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?)\s*"
    rf"(?:({'|'.join(SCALES)})(?!\w))?"  # a whole word: the t of "tokens" is no trillion
    r"\D{0,30}"  # the unit, or whatever was said after the number
)


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
        return f"{parse_number(raw):.10g}"

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
        return f"{float(answer):,.10g} {step.unit}".strip()

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


def parse_number(raw: str) -> float:
    """Read a number as people type it: `49,152`, `1.5k`, `2 million`, `10^6`, `5450 tokens`.

    A comma before exactly three digits parts thousands; any other is a decimal comma.

    Raises:
        UnusableAnswer: it isn't one, or it isn't finite.
    """
    text = _GAP.sub("", raw.strip().lower()).replace(",", ".") if len(raw) <= NUMBER_CHARS else ""
    if power := _POWER.fullmatch(text):
        return float(10 ** int(power[1]))
    found = _NUMBER.fullmatch(text)
    if not found:
        raise UnusableAnswer(_HELP)
    value = float(found[1]) * (SCALES[found[2]] if found[2] else 1)
    if not (0 <= value < math.inf):
        raise UnusableAnswer(_HELP)
    return value
