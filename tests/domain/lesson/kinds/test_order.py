import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lesson.kinds.order import OrderKind, is_in_order, shown, stages_of
from curriculum.kinds.order import OrderStep
from curriculum.schema import Lesson
from tests.domain.lesson.walks import right_order


def step_of(count: int, step_id: str) -> OrderStep:
    return OrderStep(
        kind="order",
        id=step_id,
        ask="In which order?",
        stages=tuple(f"stage {n}" for n in range(count)),
        reply="So.",
        wrong="Not so.",
    )


slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)


@given(st.integers(2, 5), slugs)
def test_the_stages_are_never_shown_in_the_right_order(count: int, step_id: str) -> None:
    step = step_of(count, step_id)
    assert sorted(shown(step)) == sorted(step.stages)
    assert shown(step) != step.stages
    assert not is_in_order(step, "ABCDE"[:count])


@given(st.integers(2, 5), slugs)
def test_exactly_one_answer_is_in_order(count: int, step_id: str) -> None:
    step = step_of(count, step_id)
    assert is_in_order(step, right_order(step))
    assert not is_in_order(step, right_order(step)[::-1])
    assert not is_in_order(step, right_order(step)[:-1])


def test_every_learner_sees_the_same_mix_each_time(lesson: Lesson) -> None:
    step = lesson.step("in-order")
    assert shown(step) == shown(step.model_copy())
    assert shown(step) == (  # a golden mix: change it, and stored answers mean something else
        "Pick one",
        "Put it on the end",
        "Score every token",
        "Cut the text into tokens",
    )


def test_letters_name_places_as_shown(lesson: Lesson) -> None:
    step = lesson.step("in-order")
    assert stages_of(step, "ABCD") == shown(step)
    assert stages_of(step, "DA") == (shown(step)[3], shown(step)[0])


@pytest.mark.parametrize("answer", ["E", "AE", "é"])
def test_a_letter_that_names_no_place_is_an_error_not_a_stage(lesson: Lesson, answer: str) -> None:
    with pytest.raises((IndexError, ValueError)):
        stages_of(lesson.step("in-order"), answer)


def test_a_wrong_order_that_people_believe_in_gets_a_reply_and_a_belief_of_its_own(
    lesson: Lesson,
) -> None:
    step, kind = lesson.step("in-order"), OrderKind()
    letters = {stage: letter for letter, stage in zip("ABCD", shown(step), strict=True)}
    answers = ["".join(letters[stage] for stage in step.known[0].order), right_order(step)[::-1]]
    for answer, belief, reply in zip(
        answers,
        (step.known[0].misconception, step.misconception),
        (step.known[0].reply, step.wrong),
        strict=True,
    ):
        judged = kind.judge(step, answer)
        heading = kind.heading(step, answer)
        assert (judged.is_right, judged.misconception, judged.reply) == (False, belief, reply)
        assert (kind.belief(step, heading), kind.reply_to(step, heading)) == (belief, reply)
        assert heading in kind.headings(step)
