"""Class rounds' cards at their largest, and their buttons as ids and back."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import StaleClick
from bot.domain.lesson.kinds.base import AnswerEntry
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.round.round import Ballot, Count, Round, RoundStep, Stage, is_voted
from bot.domain.round.screens import arranging, screen_of, voted
from bot.ui.buttons.custom_ids import LONGEST, Press, decode, encode
from bot.ui.buttons.round import SPELLINGS, MoveOn, PickVote, PlaceStage, SaySure, WriteVote
from bot.ui.cards.round import draw_arranging, draw_lost, draw_over, draw_round, draw_voted
from curriculum import budgets
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.schema import Course
from tests.journeys.player import parts_of
from tests.ui.buttons.test_custom_ids import numbers, slugs
from tests.ui.limits import broken_limits

NOTE = "Your guess is in already; nothing changed. " * 2
BIG = 10**18 - 1

turns = st.integers(1, 2)
presses = st.one_of(
    st.builds(PickVote, numbers, turns, st.sampled_from(["A", "E", "EDCBA"])),
    st.builds(WriteVote, numbers, turns, st.integers(1, 99), slugs),
    st.builds(PlaceStage, numbers, turns, st.sampled_from(["", "A", "EDCBA"])),
    st.builds(SaySure, numbers, turns, st.integers(0, 4)),
    st.builds(MoveOn, numbers, numbers, st.sampled_from([one.value for one in Stage])),
)


PAIRS = ("WX", "XY", "YZ", "ZV")


def largest() -> Iterator[RoundStep]:
    """Yield a step of each kind, at all of its limits."""
    ask = {"id": "x" * budgets.SLUG, "ask": "W" * budgets.LINE, "lead": "W" * budgets.LINE}
    reply = ("W" * (budgets.REPLY - 1)) + "."
    options = [{"text": "W" * budgets.OPTION, "reply": reply} for _ in range(4)]
    right = {"text": "W" * budgets.OPTION, "reply": reply, "correct": True}
    yield ChoiceStep.model_validate({**ask, "kind": "choice", "options": [*options, right]})
    miss = {"reply": reply}
    number = {**ask, "kind": "number", "answer": 49152, "unit": "W" * budgets.UNIT, "reply": reply}
    yield NumberStep.model_validate({**number, "too_low": miss, "too_high": miss})
    stages = [letter * budgets.LINE for letter in "VWXYZ"]
    order = {**ask, "kind": "order", "stages": stages, "reply": reply, "wrong": reply}
    yield OrderStep.model_validate(order)
    pairs = [{"thing": a * budgets.SIDE, "belongs": b * budgets.SIDE} for a, b in PAIRS]
    mixup = {"things": [pairs[0]["thing"], pairs[1]["thing"]], "reply": reply}
    match = {**ask, "kind": "match", "pairs": pairs, "mixups": [mixup], "reply": reply}
    yield MatchStep.model_validate({**match, "wrong": reply})


def answers_of(step: RoundStep) -> tuple[str, ...]:
    match step:
        case ChoiceStep():
            return tuple("ABCDE"[: len(step.options)])
        case NumberStep():
            return tuple(f"{10.0**n * 3:.10g}" for n in range(18))
        case OrderStep() | MatchStep():
            keys = "".join(choice.key for choice in kind_of(step).choices(step))
            turned = [keys[n:] + keys[:n] for n in range(len(keys))]
            return (*turned, *(one[::-1] for one in turned))
        case _:
            raise AssertionError(f"a class votes on {step.kind}: say here what it may answer")


def rounds_of(step: RoundStep) -> Iterator[tuple[Round, list[Count]]]:
    """Yield a round at each stage, after nobody, four and thousands have guessed."""
    answers = answers_of(step)
    for stage in Stage:
        present = Round(BIG, BIG, BIG, BIG, "x" * 24, 99, step, stage, BIG)
        for each in (0, 1, 9_999):
            counts = [Count(1, None, answer, each, each) for answer in answers]
            counts += [Count(2, a, b, each, each) for a in answers for b in answers]
            yield present, [count for count in counts if count.votes]
        yield present, [Count(1, None, answers[0], 4, 4)]


def every_step(course: Course, shipped: Course) -> Iterator[RoundStep]:
    yield from largest()
    for one in (course, shipped):
        for lesson in one.lessons:
            for step in lesson.sequence:
                if is_voted(step):
                    yield step


def test_every_card_of_a_round_fits(course: Course, shipped: Course) -> None:
    drawn = 0
    for step in every_step(course, shipped):
        for present, counts in rounds_of(step):
            cards = [draw_round(screen_of(present, counts)), draw_lost(present), draw_over(present)]
            answer = answers_of(step)[0]
            cards.append(draw_voted(voted(Ballot(present, 1, {1: answer}), 1), NOTE))
            if kind_of(step).entry is AnswerEntry.ARRANGED:
                keys = "".join(choice.key for choice in kind_of(step).choices(step))
                cards += [
                    draw_arranging(arranging(present, 1, keys[:n]), NOTE)
                    for n in range(len(keys) + 1)
                ]
            for one in cards:
                assert broken_limits(one) == [], (step.id, present.stage)
                drawn += 1
    assert drawn > 200


def test_a_round_of_the_course_shows_its_buttons_within_ten_lines(shipped: Course) -> None:
    checked = 0
    for lesson in shipped.lessons:
        for step in lesson.sequence:
            if not is_voted(step) or kind_of(step).entry is AnswerEntry.TYPED:
                continue
            for present, counts in rounds_of(step):
                if present.stage in (Stage.FIRST, Stage.TALK, Stage.SECOND):
                    assert _lines_before_a_button(screen_of(present, counts)) <= 10, step.id
                    checked += 1
    assert checked


def _lines_before_a_button(screen: object) -> int:
    lines = 0
    for part in parts_of(draw_round(screen).to_components()):  # type: ignore[arg-type]
        if part["type"] == 2:
            break
        if part["type"] == 10:
            width = budgets.PHONE_WIDTH
            shown = re.sub(r"\*\*|^(-# |### )", "", part["content"], flags=re.MULTILINE)
            lines += sum(-(-len(line) // width) for line in shown.split("\n"))
    return lines


@given(presses)
def test_a_press_survives_its_id(press: Press) -> None:
    custom_id = encode(press)
    assert decode(custom_id) == press
    assert len(custom_id) <= LONGEST


@given(st.sampled_from(sorted(SPELLINGS)), st.text(max_size=80))
def test_a_forged_tail_is_refused_or_reads_back(word: str, text: str) -> None:
    try:
        press = decode(f"h1:{word}:{text}")
    except StaleClick:
        return
    assert decode(encode(press)) == press


@pytest.mark.parametrize("tail", ["1:0:cheat", "1:0:", "1:0:talk:x", "-1:0:talk", "1:x:talk"])
def test_a_stage_that_isnt_one_is_refused(tail: str) -> None:
    with pytest.raises(StaleClick):
        decode(f"h1:round:{tail}")
