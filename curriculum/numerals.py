"""Numbers in prose, and whether the lesson says where each comes from.

Exempt: numerals glued to letters (Qwen3.6-27B-FP8, 4×H100), code spans, and "lesson 7".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from curriculum.errors import KeyPath, Problem
from curriculum.kinds.base import Recorded
from curriculum.kinds.number import NumberStep
from curriculum.kinds.registry import Step
from curriculum.marked import Marked
from curriculum.prose import lesson_prose, step_prose
from curriculum.reading import CourseFiles, LessonFile

_CODE = re.compile(r"```.*?```|`[^`]*`|https?://\S+", re.DOTALL)
_LESSON = re.compile(r"\blessons? \d+\b", re.IGNORECASE)
_CHUNK = re.compile(r"[^\s–—…=()\[\]]+")  # what a reader takes as one word
_NUMERAL = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?%)?")
_PERCENT = re.compile(r"(\d)[ \u00a0\u202f]%")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as the prose shows it."""

    shown: str
    value: float
    decimals: int
    is_percent: bool

    def agrees_with(self, value: float) -> bool:
        """Whether the value, rounded as here, reads the same; 38.9 % may stand for 0.389."""
        half = 0.5 * 10**-self.decimals + 1e-9
        values = (value, value * 100) if self.is_percent else (value,)
        return any(abs(self.value - candidate) <= half for candidate in values)


def without_code(text: str) -> str:
    """Return prose without its code spans and addresses."""
    return _CODE.sub(" ", text)


def numerals(text: str) -> list[Numeral]:
    """Return the standalone numbers in a piece of prose, in reading order."""
    found = []
    for chunk in _CHUNK.findall(_PERCENT.sub(r"\1%", _LESSON.sub(" ", without_code(text)))):
        if not any(letter.isalpha() for letter in chunk):
            found += [_numeral(shown) for shown in _NUMERAL.findall(chunk)]
    return found


def rounds_to(result: float, shown: float) -> bool:
    """Whether a computed result, rounded as far as the shown value is, reads the same."""
    return _numeral(plain(shown)).agrees_with(result)


def plain(value: float) -> str:
    """Write a number out in full: never 1e+06, never 49152.0."""
    return f"{Decimal(str(value)).normalize():f}"


def undeclared_in_questions(reading: CourseFiles) -> Iterator[Problem]:
    """List the numbers in the answers to questions that have neither a figure nor a source."""
    for asked in reading.questions:
        values = [number.value for number in asked.question.numbers]
        for field, text in (("ask", asked.question.ask), ("answer", asked.question.answer)):
            place = (*asked.place, field)
            yield from _undeclared(reading.questions_marked, place, numerals(text), values)


def undeclared_numerals(file: LessonFile) -> Iterator[Problem]:
    """List the numbers that a learner reads and that have neither a figure nor a source."""
    everywhere = [number.value for number in file.numbers]
    for place, text in lesson_prose(file):
        yield from _undeclared(file.marked, place, numerals(text), everywhere)
    for placed in file.steps:
        here = [*everywhere, *_declared(placed.step)]
        for place, text in step_prose(file, placed):
            yield from _undeclared(file.marked, place, numerals(text), here)
        if isinstance(placed.step, NumberStep):
            answer = _numeral(plain(placed.step.answer))
            yield from _undeclared(file.marked, (*placed.place, "answer"), [answer], here)


def _declared(step: Step) -> list[float]:
    values = [number.value for number in step.numbers]
    for table in step.tables().values():
        if isinstance(table, Recorded):  # names its own source
            values += table.top.values()
    return values


def _undeclared(
    marked: Marked, place: KeyPath, shown: Iterable[Numeral], values: list[float]
) -> Iterator[Problem]:
    for numeral in shown:
        if not any(numeral.agrees_with(value) for value in values):
            text = f"{numeral.shown} has no source: add it to `numbers`, or write it in words"
            yield marked.problem(place, text)


def _numeral(shown: str) -> Numeral:
    digits = shown.rstrip("%\u00a0\u202f ").replace(",", "").replace("−", "-")
    return Numeral(
        shown=shown.strip(),
        value=float(digits),
        decimals=len(digits.partition(".")[2]),
        is_percent=shown.endswith("%"),
    )
