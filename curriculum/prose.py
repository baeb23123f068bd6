"""The words of a lesson that a learner reads, each with its place in the file."""

from collections.abc import Iterator, Mapping
from typing import Any

from curriculum.marked import KeyPath
from curriculum.reading import LessonFile, PlacedStep

_STEP_FIELDS = frozenset(
    {"title", "ask", "lead", "text", "answer", "hints", "stages", "reply", "wrong", "says"}
)
_INWARD = ("options", "too_low", "too_high", "criteria")  # fields that hold more such fields
_LESSON_FIELDS = ("title", "promise", "setup", "misconceptions")


def lesson_prose(file: LessonFile) -> Iterator[tuple[KeyPath, str]]:
    """Yield what stands around the steps: promise, setup, the beliefs as a recap names them."""
    for field in _LESSON_FIELDS:
        yield from _strings(file.get(field), (field,))


def step_prose(file: LessonFile, placed: PlacedStep) -> Iterator[tuple[KeyPath, str]]:
    """Yield what a step says. Prompts, arguments, recordings and illustrations aren't prose."""
    data = file.marked.data
    for key in placed.place:
        data = data[key]
    yield from _fields(data, placed.place)


def _fields(data: Mapping[str, Any], place: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for field, value in data.items():
        here = (*place, field)
        if field in _STEP_FIELDS:
            yield from _strings(value, here)
        elif field in _INWARD:
            parts = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, part in parts:
                yield from _fields(part, here if index is None else (*here, index))


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
