"""Read an answer and judge it. Pure; the live model's part comes in as evidence."""

import math
import re
from dataclasses import dataclass
from typing import assert_never

from bot.domain.errors import StaleClick, TutorError, UnusableAnswer
from bot.domain.lesson.ordering import is_in_order, stages_of
from curriculum.schema import (
    OPTION_KEYS,
    ChoiceStep,
    ExhibitStep,
    NumberStep,
    OrderStep,
    ReadStep,
    RecallStep,
    Step,
    TeachbackStep,
    TextStep,
    TokenStep,
)

SENTENCE_CHARS = 500
TEACHBACK_CHARS = 1200
TOKEN_CHARS = 60
NUMBER_CHARS = 60
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


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an answer is worth, and what to say to the one who gave it."""

    is_right: bool | None  # None: only the model or the learner can tell
    reply: str
    misconception: str | None = None


def read_answer(step: Step, raw: str) -> str:
    """Return an answer in the form that is stored.

    Args:
        step: What was asked.
        raw: An option key, stage keys as picked so far, a number or text as typed.

    Raises:
        UnusableAnswer: it can't be read; the text says what would be.
        StaleClick: it names an option that this step doesn't have.
    """
    match step:
        case ChoiceStep():
            return _option_key(step, raw)
        case OrderStep():
            return _stage_keys(step, raw)
        case NumberStep():
            return f"{parse_number(raw):.10g}"
        case TokenStep():
            return read_text(raw, TOKEN_CHARS, keep_spaces=True)
        case TextStep():
            return read_text(raw, SENTENCE_CHARS)
        case TeachbackStep():
            return read_text(raw, TEACHBACK_CHARS)
        case ReadStep() | ExhibitStep() | RecallStep():
            raise StaleClick
        case _:
            assert_never(step)


def is_complete(step: Step, draft: str | None) -> bool:
    """Whether a draft is a whole answer: an order is drafted one stage at a time."""
    if not draft:
        return False
    return not isinstance(step, OrderStep) or len(draft) == len(step.stages)


def is_readable(step: Step, answer: str) -> bool:
    """Whether a stored answer still answers this step: its file may have changed since."""
    try:
        return read_answer(step, answer) == answer
    except TutorError:
        return False


def judge(step: Step, answer: str) -> Judgement:
    """Judge a stored answer by what the lesson knows.

    Raises:
        StaleClick: the step has no answer to judge.
    """
    match step:
        case ChoiceStep():
            option = step.option(answer)
            return Judgement(option.correct, option.reply, option.misconception)
        case NumberStep():
            return _judge_number(step, float(answer))
        case OrderStep():
            if is_in_order(step, answer):
                return Judgement(True, step.reply)
            return Judgement(False, step.wrong, step.misconception)
        case TokenStep():
            return Judgement(None, step.reply)
        case TextStep() | TeachbackStep():
            return Judgement(None, step.answer)
        case ReadStep() | ExhibitStep() | RecallStep():
            raise StaleClick
        case _:
            assert_never(step)


def answer_text(step: Step, answer: str) -> str:
    """Return a stored answer in words a learner would recognise as theirs.

    An answer that the step no longer knows comes back as it is stored.
    """
    if not is_readable(step, answer):
        return answer
    match step:
        case ChoiceStep():
            return f"{answer}: {step.option(answer).text}"
        case OrderStep():
            return " → ".join(stages_of(step, answer))
        case NumberStep():
            return f"{float(answer):,.10g} {step.unit}".strip()
        case _:
            return answer


def tally_key(step: Step, answer: str) -> str | None:
    """Return under which heading a class's votes are counted; None: not counted."""
    match step:
        case ChoiceStep():
            return answer
        case OrderStep():
            return "in order" if is_in_order(step, answer) else "another order"
        case NumberStep():
            if judge(step, answer).is_right:
                return "close"
            return "too low" if float(answer) < step.answer else "too high"
        case TokenStep():
            return answer.strip()[:40] or "a space"
        case _:
            return None


def parse_number(raw: str) -> float:
    """Read a number as people type it: `49,152`, `1.5k`, `2 million`, `10^6`, `5450 tokens`.

    A comma before exactly three digits parts thousands; any other is a decimal comma.

    Raises:
        UnusableAnswer: it isn't one, or it isn't finite and above zero.
    """
    text = _GAP.sub("", raw.strip().lower()).replace(",", ".") if len(raw) <= NUMBER_CHARS else ""
    if power := _POWER.fullmatch(text):
        return float(10 ** int(power[1]))
    found = _NUMBER.fullmatch(text)
    if not found:
        raise UnusableAnswer("I need one number above zero, like `40`, `1.5k` or `2 million`.")
    value = float(found[1]) * (SCALES[found[2]] if found[2] else 1)
    if not (0 < value < math.inf):
        raise UnusableAnswer("I need a number above zero. Your best guess will do.")
    return value


def read_text(raw: str, limit: int, *, keep_spaces: bool = False) -> str:
    """Return text as it can be kept, without NULs and outer spaces.

    Raises:
        UnusableAnswer: it is empty, too long, or holds what no database takes.
    """
    try:
        raw.encode()
    except UnicodeEncodeError:
        raise UnusableAnswer(
            "Your text holds half a character (a lone surrogate). Type it again, please."
        ) from None
    text = raw.replace("\0", "")
    text = text if keep_spaces else text.strip()
    if not text:
        raise UnusableAnswer("That came through empty. A rough guess is worth more than none.")
    if len(text) > limit:
        raise UnusableAnswer(f"That's {len(text):,} characters; {limit:,} is the most I can keep.")
    return text


def _option_key(step: ChoiceStep, raw: str) -> str:
    try:
        step.option(raw)
    except KeyError:
        raise StaleClick from None
    return raw


def _stage_keys(step: OrderStep, raw: str) -> str:
    allowed = OPTION_KEYS[: len(step.stages)]
    if any(key not in allowed for key in raw) or len(set(raw)) != len(raw):
        raise StaleClick
    return raw


def _judge_number(step: NumberStep, guess: float) -> Judgement:
    ratio = guess / step.answer
    if 1 / step.factor <= ratio <= step.factor:
        return Judgement(True, step.reply)
    miss = step.too_low if ratio < 1 else step.too_high
    return Judgement(False, miss.reply, miss.misconception)
