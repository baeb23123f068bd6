"""A course of one's own, begun."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from curriculum.check import check
from curriculum.errors import CantStart, CourseError
from curriculum.kinds.registry import STEPS
from curriculum.loader import load_course
from curriculum.reading import read_course
from curriculum.starting import new_course, new_lesson
from curriculum.unwritten import unwritten
from tools.figures import FIGURES


@pytest.fixture
def own(tmp_path: Path) -> Path:
    new_course(tmp_path / "own")
    return tmp_path / "own"


def test_a_new_course_has_no_mistake_and_shows_how_most_kinds_are_written(own: Path) -> None:
    assert check(own, FIGURES) == []
    (lesson,) = load_course(own).lessons
    kinds = {step.kind for step in lesson.sequence}
    assert kinds == set(STEPS) - {"token", "exhibit"}  # those two are about a model
    assert (own / "lesson.schema.json").is_file()
    assert sorted(file.name for file in own.iterdir() if "template" in file.name) == []


def test_the_letters_and_lengths_of_its_right_options_tell_nothing(own: Path) -> None:
    (lesson,) = load_course(own).lessons
    choices = [step for step in lesson.sequence if step.kind == "choice"]
    letters = [step.answer for step in choices]
    assert max(letters.count(letter) for letter in letters) / len(letters) <= 0.35
    longest = [max(s.options, key=lambda o: len(o.text)).correct for s in choices]
    assert sum(longest) / len(longest) <= 0.35


@pytest.mark.parametrize("there", ["a file", "a folder with something in it"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    folder = tmp_path / "own"
    if there == "a file":
        folder.write_text("mine")
    else:
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CantStart, match="isn't empty, and nothing is overwritten"):
        new_course(folder)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_new_lesson_fits_the_schema_and_each_of_its_todos_is_told_by_its_line(own: Path) -> None:
    file = new_lesson(own, 'After the "storm": what now?')
    assert file.name == "02-after-the-storm-what-now.yaml"
    reading = read_course(own)
    (left,) = (list(unwritten(one)) for one in reading.lessons if one.marked.file == file)
    lines = file.read_text(encoding="utf-8").splitlines()
    marked = [n for n, line in enumerate(lines, 1) if "TODO" in line and not line.startswith("#")]
    assert sorted({problem.line for problem in left}) == sorted(_spoken(lines, marked))
    assert check(own, FIGURES) == []  # nothing else is wrong with it
    last = reading.outline.stages[-1] if reading.outline else None
    assert last
    assert (last.number, last.title) == (2, 'After the "storm": what now?')


def _spoken(lines: list[str], marked: list[int]) -> Iterator[int]:
    """Yield the line that each TODO is told at: the key's, where its text is a block."""
    for line in marked:
        yield line - 1 if lines[line - 2].endswith("|") else line


def test_a_lesson_that_the_outline_has_planned_is_the_one_that_is_written(own: Path) -> None:
    planned = "  - {number: 7, slug: on-call, title: On call}\n"
    with (own / "course.yaml").open("a", encoding="utf-8") as outline:
        outline.write(planned)
    assert new_lesson(own, "On call").name == "07-on-call.yaml"
    assert (own / "course.yaml").read_text(encoding="utf-8").count("On call") == 1


@pytest.mark.parametrize("title", ["", "   ", "事故", "two\nlines", "x" * 301])
def test_a_title_that_gives_no_name_is_refused(own: Path, title: str) -> None:
    before = (own / "course.yaml").read_bytes()
    with pytest.raises(CantStart, match="A title is one line"):
        new_lesson(own, title)
    assert (own / "course.yaml").read_bytes() == before


def test_a_lesson_that_is_there_stays(own: Path) -> None:
    with pytest.raises(CantStart, match="is there already"):
        new_lesson(own, "The first ten minutes")
    with pytest.raises(CantStart, match="has a lesson 'first-ten-minutes' already"):
        new_lesson(own, "First ten minutes!")


def test_where_the_outline_cant_take_a_line_it_stays_and_the_line_is_told(own: Path) -> None:
    outline = own / "course.yaml"
    outline.write_text("stages: [{number: 1, slug: a, title: A}]\ntitle: Mine\n", encoding="utf-8")
    before = outline.read_bytes()
    with pytest.raises(CantStart, match="Add this line to `stages`"):
        new_lesson(own, "Next")
    assert outline.read_bytes() == before
    assert not list((own / "lessons").glob("02*"))


def test_a_folder_without_an_outline_is_told_as_such(own: Path) -> None:
    shutil.move(own / "course.yaml", own / "course.yml")
    with pytest.raises(CourseError, match=r"course\.yaml:1: can't be read"):
        new_lesson(own, "Next")
