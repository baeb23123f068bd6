import pytest

from bot.domain.errors import StaleClick, UnusableAnswer
from bot.domain.lesson.confidence import LIKELY, brier, levels_for
from bot.domain.lesson.kinds.base import OPEN_CHANCE
from bot.domain.lesson.kinds.number import parse_number
from bot.domain.lesson.scoring import answer_text, how_read, is_complete, judge, tally_key
from curriculum.schema import Lesson
from tests.domain.lesson.walks import evidence_of, right_order
from tests.written_numbers import READ, REFUSED
from tools.numerals import POINT, THOUSANDS


@pytest.mark.parametrize(("typed", "unit"), READ)
def test_a_quantity_is_read_as_people_write_it(typed: str, unit: str) -> None:
    assert parse_number(typed, unit) == pytest.approx(READ[typed, unit], rel=1e-9)


@pytest.mark.parametrize(("typed", "unit"), REFUSED)
def test_what_isnt_a_quantity_is_refused_with_what_was_understood(typed: str, unit: str) -> None:
    with pytest.raises(UnusableAnswer, match="rough number") as refused:
        parse_number(typed, unit)
    understood, rest = REFUSED[typed, unit]
    assert understood in str(refused.value)
    assert rest in str(refused.value)


@pytest.mark.parametrize("typed", ["-3", "−3", "-1e3"])
def test_a_quantity_below_nothing_is_refused(typed: str) -> None:
    with pytest.raises(UnusableAnswer, match="below 0"):
        parse_number(typed)


def test_a_learner_is_told_how_a_number_was_read_where_it_could_be_meant_otherwise(
    lesson: Lesson,
) -> None:
    step = lesson.step("how-many")
    assert how_read(step, "40") is None
    assert how_read(step, "1.234") == f"I read `1.234` as {answer_text(step, '1.234')}. {POINT}"
    assert THOUSANDS in (how_read(step, "1,234") or "")


@pytest.mark.parametrize("typed", ["49,152", "3e4", "1e99t", "0.1", "1e-99", "123456789.123"])
def test_a_stored_number_reads_back_as_itself(lesson: Lesson, typed: str) -> None:
    stored = f"{parse_number(typed):.10g}"
    assert f"{parse_number(stored):.10g}" == stored


def test_five_levels_go_from_chance_to_almost_certain(lesson: Lesson) -> None:
    chances = {"pick": 1 / 3, "in-order": 1 / 24, "who-holds": 1 / 6}
    chances |= {check.id: 1 / 2 for check in lesson.quick_check}
    for step in lesson.way:
        levels = levels_for(step)
        if step.kind in ("read", "exhibit", "recall", "teachback"):
            assert levels == ()
            continue
        said = [level.probability for level in levels]
        assert said[0] == pytest.approx(chances.get(step.id, OPEN_CHANCE))
        assert said[1] == pytest.approx((said[0] + LIKELY) / 2)
        assert said[2:] == [0.70, 0.85, 0.97]
        assert said == sorted(set(said))
        names = ["just guessing", "maybe", "likely", "sure", "certain"]
        assert [level.label for level in levels] == names


@pytest.mark.parametrize(
    ("said", "is_right", "score"),
    [
        (0.70, True, 0.09),  # the example of the storyboard: B, likely (70 %), right
        (0.70, False, 0.49),
        (0.97, True, 0.0009),
        (0.97, False, 0.9409),
        (0.85, True, 0.0225),
        (0.25, False, 0.0625),
        (0.5, True, 0.25),
        (0.5, False, 0.25),
    ],
)
def test_brier_is_the_squared_distance_from_what_was_so(
    said: float, is_right: bool, score: float
) -> None:
    assert brier(said, is_right) == pytest.approx(score)


@pytest.mark.parametrize(
    ("step", "answer", "key"),
    [
        ("pick", "C", "C"),
        ("how-many", "49152", "close"),
        ("how-many", "40000", "close"),
        ("how-many", "12", "too low"),
        ("how-many", "9e+06", "too high"),
        ("next", " kube", "kube"),
        ("next", "kube", "kube"),
        ("next", "\n", "a space"),
        ("next", "x" * 60, "x" * 40),
        ("one-line", "A piece.", None),
        ("explain", "It loops.", None),
        ("remember", "had it", None),
    ],
)
def test_votes_are_counted_under_what_a_class_would_compare(
    lesson: Lesson, step: str, answer: str, key: str | None
) -> None:
    assert tally_key(lesson.step(step), answer) == key


def test_an_order_is_counted_as_in_order_or_not(lesson: Lesson) -> None:
    step = lesson.step("in-order")
    right = right_order(step)
    assert tally_key(step, right) == "in order"
    assert tally_key(step, right[::-1]) == "another order"


@pytest.mark.parametrize(
    ("answer", "is_right", "belief"),
    [
        ("32768", True, None),  # the answer over the factor of 1.5
        ("73728", True, None),  # and times it
        ("32767", False, "too-few"),
        ("73729", False, "too-many"),
    ],
)
def test_a_quantity_is_right_up_to_its_factor_either_way(
    lesson: Lesson, answer: str, is_right: bool, belief: str | None
) -> None:
    verdict = judge(lesson.step("how-many"), answer)
    assert (verdict.is_right, verdict.misconception) == (is_right, belief)


@pytest.mark.parametrize("step", ["passage", "play", "remember"])
def test_where_nothing_is_guessed_nothing_is_judged(lesson: Lesson, step: str) -> None:
    with pytest.raises(StaleClick):
        judge(lesson.step(step), "A")


def test_each_wrong_option_has_its_own_reply(lesson: Lesson) -> None:
    replies = {judge(lesson.step("pick"), key).reply for key in "ABC"}
    assert len(replies) == 3


def test_a_stored_answer_reads_as_the_learner_gave_it(lesson: Lesson) -> None:
    assert answer_text(lesson.step("pick"), "B") == "B: One token at a time"
    assert answer_text(lesson.step("how-many"), "49152") == "49,152 tokens"
    assert answer_text(lesson.step("next"), " kube") == " kube"
    order = lesson.step("in-order")
    assert answer_text(order, right_order(order)).split(" → ") == list(order.stages)


@pytest.mark.parametrize(
    ("step", "answer"), [("pick", "E"), ("how-many", "A"), ("in-order", "AE"), ("pick", "")]
)
def test_an_answer_that_the_step_no_longer_knows_is_shown_as_stored(
    lesson: Lesson, step: str, answer: str
) -> None:
    assert answer_text(lesson.step(step), answer) == answer


def test_half_an_order_is_no_whole_answer(lesson: Lesson) -> None:
    step = lesson.step("in-order")
    assert [is_complete(step, d) for d in (None, "", "A", "ABC", "ABCD")] == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("rank", "probability", "is_first"),
    [
        (1, 0.400, True),
        (2, 0.361, True),  # within a tenth: batch and precision could turn these two round
        (2, 0.359, False),
        (9, 0.010, False),
    ],
)
def test_a_near_tie_with_the_models_first_choice_counts_as_first(
    rank: int, probability: float, is_first: bool
) -> None:
    assert evidence_of(rank, probability, best=0.4).is_first_choice is is_first
