"""Break one thing in a good lesson: exactly that problem is found, on its line."""

from typing import NamedTuple

import pytest
from pydantic import BaseModel

from curriculum.check import check
from tests.curriculum.conftest import EVERY_KIND, FIGURES, INSTRUMENTS, LESSON, edit, line_of


class _Top(BaseModel):
    prompt: str
    top: int


class Mistake(NamedTuple):
    what: str
    old: str
    new: str
    marker: str  # what the line that the problem points at holds, after the edit
    says: str
    file: str = LESSON
    nth: int = 1  # of the lines that hold the marker


STEPS = [
    Mistake(
        "two right options",
        "text: All at once\n        misconception: planned",
        "text: All at once\n        correct: true",
        "    options:",
        "2 options are `correct: true`",
    ),
    Mistake(
        "no right option",
        "        correct: true\n        reply: One token, then",
        "        reply: One token, then",
        "    options:",
        "0 options are `correct: true`",
    ),
    Mistake(
        "an option without a reply",
        "      - text: From a list of replies\n        reply: There is no such list.\n",
        "      - text: From a list of replies\n",
        "From a list of replies",
        "`reply` is missing",
    ),
    Mistake(
        "a reply that names a letter",
        "reply: There is no such list.",
        "reply: There is none, so B is right.",
        "so B is",
        "names an option by its place ('B is')",
    ),
    Mistake(
        "a hint that names a place",
        "- Watch it stream.",
        "- Not the last option.",
        "the last option",
        "each learner sees the options in an order of their own",
    ),
    Mistake(
        "other numbers for what isn't there",
        "    factor: 1.5\n",
        "    factor: 1.5\n    vary: {tokens: [7]}\n",
        "vary:",
        "the answer's `of` has no part 'tokens'",
    ),
    Mistake(
        "other numbers for an answer that isn't computed",
        "computed: vocabulary_size, of: embedded}",
        "source: me}\n    vary: {tokens: [7]}",
        "vary:",
        "the answer isn't `computed`",
    ),
    Mistake(
        "two stages that read the same",
        "Score every token, Pick one",
        "Pick one, Pick one",
        "stages:",
        "two stages read the same",
    ),
    Mistake(
        "a known order that is the right one",
        "order: [Pick one, Cut the text into tokens, Score every token, Put it on the end]",
        "order: [Cut the text into tokens, Score every token, Pick one, Put it on the end]",
        "order: [Cut",
        "in another order than theirs",
    ),
    Mistake("an id twice", "id: remember", "id: play", "id: play", "step id 'play'", nth=2),
    Mistake("an id with a blank", "id: play", "id: to play", "id: to play", "joined by hyphens"),
    Mistake("an unknown kind", "kind: order", "kind: sort", "id: in-order", "called 'sort'"),
    Mistake("no kind", "    kind: order\n", "", "id: in-order", "`kind` is missing"),
    Mistake(
        "a misspelt field", "    lead: Think", "    laed: Think", "laed:", "`laed` is no field"
    ),
    Mistake(
        "an unknown instrument",
        "exhibit: generate",
        "exhibit: genrate",
        "genrate",
        "no instrument is called 'genrate': use one of generate, nexttoken",
    ),
]

BELIEFS = [
    Mistake(
        "an option's undeclared belief",
        "text: All at once\n        misconception: planned",
        "text: All at once\n        misconception: plannd",
        "plannd",
        "`plannd` isn't declared",
    ),
    Mistake(
        "a number's undeclared belief",
        "too_low: {misconception: too-few, r",
        "too_low: {misconception: few, r",
        "too_low:",
        "`few` isn't declared",
    ),
    Mistake(
        "an order's undeclared belief",
        "    misconception: picks-first\n",
        "    misconception: picks\n",
        "misconception: picks",
        "`picks` isn't declared",
    ),
    Mistake(
        "a belief that no answer betrays",
        "  too-few: A model",
        "  spare: Nobody thinks so.\n  too-few: A model",
        "spare:",
        "`spare` is never used",
    ),
    Mistake(
        "a right option that is a misconception",
        "correct: true\n        reply: One token, then",
        "correct: true\n        misconception: too-few\n        reply: One token, then",
        "        misconception: too-few",
        "the right option can't be",
    ),
]

ROOM = [
    Mistake("a long option", "text: All at once", "text: " + "a" * 121, "aaa", "121 characters"),
    Mistake(
        "an empty line", "lead: Think of what the model is given.", 'lead: ""', "lead:", "empty"
    ),
    Mistake(
        "a question that overflows a phone",
        "ask: How is a reply made?",
        "ask: " + "word " * 50,
        "id: pick",
        "this question takes 12 lines on a phone, room is for 10",
    ),
    Mistake(
        "a table that overflows a message",
        'top: {" kube": 0.389, " scheduler": 0.184}',
        "top: {a: 0.389" + "".join(f", a{i}: 0.001" for i in range(40)) + "}",
        "id: next",
        "cut ",
    ),
]

NUMBERS = [
    Mistake("ask", "How is a reply", "How are 7 replies", "How are 7", "7 has no source"),
    Mistake("lead", "Think of what", "Think of 7 things", "Think of 7", "7 has no source"),
    Mistake("option", "text: All at once", "text: All 7", "All 7", "7 has no source"),
    Mistake("reply", "Yes, 49,152 of", "Yes, 49,153 of", "49,153", "49,153 has no source"),
    Mistake("belief's reply", "More than that: 49,152", "More: 7", "More: 7", "7 has no source"),
    Mistake("hint", "It starts with a space", "7 ways.", "- 7 ways", "7 has no source"),
    Mistake(
        "stage",
        "Pick one, Put it on the end]\n    known:\n      - order: [Pick one,",
        "Pick 1, Put it on the end]\n    known:\n      - order: [Pick 1,",
        "stages:",
        "1 has no source",
    ),
    Mistake("text", "Watch it go round.", "7 rounds.", "7 rounds", "7 has no source"),
    Mistake(
        "answer", "It scores, picks and appends.", "All 7.", "answer: All 7.", "7 has no source"
    ),
    Mistake("criterion", "The pick is put", "7 are put", "7 are put", "7 has no source"),
    Mistake("promise", "After this every", "After 7 every", "After 7", "7 has no source"),
    Mistake("setup", "It takes 5 minutes", "It takes 6 minutes", "6 minutes", "6 has no source"),
    Mistake("belief", "only a few tokens", "only 7 tokens", "only 7", "7 has no source"),
    Mistake("percent", "38.9 %", "39.9 %", "39.9 %", "39.9% has no source"),
    Mistake("numeric answer", "answer: 49152", "answer: 50000", "50000", "50000 has no source"),
    Mistake(
        "neither computed nor sourced",
        "computed: vocabulary_size, of: embedded}",
        "of: embedded}",
        "value: 49152",
        "49152 needs either",
    ),
    Mistake(
        "computed and sourced",
        "of: embedded}",
        "of: embedded, source: me}",
        "value: 49152",
        "49152 needs either",
    ),
    Mistake("no such figure", "vocabulary_size", "vocab", "vocab", "no figure is called 'vocab'"),
    Mistake("a figure that fails", "of: embedded", "of: moon", "of: moon", "can't be computed"),
    Mistake(
        "a recording without a date",
        '      date: "2026"\n',
        "",
        "recorded:",
        "`date` is missing",
    ),
    Mistake(
        "too much in all", "0.184}", "0.184, x: 0.18, y: 0.17, z: 0.16}", "kube", "more than one"
    ),
    Mistake("not in order", "0.184}", "0.184, x: 0.2}", "kube", "likeliest token first"),
    Mistake("made up, too much", "0.42,", "0.92,", 'top: {" floor"', "more than one"),
]

COURSE = [
    Mistake(
        "a lesson that it can't build on",
        "minutes: 5\n",
        "minutes: 5\nbuilds_on: [not-yet]\n",
        "builds_on:",
        "'not-yet' isn't a lesson before this one",
    ),
    Mistake("unknown term", "[token, voc", "[tokens, voc", "glossary:", "did you mean 'token'?"),
    Mistake("dangling next", "next: not-yet", "next: not-now", "next:", "`next` names 'not-now'"),
    Mistake(
        "dangling notebook", "next: not", "notebook: a.ipynb\nnext: not", "notebook", "a.ipynb"
    ),
    Mistake(
        "a term's lesson outside the outline",
        "lesson: 1\n  means: All",
        "lesson: 3\n  means: All",
        "lesson: 3",
        "the outline has no lesson 3",
        "glossary.yaml",
    ),
    Mistake(
        "a term twice",
        "term: vocabulary\n",
        "term: vocabulary\n  aliases: [Token]\n",
        "aliases: [Token]",
        "term 'token' is taken at glossary.yaml:1",
        "glossary.yaml",
    ),
    Mistake(
        "a stage twice",
        "number: 2",
        "number: 1",
        "Not written yet",
        "stage number 1 is taken at course.yaml:3",
        "course.yaml",
    ),
]
FILES = [
    Mistake("not YAML", "setup: A", "setup: here: A", "setup:", "isn't valid YAML"),
    Mistake("a field twice", "minutes: 5\n", "minutes: 5\nminutes: 6\n", "minutes: 6", "twice"),
    Mistake(
        "an alias", "glossary: [token,", "glossary: [&a token, *a,", "glossary:", "by an alias"
    ),
    Mistake("a number as a word", "minutes: 5", "minutes: five", "minutes: five", "valid integer"),
]


@pytest.mark.parametrize(
    "mistake",
    [*STEPS, *BELIEFS, *ROOM, *NUMBERS, *COURSE, *FILES],
    ids=lambda mistake: mistake.what,
)
def test_one_mistake_is_one_problem_on_its_line(problems_after, folder, mistake):
    problems = problems_after((mistake.file, mistake.old, mistake.new))
    assert len(problems) == 1, [str(problem) for problem in problems]
    file = folder / mistake.file
    assert (problems[0].file, problems[0].line) == (
        file,
        line_of(file, mistake.marker, mistake.nth),
    )
    assert mistake.says in problems[0].text


def test_a_lesson_without_mistakes_passes():
    assert check(EVERY_KIND, FIGURES, INSTRUMENTS) == []


def test_instruments_go_unchecked_where_none_are_named(folder):
    assert check(folder, FIGURES, None) == []


def test_arguments_that_an_instrument_refuses_are_told_on_their_line(folder):
    forms = {"nexttoken": _Top.model_validate, "generate": dict}
    edit(folder / LESSON, '"The cat sat on the", top: 6', '"The cat sat on the", top: six')
    (problem,) = check(folder, FIGURES, forms)
    assert problem.line == line_of(folder / LESSON, "top: six")
    assert problem.text.startswith("nexttoken can't be run with this: `top`: input should be a")


def test_mistakes_of_every_sort_are_told_at_once(problems_after):
    problems = problems_after(
        (LESSON, "text: All at once", "text: All 7"),
        (LESSON, "exhibit: generate", "exhibit: genrate"),
        (LESSON, "of: embedded", "of: moon"),
        (LESSON, "    wrong: It can't pick before it has scored.\n", ""),
        (LESSON, "next: not-yet", "next: nowhere"),
        ("glossary.yaml", "lesson: 1\n  means: All", "lesson: 9\n  means: All"),
        ("course.yaml", "stop: text", "stopp: text"),
    )
    said = "\n".join(problem.text for problem in problems)
    for part in ("7 has", "genrate", "computed", "`wrong`", "stopp"):
        assert part in said
    assert len(problems) == 5  # without an outline, nothing can be said of lesson 9 or `next`


def test_a_lesson_that_disagrees_with_its_file_name_and_the_outline_is_told_both(problems_after):
    problems = problems_after((LESSON, "slug: every-kind", "slug: other-kind"))
    assert [problem.line for problem in problems] == [2, 3]
    assert "01-other-kind.yaml" in problems[0].text
    assert "outline's lesson 1 isn't 'other-kind'" in problems[1].text


def test_two_lessons_with_one_number_and_slug_are_told_apart(folder):
    copy = folder / "lessons" / "02-not-yet.yaml"
    copy.write_text((folder / LESSON).read_text("utf-8"), "utf-8")
    said = [problem.text for problem in check(folder, FIGURES, INSTRUMENTS)]
    assert any("lesson number 1 is taken at 01-every-kind.yaml:2" in text for text in said)
    assert any("lesson slug 'every-kind' is taken at 01-every-kind.yaml:3" in text for text in said)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "isn't UTF-8"),
        (b"\x07", "isn't valid YAML"),
        (None, "read"),
    ],
    ids=["empty", "not UTF-8", "control characters", "a missing file"],
)
def test_an_unreadable_file_is_one_problem(folder, content, says):
    file = folder / "glossary.yaml"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    problems = check(folder, FIGURES, INSTRUMENTS)
    assert [(problem.file, problem.line) for problem in problems] == [(file, 1)]
    assert says in problems[0].text


@pytest.mark.parametrize("content", ["just words", "[1, 2]", "steps: 3", "steps: [3]\nrecall: {}"])
def test_a_lesson_of_another_shape_is_told_without_a_crash(folder, content):
    (folder / LESSON).write_text(content, "utf-8")
    assert check(folder, FIGURES, INSTRUMENTS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("slug: every-kind", "slug: [every, kind]"),
        ("next: not-yet", "next: {a: b}"),
        ("glossary: [token,", "glossary: [{a: b},"),
        ("id: remember", "id: [a]"),
        ("misconception: picks-first\n    reply", "misconception: [a]\n    reply"),
        ("misconceptions:\n", "misconceptions:\n  1: one\n"),
        ("numbers:\n  - {value: 5, source: the minutes above}", "numbers: none"),
        ("value: 49152", "value: .nan"),
    ],
)
def test_a_field_of_another_shape_is_told_without_a_crash(problems_after, old, new):
    assert problems_after((LESSON, old, new))


def test_other_numbers_that_give_no_answer_are_told(problems_after):
    """A question that is asked again is computed again, before anybody meets it."""
    problems = problems_after(
        (LESSON, "How many tokens does the small model know?", "Is it 49,152 after 1 step?"),
        (
            LESSON,
            "computed: vocabulary_size, of: embedded}",
            "computed: tokens_read, of: [49152, 1]}\n      - {value: 1, source: me}\n"
            '    vary: {"1": [0]}',
        ),
    )
    assert [problem.text for problem in problems] == [
        "with {'1': 0} the answer is 0: vary it otherwise"
    ]
