"""Everything that is wrong with a course, at once: what `hunch lessons check` prints."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from curriculum.balance import telling_keys
from curriculum.errors import KeyPath, Problem
from curriculum.grade import hard_lessons
from curriculum.kinds.base import Number
from curriculum.kinds.number import NumberStep
from curriculum.marked import Marked
from curriculum.numerals import plain, rounds_to
from curriculum.reading import CourseFiles, LessonFile, read_course
from curriculum.rules import broken_rules
from curriculum.terms import terms_too_early
from curriculum.varying import Figures, with_parts

Forms = Mapping[str, Callable[[Mapping[str, Any]], object]]


def check(
    folder: Path, figures: Figures, instruments: Collection[str] | Forms | None = None
) -> list[Problem]:
    """Return every mistake in the course in this folder, by file and line.

    Args:
        folder: Where course.yaml, glossary.yaml, questions.yaml and lessons/ are.
        figures: The functions that `computed:` may name, each called with its `of:`.
        instruments: The names that `exhibit:` may give; None leaves them unchecked. A mapping
            gives for each name what to try its `with:` on; a ValueError refuses it.
    """
    return mistakes_in(read_course(folder), figures, instruments)


def mistakes_in(
    reading: CourseFiles, figures: Figures, instruments: Collection[str] | Forms | None = None
) -> list[Problem]:
    """Return every mistake in a course that was read; as `check`."""
    problems = [*reading.problems, *broken_rules(reading), *telling_keys(reading)]
    problems += [*hard_lessons(reading), *terms_too_early(reading)]
    for asked in reading.questions:
        numbers = asked.question.numbers
        problems += _wrong_figures(reading.questions_marked, asked.place, numbers, figures)
    for file in reading.lessons:
        for place, numbers in file.declared():
            problems += _wrong_figures(file.marked, place, numbers, figures)
        problems += _wrong_variations(file, figures)
        if instruments is not None:
            problems += _wrong_exhibits(file, instruments)
    return sorted(set(problems))


def _wrong_exhibits(file: LessonFile, instruments: Collection[str] | Forms) -> Iterator[Problem]:
    for placed in file.steps:
        call = placed.step.after
        if call is None:
            continue
        if call.exhibit not in instruments:
            names = ", ".join(sorted(instruments))
            text = f"no instrument is called {call.exhibit!r}: use one of {names}"
            yield file.marked.problem((*placed.place, "after", "exhibit"), text)
        elif isinstance(instruments, Mapping):
            why = _refusal(instruments[call.exhibit], call.arguments)
            if why:
                text = f"{call.exhibit} can't be run with this: {why}"
                yield file.marked.problem((*placed.place, "after", "with"), text)


def _refusal(form: Callable[[Mapping[str, Any]], object], arguments: Mapping[str, Any]) -> str:
    try:
        form(arguments)
    except ValidationError as error:
        return "; ".join(
            f"`{'.'.join(map(str, e['loc']))}`: {e['msg'][:1].lower()}{e['msg'][1:]}"
            for e in error.errors()
        )
    except ValueError as error:
        return str(error)
    return ""


def _wrong_figures(
    marked: Marked, place: KeyPath, numbers: Iterable[Number], figures: Figures
) -> Iterator[Problem]:
    for index, number in enumerate(numbers):
        why = _mismatch(number, figures)
        if why:
            yield marked.problem((*place, "numbers", index), why)


def _wrong_variations(file: LessonFile, figures: Figures) -> Iterator[Problem]:
    for placed in file.steps:
        step = placed.step
        if isinstance(step, NumberStep) and not any(step.mistakes()):
            for text in _unfit(step, figures):
                yield file.marked.problem((*placed.place, "vary"), text)


def _unfit(step: NumberStep, figures: Figures) -> Iterator[str]:
    """Say of each set of other numbers what is wrong with the answer that it gives."""
    number = step.computed_answer
    figure = figures.get(number.computed or "") if number else None
    if number is None or figure is None:
        return
    for parts in step.variations():
        try:
            answer = float(figure(with_parts(number.of, parts)))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            yield f"{number.computed} can't be computed with {parts} ({error})"
            continue
        if not 0 < answer < inf or answer == step.answer:
            yield f"with {parts} the answer is {answer:.12g}: vary it otherwise"


def _mismatch(number: Number, figures: Figures) -> str | None:
    if number.computed is None:
        return None
    figure = figures.get(number.computed)
    if figure is None:
        return f"no figure is called {number.computed!r}: use one of {', '.join(sorted(figures))}"
    call = f"{number.computed}({number.of!r})"
    try:
        result = float(figure(number.of))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return f"{call} can't be computed ({error}): mend `of`"
    if not rounds_to(result, number.value):
        return f"{call} is {result:.12g}, not {plain(number.value)}: mend the number"
    return None
