"""A course of one's own, begun: a folder that can be taught as it is, and lessons to fill in."""

import json
import re
import shutil
import unicodedata
from pathlib import Path

from curriculum import budgets
from curriculum.errors import CantStart, CourseError
from curriculum.reading import read_course
from curriculum.schema import CourseStop, Outline

_HERE = Path(__file__).parent
_STARTER = _HERE / "starter"
_TEMPLATE = _STARTER / "lesson.yaml.template"
_NOT_COURSE = (_TEMPLATE.name, "__pycache__")


def new_course(folder: Path) -> None:
    """Write a small course that can be taught as it is, on answering for a service at night.

    Raises:
        CantStart: something stands there already; nothing was written.
        OSError: the folder can't be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CantStart(f"{folder} isn't empty, and nothing is overwritten. Name a new folder.")
    shutil.copytree(
        _STARTER, folder, ignore=shutil.ignore_patterns(*_NOT_COURSE), dirs_exist_ok=True
    )
    shutil.copy(_HERE / "lesson.schema.json", folder)  # editors complete and check by it


def new_lesson(folder: Path, title: str) -> Path:
    """Write a lesson to be filled in, and put it at the end of the course's outline.

    Where the outline has planned a lesson of that title, this is the one.

    Args:
        folder: The course.
        title: What the lesson is called.

    Returns:
        The new file.

    Raises:
        CantStart: the title can't be used, or the lesson is there already; nothing was written.
        CourseError: the outline has mistakes; nothing was written.
        OSError: a file can't be written.
    """
    outline = _outline(folder)
    stop = next((one for one in outline.stages if one.title == title), None)
    is_planned = stop is not None
    stop = stop or _further(outline, title)
    file = folder / "lessons" / f"{stop.number:02}-{stop.slug}.yaml"
    if file.exists():
        raise CantStart(f"{file} is there already, and it isn't overwritten. Choose another title.")
    file.parent.mkdir(exist_ok=True)
    words = {"number": stop.number, "slug": stop.slug, "title": _quoted(stop.title)}
    if not is_planned:
        _append(folder / "course.yaml", stop)
    file.write_text(_TEMPLATE.read_text(encoding="utf-8").format(**words), encoding="utf-8")
    return file


def _outline(folder: Path) -> Outline:
    reading = read_course(folder)
    if reading.outline is None:
        own = reading.outline_marked.file
        raise CourseError(one for one in reading.problems if one.file == own)
    return reading.outline


def _further(outline: Outline, title: str) -> CourseStop:
    slug = _slug(title)
    if not slug or len(title) > budgets.LINE or "\n" in title:
        raise CantStart("A title is one line that holds a letter or a digit of plain English.")
    if slug in {one.slug for one in outline.stages}:
        raise CantStart(f"The course has a lesson {slug!r} already. Choose another title.")
    return CourseStop(number=max(s.number for s in outline.stages) + 1, slug=slug, title=title)


def _slug(title: str) -> str:
    """Return a title's first words in small letters, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        longer = f"{slug}-{word}" if slug else word[: budgets.SLUG]
        if len(longer) > budgets.SLUG:
            break
        slug = longer
    return slug


def _append(file: Path, stop: CourseStop) -> None:
    """Add a line to the outline, or leave it as it was where a line can't be added."""
    before = file.read_text(encoding="utf-8")
    line = f"  - {{number: {stop.number}, slug: {stop.slug}, title: {_quoted(stop.title)}}}"
    file.write_text(f"{before.rstrip()}\n{line}\n", encoding="utf-8")
    outline = read_course(file.parent).outline
    if outline is None or stop not in outline.stages:
        file.write_text(before, encoding="utf-8")
        raise CantStart(f"Add this line to `stages` in {file}, then run this again:\n{line}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON is YAML
