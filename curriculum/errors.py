"""What can be wrong with a course, said so that its author can mend it.

CourseError
    └── problems: every Problem found, each with file and line
CantStart       a new course or lesson would overwrite something, or can't be named so
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PathKey = str | int
KeyPath = tuple[PathKey, ...]  # the way down to a value: ("steps", 0, "ask")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one file. `text` says what is wrong and what to do."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        """As editors and terminals link it: file:line: text."""
        return f"{self.file}:{self.line}: {self.text}"


class CourseError(Exception):
    """The course can't be taught as it stands. Holds all the problems, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CantStart(Exception):
    """A new course or lesson can't be written there. The text says why and what to do."""
