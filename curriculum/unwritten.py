"""What a new lesson's author has still to write."""

from collections.abc import Iterator
from typing import Any

from curriculum.errors import KeyPath, Problem
from curriculum.reading import LessonFile

MARK = "TODO"


def unwritten(file: LessonFile) -> Iterator[Problem]:
    """List every text of a lesson that still begins with TODO."""
    for place, text in _texts(file.marked.data, ()):
        if text.startswith(MARK):
            wanted = text.removeprefix(MARK).lstrip(": ").strip() or "this"
            yield file.marked.problem(place, f"still to be written: {wanted}")


def _texts(value: Any, place: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    match value:
        case str():
            yield place, value
        case list():
            for index, one in enumerate(value):
                yield from _texts(one, (*place, index))
        case dict():
            for key, one in value.items():
                yield from _texts(one, (*place, key))
