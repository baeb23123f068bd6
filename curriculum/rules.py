"""What a course must keep to beyond the schema. Each rule lists what breaks it."""

from collections.abc import Iterable, Iterator
from itertools import chain
from math import fsum

from curriculum.errors import KeyPath, Problem
from curriculum.keys import wrong_keys
from curriculum.kinds.base import Number
from curriculum.links import broken_links
from curriculum.marked import Marked
from curriculum.numerals import plain, undeclared_in_questions, undeclared_numerals
from curriculum.passages import broken_passages
from curriculum.reading import CourseFiles, LessonFile
from curriculum.room import crowded_cards


def broken_rules(reading: CourseFiles) -> list[Problem]:
    """Return every mistake that can be seen without running a figure or an instrument."""
    found = [broken_links(reading), undeclared_in_questions(reading), broken_passages(reading)]
    marked = reading.questions_marked
    for asked in reading.questions:
        found.append(_sourced(marked, asked.place, asked.question.numbers))
    for file in reading.lessons:
        found += [_mistakes(file), _beliefs(file), _tables(file)]
        found += [_sources(file), undeclared_numerals(file), wrong_keys(file)]
        found.append(crowded_cards(file))
    return list(chain.from_iterable(found))


def _mistakes(file: LessonFile) -> Iterator[Problem]:
    for placed in file.steps:
        for at in placed.step.mistakes():
            yield file.marked.problem((*placed.place, *at.way), at.text)


def _beliefs(file: LessonFile) -> Iterator[Problem]:
    declared = file.get("misconceptions")
    if not isinstance(declared, dict):
        return
    used = set()
    for placed in file.steps:
        for at in placed.step.beliefs():
            used.add(at.text)
            if at.text not in declared:
                text = f"misconception `{at.text}` isn't declared: add it to `misconceptions`"
                yield file.marked.problem((*placed.place, *at.way), text)
    if file.lesson is None:
        return  # a step that doesn't fit the schema may be the one that uses it
    for belief in declared:
        if belief not in used:
            text = f"misconception `{belief}` is never used: tie a wrong answer to it or remove it"
            yield file.marked.problem(("misconceptions", belief), text)


def _tables(file: LessonFile) -> Iterator[Problem]:
    for placed in file.steps:
        for field, table in placed.step.tables().items():
            place = (*placed.place, field, "top")
            shares = list(table.top.values())
            if fsum(shares) > 1:
                yield file.marked.problem(place, "adds up to more than one: mend the probabilities")
            if shares != sorted(shares, reverse=True):
                yield file.marked.problem(place, "isn't in order: put the likeliest token first")


def _sources(file: LessonFile) -> Iterator[Problem]:
    for place, numbers in file.declared():
        yield from _sourced(file.marked, place, numbers)


def _sourced(marked: Marked, place: KeyPath, numbers: Iterable[Number]) -> Iterator[Problem]:
    for index, number in enumerate(numbers):
        if (number.computed is None) == (number.source is None):
            text = f"{plain(number.value)} needs either `computed` (and `of`) or a `source`"
            yield marked.problem((*place, "numbers", index), text)
