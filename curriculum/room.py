"""Whether a step's cards fit: into a message, and onto a phone."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from curriculum import budgets
from curriculum.errors import Problem
from curriculum.kinds.base import AskedStep
from curriculum.kinds.read import passage_along
from curriculum.kinds.registry import Step
from curriculum.lines import lines_of
from curriculum.reading import LessonFile
from curriculum.schema import Lesson


def crowded_cards(file: LessonFile) -> Iterator[Problem]:
    """List the steps whose cards overflow a message, or whose question overflows a phone."""
    for placed, after in zip_longest(file.steps, file.steps[1:]):
        spare = budgets.CARD - budgets.FRAME - (budgets.EXHIBIT if placed.step.after else 0)
        needed = characters(placed.step, after.step if after else None)
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
    if file.lesson and (lines := lines_before_start(file.lesson)) > budgets.LINES_BEFORE_BUTTON:
        text = f"the lesson's first card takes {lines} lines on a phone, room is for "
        text += f"{budgets.LINES_BEFORE_BUTTON}: shorten `setup`"
        yield file.marked.problem(("setup",), text)


def characters(step: Step, after: Step | None = None) -> int:
    """Return how many characters of the lesson stand on the step's fullest card.

    With the step after it, those of a passage that comes along are counted.
    """
    heads, offered = _length(step.heads()), _length(step.offered())
    asked = heads + offered + _length(getattr(step, "hints", ()))
    longest = max(map(len, step.told()), default=0)
    ask = len(step.ask) if isinstance(step, AskedStep) else heads
    along = passage_along(step, after)
    read = _length(along.heads()) if along else 0
    return max(asked, ask + offered + longest + _table(step) + read)


def lines_before_button(step: Step) -> int:
    """Return how many lines a phone shows before the first button of the step's first card."""
    shown = sum(lines_of(text) for text in step.heads())
    shown += sum(lines_of(text, budgets.OPTION_WIDTH) for text in step.offered())
    return budgets.HEADER_LINES + shown


def lines_before_start(lesson: Lesson) -> int:
    """Return how many lines stand before the button that starts a lesson."""
    return budgets.HEADER_LINES + lines_of(lesson.title) + lines_of(lesson.setup.strip())


def _table(step: Step) -> int:
    return sum((len(table.top) + 1) * budgets.TABLE_ROW for table in step.tables().values())


def _length(texts: Iterable[str]) -> int:
    return sum(map(len, texts))
