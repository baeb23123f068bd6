"""Keys that can be told without knowing: by their letter, by their length."""

import pytest

from curriculum.balance import FEWEST, keys_of
from curriculum.check import check
from curriculum.loader import HERE
from curriculum.reading import read_course
from tests.curriculum.conftest import FIGURES, INSTRUMENTS, LESSON, edit

OPTIONS = (
    "      - text: All at once\n        misconception: planned\n"
    "        reply: Nothing is planned ahead.\n"
    "      - text: One token at a time\n        correct: true\n"
    "        reply: One token, then the next.\n"
    "      - text: From a list of replies\n        reply: There is no such list.\n"
)
CHOICE = f"  - id: more-{{}}\n    kind: choice\n    ask: And then?\n    options:\n{OPTIONS}"


@pytest.fixture
def choices(folder):
    """Put choices into the lesson until it has so many; the right one is B, and not the longest."""

    def put(count, *changed):
        here = keys_of(*read_course(folder).lessons).choices
        more = "".join(CHOICE.format(n) for n in range(count - here))
        for old, new in changed:
            more = more.replace(old, new)
        edit(folder / LESSON, "recall:\n  - id", f"{more}recall:\n  - id")
        return [problem.text for problem in check(folder, FIGURES, INSTRUMENTS)]

    return put


def test_a_letter_that_is_right_too_often_is_told(choices):
    (said,) = choices(FEWEST)
    assert said.startswith("option B is the right one in ")
    assert "35% is the most" in said


def test_a_right_option_that_is_the_longest_too_often_is_told(choices):
    said = choices(FEWEST, ("One token at a time", "One token at a time, then the next"))
    assert any(one.startswith("the right option is the longest in ") for one in said)


def test_a_course_of_few_choices_is_left_alone(choices):
    assert choices(FEWEST - 1) == []


def test_the_shipped_course_keeps_well_below():
    found = keys_of(*read_course(HERE).lessons)
    assert found.choices >= 100
    assert max(found.letters.values()) / found.choices < 0.35
    assert found.longest / found.choices < 0.35
