"""What a course must keep to beyond the schema. Each rule lists what breaks it."""

from collections.abc import Iterable, Iterator
from itertools import chain
from math import fsum

from curriculum.errors import Problem
from curriculum.links import broken_links
from curriculum.marked import KeyPath, Marked
from curriculum.numerals import plain, undeclared_in_questions, undeclared_numerals
from curriculum.passages import broken_passages
from curriculum.reading import CourseFiles, LessonFile, PlacedStep
from curriculum.room import crowded_cards
from curriculum.schema import (
    ChoiceStep,
    Illustration,
    Number,
    NumberStep,
    OrderStep,
    ReadStep,
    Recorded,
    Step,
    TokenStep,
)


def broken_rules(reading: CourseFiles) -> list[Problem]:
    """Return every mistake that can be seen without running a figure or an instrument."""
    found = [broken_links(reading), undeclared_in_questions(reading), broken_passages(reading)]
    marked = reading.questions_marked
    for asked in reading.questions:
        found.append(_sourced(marked, asked.place, asked.question.numbers))
    for file in reading.lessons:
        found += [_answers(file), _beliefs(file), _tables(file)]
        found += [_sources(file), undeclared_numerals(file), crowded_cards(file)]
    return list(chain.from_iterable(found))


def _answers(file: LessonFile) -> Iterator[Problem]:
    for placed in file.steps:
        match placed.step:
            case ChoiceStep(options=options):
                right = sum(option.correct for option in options)
                if right != 1:
                    text = f"{right} options are `correct: true`: mark exactly one"
                    yield file.marked.problem((*placed.place, "options"), text)
            case OrderStep(stages=stages):
                if len(set(stages)) < len(stages):
                    text = "two stages read the same: tell them apart"
                    yield file.marked.problem((*placed.place, "stages"), text)


def _beliefs(file: LessonFile) -> Iterator[Problem]:
    declared = file.get("misconceptions")
    if not isinstance(declared, dict):
        return
    used = set()
    for place, belief in chain.from_iterable(_named_beliefs(placed) for placed in file.steps):
        used.add(belief)
        if belief not in declared:
            text = f"misconception `{belief}` isn't declared: add it to `misconceptions`"
            yield file.marked.problem(place, text)
    if file.lesson is None:
        return  # a step that doesn't fit the schema may be the one that uses it
    for belief in declared:
        if belief not in used:
            text = f"misconception `{belief}` is never used: tie a wrong answer to it or remove it"
            yield file.marked.problem(("misconceptions", belief), text)
    yield from _beliefs_of_right_options(file)


def _beliefs_of_right_options(file: LessonFile) -> Iterator[Problem]:
    for placed in file.steps:
        options = placed.step.options if isinstance(placed.step, ChoiceStep) else ()
        for index, option in enumerate(options):
            if option.correct and option.misconception:
                place = (*placed.place, "options", index, "misconception")
                yield file.marked.problem(place, "the right option can't be a misconception")


def _named_beliefs(placed: PlacedStep) -> Iterator[tuple[KeyPath, str]]:
    ways: list[tuple[KeyPath, str | None]]
    match placed.step:
        case ChoiceStep(options=options):
            ways = [(("options", i), option.misconception) for i, option in enumerate(options)]
        case NumberStep(too_low=low, too_high=high):
            ways = [(("too_low",), low.misconception), (("too_high",), high.misconception)]
        case OrderStep(misconception=belief):
            ways = [((), belief)]
        case _:
            return
    for way, belief in ways:
        if belief is not None:
            yield (*placed.place, *way, "misconception"), belief


def _tables(file: LessonFile) -> Iterator[Problem]:
    for placed in file.steps:
        for field, table in _tables_of(placed.step):
            place = (*placed.place, field, "top")
            shares = list(table.top.values())
            if fsum(shares) > 1:
                yield file.marked.problem(place, "adds up to more than one: mend the probabilities")
            if shares != sorted(shares, reverse=True):
                yield file.marked.problem(place, "isn't in order: put the likeliest token first")


def _tables_of(step: Step) -> list[tuple[str, Recorded | Illustration]]:
    match step:
        case ChoiceStep(recorded=Recorded() as table) | TokenStep(recorded=Recorded() as table):
            return [("recorded", table)]
        case ReadStep(illustrative=Illustration() as made_up):
            return [("illustrative", made_up)]
        case _:
            return []


def _sources(file: LessonFile) -> Iterator[Problem]:
    for place, numbers in file.declared():
        yield from _sourced(file.marked, place, numbers)


def _sourced(marked: Marked, place: KeyPath, numbers: Iterable[Number]) -> Iterator[Problem]:
    for index, number in enumerate(numbers):
        if (number.computed is None) == (number.source is None):
            text = f"{plain(number.value)} needs either `computed` (and `of`) or a `source`"
            yield marked.problem((*place, "numbers", index), text)
