"""A class round, without a class: stages, votes, what may be shown when."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.crowd import FEWEST
from bot.domain.errors import StaleClick, UnusableAnswer
from bot.domain.lesson.kinds.order import is_in_order
from bot.domain.lesson.kinds.shares import MOST_HEADINGS, ranges
from bot.domain.round.round import (
    Ballot,
    Count,
    Round,
    RoundStep,
    Seen,
    Stage,
    cast,
    cast_already,
    moved,
)
from bot.domain.round.screens import (
    RevealedScreen,
    TalkScreen,
    VotingScreen,
    screen_of,
)
from bot.domain.round.spread import spread_of
from bot.domain.tutor.briefing import brief_for
from bot.domain.tutor.passages import Source
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.schema import Course

LIVE = (Stage.FIRST, Stage.TALK, Stage.SECOND)


def put(course: Course, step: str = "pick", stage: Stage = Stage.FIRST) -> Round:
    found = course.lessons[0].step(step)
    assert isinstance(found, ChoiceStep | NumberStep | OrderStep)
    return Round(7, 900, 5, 1, "every-kind", 1, found, stage)


def counts_of(turn: int, *votes: tuple[str, int]) -> list[Count]:
    return [Count(turn, None, answer, count, 0) for answer, count in votes]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("to", Stage)
def test_a_round_only_goes_onward(course: Course, stage: Stage, to: Stage) -> None:
    follows = {
        (Stage.FIRST, Stage.TALK),
        (Stage.TALK, Stage.SECOND),
        (Stage.TALK, Stage.REVEALED),
        (Stage.SECOND, Stage.REVEALED),
        *((one, Stage.ENDED) for one in LIVE),
    }
    present = put(course, stage=stage)
    if (stage, to) in follows:
        after = moved(present, to, 0)
        assert (after.stage, after.revision) == (to, 1)
    else:
        with pytest.raises(StaleClick):
            moved(present, to, 0)


def test_a_move_from_an_older_card_is_refused(course: Course) -> None:
    present = dataclasses.replace(put(course), revision=3)
    with pytest.raises(StaleClick, match="moment earlier"):
        moved(present, Stage.TALK, 2)


@pytest.mark.parametrize("stage", [Stage.TALK, Stage.REVEALED, Stage.ENDED])
def test_no_vote_is_taken_while_none_is_open(course: Course, stage: Stage) -> None:
    for turn in (1, 2):
        with pytest.raises(StaleClick):
            cast(Ballot(put(course, stage=stage), 1), turn, "A")


def test_a_second_vote_knows_the_first(course: Course) -> None:
    ballot = Ballot(put(course, stage=Stage.SECOND), 1, {1: "A"})
    assert (cast(ballot, 2, "B").answer, cast(ballot, 2, "B").before) == ("B", "A")
    with pytest.raises(StaleClick):
        cast(ballot, 1, "B")


@pytest.mark.parametrize(
    ("step", "raw", "wrong"),
    [
        ("pick", "Z", StaleClick),
        ("pick", "", StaleClick),
        ("in-order", "AB", StaleClick),
        ("in-order", "AABB", StaleClick),
        ("how-many", "<b>lots</b>", UnusableAnswer),
        ("how-many", "\u202e1\u0000", UnusableAnswer),
        ("how-many", "-5", UnusableAnswer),
    ],
)
def test_what_is_no_answer_is_refused(
    course: Course, step: str, raw: str, wrong: type[Exception]
) -> None:
    with pytest.raises(wrong):
        cast(Ballot(put(course, step), 1), 1, raw)


def test_how_sure_comes_after_the_vote_and_before_it_closes(course: Course) -> None:
    with pytest.raises(StaleClick):
        cast_already(Ballot(put(course), 1), 1)
    with pytest.raises(StaleClick):
        cast_already(Ballot(put(course, stage=Stage.TALK), 1, {1: "A"}), 1)
    assert cast_already(Ballot(put(course), 1, {1: "A"}), 1).answer == "A"


def test_nothing_is_in_sight_of_the_class_that_tells_the_key_before_the_reveal(
    course: Course,
) -> None:
    counts = counts_of(1, ("A", 3), ("B", 3))
    for stage in LIVE:
        shown = screen_of(put(course, stage=stage), counts)
        assert isinstance(shown, VotingScreen | TalkScreen)
        names = {field.name for field in dataclasses.fields(shown)}
        assert not names & {"answer", "reply", "compared", "changes", "sure"}
        assert "One token, then the next" not in str(shown)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_a_spread_is_shown_from_three_up_and_adds_up(a: int, b: int, c: int) -> None:
    step = _choice()
    present = Round(7, 900, 5, 1, "x", 1, step, Stage.TALK)
    shown = screen_of(present, counts_of(1, *zip("ABC", (a, b, c), strict=True)))
    assert isinstance(shown, TalkScreen)
    assert shown.guesses == a + b + c
    if a + b + c < FEWEST:
        assert shown.spread == ()
    else:
        assert [heading for heading, _ in shown.spread] == ["A", "B", "C"]
        assert sum(share for _, share in shown.spread) == pytest.approx(1)


@given(st.lists(st.floats(1e-6, 1e18), min_size=1, max_size=60))
def test_any_numbers_fit_in_few_ranges_that_add_up(numbers: list[float]) -> None:
    step = _number()
    counts = [Count(1, None, f"{number:.10g}", 1, 0) for number in numbers]
    spread = spread_of(step, counts, 1)
    assert 1 <= len(spread) <= MOST_HEADINGS
    assert sum(share for _, share in spread) == pytest.approx(1)


def test_ranges_dont_follow_the_answer(course: Course) -> None:
    step = put(course, "how-many").step
    assert isinstance(step, NumberStep)
    counts = counts_of(1, ("40000", 3), ("2", 1), ("1000000", 1))
    other = step.model_copy(update={"answer": 7.0})
    assert spread_of(step, counts, 1) == spread_of(other, counts, 1)
    assert [heading for heading, _ in spread_of(step, counts, 1)] == [
        "1 to 3",
        "30k to 100k",
        "1M to 3M",
    ]


def test_who_moved_is_told_in_numbers(course: Course) -> None:
    counts = [
        *counts_of(1, ("A", 4), ("B", 2)),
        Count(2, "A", "B", 3, 0),
        Count(2, "A", "A", 1, 0),
        Count(2, "B", "C", 1, 0),
        Count(2, "B", "B", 1, 0),
        Count(2, None, "B", 4, 0),  # came late: no move of theirs is known
    ]
    shown = screen_of(put(course, stage=Stage.REVEALED), counts)
    assert isinstance(shown, RevealedScreen)
    changes = shown.changes
    assert changes is not None
    assert (changes.learners, changes.right_before, changes.right_after) == (6, 2, 4)
    assert changes.moves == (("A", "B", 3), ("B", "C", 1))
    assert [one.heading for one in shown.compared if one.is_right] == ["B"]
    assert shown.compared[1].second == 8


def test_an_order_is_held_against_the_key_only_at_the_end(course: Course) -> None:
    present = put(course, "in-order", Stage.REVEALED)
    step = present.step
    assert isinstance(step, OrderStep)
    right = next(o for o in _orders() if is_in_order(step, o))
    wrong = right[::-1]
    counts = counts_of(1, (right, 3), (wrong, 2))
    assert {heading for heading, _ in spread_of(step, counts, 1)} == {right, wrong}
    shown = screen_of(present, counts)
    assert isinstance(shown, RevealedScreen)
    assert [(one.heading, one.first) for one in shown.compared] == [
        ("in order", 3),
        ("Pick one → Cut the text int → Score every toke → Put it on the en", 0),
        ("another order", 2),
    ]


def test_how_sure_the_class_was_is_shown_from_three_up(course: Course) -> None:
    present = put(course, stage=Stage.REVEALED)
    few = [Count(1, None, "A", 9, 2)]
    many = [Count(1, None, "A", 9, 4), Count(1, None, "B", 3, 2)]
    for counts, sure in ((few, None), (many, (6, 2))):
        shown = screen_of(present, counts)
        assert isinstance(shown, RevealedScreen)
        assert shown.sure == sure


def _orders() -> list[str]:
    from itertools import permutations

    return ["".join(keys) for keys in permutations("ABCD")]


def _choice() -> RoundStep:
    options = [{"text": text, "reply": "So."} for text in ("one", "two")]
    right = {"text": "three", "reply": "So.", "correct": True}
    return ChoiceStep.model_validate(
        {"id": "x", "kind": "choice", "ask": "Which?", "options": [*options, right]}
    )


def _number() -> RoundStep:
    reply = {"reply": "So."}
    step = {"id": "x", "kind": "number", "ask": "How many?", "answer": 5, "reply": "So."}
    return NumberStep.model_validate({**step, "too_low": reply, "too_high": reply})


def test_the_tutor_may_speak_of_a_step_once_its_round_was_revealed(course: Course) -> None:
    present = put(course)
    source = Source(1, step="pick")
    seen = Seen("every-kind", present.step, "A")
    assert source in brief_for(course, (), is_private=True).spoilers.steps
    assert source not in brief_for(course, (), [seen], is_private=True).spoilers.steps
    assert source in brief_for(course, (), [seen], is_private=False).spoilers.steps
    other = Seen("every-kind", present.step.model_copy(update={"ask": "Something else?"}), "A")
    assert source in brief_for(course, (), [other], is_private=True).spoilers.steps


def test_a_guess_of_nothing_has_a_range_of_its_own() -> None:
    assert ranges({"0": 1, "40": 3}) == (("0", 0.25), ("30 to 100", 0.75))
    crowd = {"0": 1, **{f"{10**n}": 1 for n in range(9)}}
    assert ranges(crowd)[0][0] == "0"
