"""Whether a step's cards fit: into a message, and onto a phone."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import assert_never

from curriculum import budgets
from curriculum.errors import Problem
from curriculum.reading import LessonFile
from curriculum.schema import (
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


def crowded_cards(file: LessonFile) -> Iterator[Problem]:
    """List the steps whose cards overflow a message, or whose question overflows a phone."""
    for placed in file.steps:
        spare = budgets.CARD - budgets.FRAME - (budgets.EXHIBIT if placed.step.after else 0)
        needed = characters(placed.step)
        if needed > spare:
            text = f"this card holds {needed} characters, room is for {spare}: cut {needed - spare}"
            yield file.marked.problem(placed.place, text)
        lines = lines_before_button(placed.step)
        if lines > budgets.LINES_BEFORE_BUTTON:
            text = (
                f"this question takes {lines} lines on a phone, room is for "
                f"{budgets.LINES_BEFORE_BUTTON}: shorten `ask`, `lead` or the options"
            )
            yield file.marked.problem(placed.place, text)


def characters(step: Step) -> int:
    """Return how many characters of the lesson stand on the step's fullest card."""
    match step:
        case ChoiceStep() | NumberStep() | TokenStep() | OrderStep() | TextStep():
            asked = (step.ask, step.lead or "", *_offered(step), *step.hints)
            told = (step.ask, *_offered(step), _longest_reply(step))
            return max(_length(asked), _length(told) + _table(step))
        case ReadStep():
            return _length((step.title, step.text)) + _table(step)
        case ExhibitStep():
            return _length((step.title, step.text))
        case RecallStep():
            return _length((step.ask, step.answer))
        case TeachbackStep():
            return _length((step.ask, step.answer, *(c.says for c in step.criteria)))
        case _:
            assert_never(step)


def lines_before_button(step: Step) -> int:
    """Return how many lines a phone shows before the first button of the step's first card."""
    match step:
        case ChoiceStep() | NumberStep() | TokenStep() | OrderStep() | TextStep():
            shown = _lines(step.ask) + _lines(step.lead or "")
            shown += sum(_lines(text, budgets.OPTION_WIDTH) for text in _offered(step))
        case ReadStep() | ExhibitStep():
            shown = _lines(step.title) + _lines(step.text)
        case RecallStep() | TeachbackStep():
            shown = _lines(step.ask)
        case _:
            assert_never(step)
    return budgets.HEADER_LINES + shown


def _offered(step: Step) -> tuple[str, ...]:
    """What a guess is made from: options, stages or a prompt."""
    match step:
        case ChoiceStep(options=options):
            return tuple(option.text for option in options)
        case OrderStep(stages=stages):
            return stages
        case TokenStep(prompt=prompt):
            return (prompt,)
        case _:
            return ()


def _longest_reply(step: Step) -> str:
    match step:
        case ChoiceStep(options=options):
            replies = [option.reply for option in options]
        case NumberStep(reply=reply, too_low=low, too_high=high):
            replies = [reply, low.reply, high.reply]
        case OrderStep(reply=reply, wrong=wrong):
            replies = [reply, wrong]
        case TokenStep(reply=reply) | TextStep(answer=reply):
            replies = [reply]
        case _:
            replies = [""]
    return max(replies, key=len)


def _table(step: Step) -> int:
    match step:
        case ChoiceStep(recorded=table) | TokenStep(recorded=table) | ReadStep(illustrative=table):
            return 0 if table is None else (len(table.top) + 1) * budgets.TABLE_ROW
        case _:
            return 0


def _length(texts: Iterable[str]) -> int:
    return sum(map(len, texts))


def _lines(text: str, width: int = budgets.PHONE_WIDTH) -> int:
    return sum(max(1, len(wrap(line, width))) for line in text.splitlines())
