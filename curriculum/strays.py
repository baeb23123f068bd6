"""Files that a course would pass over in silence: a lesson with another ending, say."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from curriculum.errors import Problem

ENDING = ".yaml"
_LEFTOVERS = (".*", "*~", "#*#", "*.swp", "*.swo", "*.bak", "*.orig", "*.rej", "*.tmp")
_PARTS = ("course", "glossary", "questions", "passages", "asked")


def lesson_files(folder: Path) -> list[Path]:
    """Return the lessons of the course in this folder, by name; none of what editors leave."""
    return [file for file in _files(folder / "lessons") if file.suffix == ENDING]


def passed_over(folder: Path) -> Iterator[Problem]:
    """List the files that were meant to be read, by their names, and aren't."""
    for file in _files(folder / "lessons"):
        if file.suffix != ENDING and _seems_a_lesson(file):
            text = f"isn't read, as a lesson's name ends in {ENDING}: rename it or move it away"
            yield Problem(file, 1, text)
    for file in _files(folder):
        stem = file.name.partition(".")[0]
        if stem.casefold() in _PARTS and _is_yaml(file) and file.name != f"{stem}{ENDING}":
            yield Problem(file, 1, f"isn't read: call it {stem.casefold()}{ENDING}")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = sorted(folder.iterdir())
    return [file for file in found if file.is_file() and not _is_leftover(file.name)]


def _is_leftover(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in _LEFTOVERS)


def _is_yaml(file: Path) -> bool:
    return any(ending.casefold() in (ENDING, ".yml") for ending in file.suffixes)


def _seems_a_lesson(file: Path) -> bool:
    return _is_yaml(file) or (file.name[:2].isdigit() and file.name[2:3] == "-")
