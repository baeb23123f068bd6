"""The words of a lesson that a learner reads, each with its place in the file."""

from collections.abc import Iterator
from typing import Any

from curriculum.errors import KeyPath
from curriculum.reading import LessonFile, PlacedStep

_LESSON_FIELDS = ("title", "promise", "setup", "misconceptions", "takeaways")


def lesson_prose(file: LessonFile) -> Iterator[tuple[KeyPath, str]]:
    """Yield what stands around the steps: promise, setup, and what a recap says."""
    for field in _LESSON_FIELDS:
        yield from _strings(file.get(field), (field,))
    yield from _parts(file.get("try_this"), ("try_this",), ("text",))


def step_prose(file: LessonFile, placed: PlacedStep) -> Iterator[tuple[KeyPath, str]]:
    """Yield what a step says. Prompts, arguments, recordings and illustrations aren't prose."""
    data = file.marked.data
    for key in placed.place:
        data = data[key]
    for field, inner in placed.step.PROSE.items():
        here = (*placed.place, field)
        if inner:
            yield from _parts(data.get(field), here, inner)
        else:
            yield from _strings(data.get(field), here)


def _parts(value: Any, place: KeyPath, fields: tuple[str, ...]) -> Iterator[tuple[KeyPath, str]]:
    """Yield what the parts in a field say: one part, or a list of them."""
    match value:
        case list():
            for index, part in enumerate(value):
                yield from _parts(part, (*place, index), fields)
        case dict():
            for field in fields:
                yield from _strings(value.get(field), (*place, field))


def _strings(value: Any, place: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    match value:
        case str():
            yield place, value
        case list():
            for index, item in enumerate(value):
                yield from _strings(item, (*place, index))
        case dict():
            for key, item in value.items():
                yield from _strings(item, (*place, key))
