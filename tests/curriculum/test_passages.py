"""The passages of the guess game: enough of them, and each mistake found on its line."""

import json

import pytest

from curriculum.json_schema import PASSAGES_SCHEMA_FILE, passages_schema
from curriculum.schema import Course
from tests.curriculum.conftest import line_of

FILE = "passages.yaml"
GOOD = """\
- id: cat
  begin: The cat that nobody had seen for a week
  goes_on: sat on the old mat
- id: dog
  begin: The dog on the other hand
  goes_on: ran after its own tail
"""
MISTAKES = {
    "an id twice": ("id: dog", "id: cat", "id: cat", "is there twice"),
    "four words": ("sat on the old mat", "sat on the mat", "sat on", "five plain words"),
    "a sign on a word": ("old mat", "old mat.", "old mat", "five plain words"),
    "a figure": ("for a week", "for 7 days", "7 days", "holds a figure"),
    "a whole sentence": ("other hand", "other hand.", "hand.", "must break off"),
    "a field misspelt": ("begin: The dog", "begn: The dog", "begn", "`begn` is no field"),
}


@pytest.mark.parametrize(("old", "new", "marker", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_a_passage_is_found_where_it_stands(
    problems_after, folder, old, new, marker, says
):
    (folder / FILE).write_text(GOOD, "utf-8")
    problems = problems_after((FILE, old, new))
    assert any(says in problem.text for problem in problems), problems
    nth = (folder / FILE).read_text("utf-8").count(marker)
    lines = {line_of(folder / FILE, marker, n + 1) for n in range(nth)}
    assert lines & {problem.line for problem in problems}


def test_a_course_may_do_without_passages(problems_after):
    assert problems_after() == []


def test_the_course_ships_a_passage_for_each_day_of_two_months(shipped: Course):
    assert len(shipped.passages) >= 60
    assert all(len(passage.words) == 5 for passage in shipped.passages)


def test_the_schema_file_is_current():
    assert PASSAGES_SCHEMA_FILE.read_text("utf-8") == passages_schema()
    assert json.loads(passages_schema())["type"] == "array"
