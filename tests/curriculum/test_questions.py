"""What people ask: break one thing in a good file, and exactly that is found, on its line."""

import json

import pytest

from curriculum.json_schema import QUESTIONS_SCHEMA_FILE, questions_schema
from curriculum.loader import HERE, load_course
from curriculum.marked import read_marked
from tests.curriculum.conftest import EVERY_KIND, line_of

FILE = "questions.yaml"
MISTAKES = {
    "a number from nowhere": ("49,152 tokens.", "40,000 tokens.", "40,000", "40,000 has no source"),
    "a number with no origin": (
        "computed: vocabulary_size, of: embedded",
        "of: embedded",
        "value: 49152",
        "needs either `computed`",
    ),
    "a term that isn't there": ("term: vocabulary", "term: vocabulry", "vocabulry", "mean 'vocab"),
    "a step that isn't there": ("step: in-order", "step: in-odrer", "odrer", "mean 'in-order'"),
    "a lesson that isn't there": ("{lesson: 1", "{lesson: 7", "lesson: 7", "lesson 7 has no step"),
    "a cite of two things": (
        "{term: vocabulary}",
        "{term: token, lesson: 1}",
        "lesson: 1}",
        "cite",
    ),
    "a cite of nothing": ("{term: vocabulary}", "{}", "cites: {}", "cite either a `term`"),
    "an id twice": ("id: what-comes-next", "id: how-many-tokens", "how-many", "is taken at"),
    "too few phrasings": ("[size of the vocabulary, number of tokens]", "[size]", "[size]", "also"),
    "no answer": (
        "  answer: It scores every token, and one is picked.\n",
        "",
        "what-c",
        "`answer` is",
    ),
    "a field misspelt": ("  also: [what", "  aslo: [what", "aslo", "`aslo` is no field"),
}


@pytest.mark.parametrize(("old", "new", "marker", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_a_question_is_found_where_it_stands(
    problems_after, folder, old, new, marker, says
):
    problems = problems_after((FILE, old, new))
    assert any(says in problem.text for problem in problems), problems
    nth = (folder / FILE).read_text("utf-8").count(marker)
    lines = {line_of(folder / FILE, marker, n + 1) for n in range(nth)}
    assert lines & {problem.line for problem in problems}
    assert {problem.file for problem in problems} == {folder / FILE}


def test_a_figure_that_computes_to_something_else_is_a_mistake(problems_after):
    (problem,) = problems_after((FILE, "of: embedded", "of: other"))
    assert "can't be computed" in problem.text


def test_a_mistake_in_one_question_hides_none_in_the_others(problems_after):
    problems = problems_after(
        (FILE, "cites: {term: vocabulary}", "cite: {}"), (FILE, "step: in-order", "step: nowhere")
    )
    assert [text for text in map(str, problems) if "no step 'nowhere'" in text]


def test_a_course_may_do_without_questions(folder):
    (folder / FILE).unlink()
    assert load_course(folder).questions == ()


def test_the_questions_people_ask_reach_into_all_lessons():
    course = load_course()
    lesson_of = {term.term: term.lesson for term in course.terms}
    cited = [question.cites for question in course.questions]
    lessons = {cite.lesson or lesson_of[cite.term or ""] for cite in cited}
    assert lessons == set(range(1, 13))
    assert len(course.questions) >= 50


def test_no_way_of_asking_belongs_to_two_questions():
    ways = [way.casefold() for q in load_course().questions for way in (q.ask, *q.also)]
    assert sorted({way for way in ways if ways.count(way) > 1}) == []


def test_the_schema_file_is_current():
    assert QUESTIONS_SCHEMA_FILE.read_text("utf-8") == questions_schema(), "make schema"


@pytest.mark.parametrize("folder", [HERE, EVERY_KIND], ids=["shipped", "every kind"])
def test_editors_accept_the_questions(folder):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(read_marked(folder / FILE).data, json.loads(questions_schema()))
