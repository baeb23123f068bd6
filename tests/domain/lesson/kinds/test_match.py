"""A match: things paired one press at a time, judged as a whole, mix-ups answered by name."""

from itertools import permutations

import pytest

from bot.domain.errors import StaleClick
from bot.domain.lesson.kinds.match import MatchKind, shown
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import answer_text, is_complete, judge, read_answer, tally_key
from curriculum.kinds.match import MatchStep
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import locked, revealed, right_pairs


@pytest.fixture
def step(lesson: Lesson) -> MatchStep:
    found = lesson.step("who-holds")
    assert isinstance(found, MatchStep)
    return found


def swapped(step: MatchStep, one: int, other: int) -> str:
    """Return the right letters with two of them taken for each other."""
    letters = list(right_pairs(step))
    letters[one], letters[other] = letters[other], letters[one]
    return "".join(letters)


def test_what_belongs_is_mixed_and_never_shown_as_it_pairs(step: MatchStep) -> None:
    belongs = tuple(pair.belongs for pair in step.pairs)
    assert set(shown(step)) == set(belongs)
    assert shown(step) != belongs
    assert shown(step) == shown(step)


def test_of_all_pairings_one_is_right(step: MatchStep) -> None:
    pairings = ["".join(letters) for letters in permutations("ABC")]
    right = [answer for answer in pairings if judge(step, answer).is_right]
    assert right == [right_pairs(step)]
    assert kind_of(step).chance(step) == pytest.approx(1 / len(pairings))


def test_a_known_mix_up_gets_its_own_reply_and_belief(step: MatchStep) -> None:
    verdict = judge(step, swapped(step, 0, 1))
    assert verdict.reply == "Nothing of a conversation gets into the weights."
    assert (verdict.is_right, verdict.misconception) == (False, "learns")
    other = judge(step, swapped(step, 1, 2))
    assert (other.reply, other.misconception) == ("Go by how long each is there.", None)


def test_every_pairing_is_counted_under_a_heading_that_a_class_can_be_told_of(
    step: MatchStep,
) -> None:
    kind = kind_of(step)
    for letters in permutations("ABC"):
        answer = "".join(letters)
        heading, verdict = tally_key(step, answer), judge(step, answer)
        assert heading in kind.headings(step)
        assert len(heading or "") <= 64  # as long as a tally's column
        assert kind.is_right_heading(step, heading or "") is verdict.is_right
        assert kind.reply_to(step, heading or "") == verdict.reply
        assert kind.belief(step, heading or "") == verdict.misconception
    assert tally_key(step, right_pairs(step)) == MatchKind.RIGHT
    assert tally_key(step, swapped(step, 1, 2)) == MatchKind.WRONG


def test_it_is_drafted_pair_by_pair(lesson: Lesson, step: MatchStep) -> None:
    right = right_pairs(step)
    assert not is_complete(step, right[:2])
    assert is_complete(step, right)
    assert answer_text(step, right[:1]) == "Weights → every answer"
    assert locked(lesson, step.id, right).guess is not None
    assert revealed(lesson, step.id, right).guess.is_right  # type: ignore[union-attr]


@pytest.mark.parametrize("forged", ["AA", "D", "a", "ABCA", "A B"])
def test_a_forged_pairing_is_refused(step: MatchStep, forged: str) -> None:
    with pytest.raises(StaleClick):
        read_answer(step, forged)


def test_what_was_paired_is_said_without_marks_of_code(shipped: Course) -> None:
    """Class: course text that is shown escaped, with its marks beside it."""
    steps = [s for one in shipped.lessons for s in one.steps if isinstance(s, MatchStep)]
    assert any("`" in pair.thing + pair.belongs for step in steps for pair in step.pairs)
    assert not any("`" in kind_of(step).said(step, right_pairs(step)) for step in steps)
