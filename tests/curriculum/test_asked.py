"""How people ask: what leads nowhere, or stands twice, is found on its line."""

import json

import pytest

from curriculum.json_schema import ASKED_SCHEMA_FILE, asked_schema
from curriculum.kinds.base import GuessableStep
from curriculum.loader import load_course
from curriculum.marked import read_marked
from tests.curriculum.conftest import line_of

FILE = "asked.yaml"
MISTAKES = {
    "a term that isn't there": ("term: vocabulary", "term: vocabulry", "vocabulry", "no term"),
    "a step that isn't there": ("step: in-order", "step: nowhere", "nowhere", "no step 'nowhere'"),
    "a cite of nothing": ("{term: vocabulary}", "{}", "cites: {}", "cite either a `term`"),
    "a way twice": ("what happens first", "Can it say anything else", "Can it", "is taken at"),
    "a way that is elsewhere too": ("learn English", "what happens first\n  or", "elsewhere", "at"),
    "no ways": ("what happens first", '""', 'ways: ""', "`ways`"),
    "a field misspelt": ("elsewhere:", "elsewere:", "elsewere", "no field here"),
}


@pytest.mark.parametrize(("old", "new", "marker", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_found_where_it_stands(problems_after, folder, old, new, marker, says):
    problems = problems_after((FILE, old, new))
    found = [each for each in problems if says in each.text and each.file == folder / FILE]
    assert line_of(folder / FILE, marker) in {each.line for each in found}, problems


def test_a_course_may_do_without(folder):
    (folder / FILE).unlink()
    course = load_course(folder)
    assert course.asking.asked == course.asking.elsewhere == ()


def test_every_term_and_every_step_has_many_ways_of_asking():
    course = load_course()
    ways = {
        (c.term, c.lesson, c.step): each.ways for each in course.asking.asked for c in [each.cites]
    }
    assert min(len(each) for each in ways.values()) >= 8
    assert {term.term for term in course.terms} <= {term for term, _, _ in ways}
    steps = ((lesson.number, step) for lesson in course.lessons for step in lesson.steps)
    assert {(None, n, s.id) for n, s in steps if isinstance(s, GuessableStep)} <= set(ways)
    assert len(course.asking.elsewhere) >= 500


def test_editors_accept_the_file(folder):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(read_marked(folder / FILE).data, json.loads(asked_schema()))
    assert ASKED_SCHEMA_FILE.read_text("utf-8") == asked_schema(), "make schema"
