"""What a learner may see, and when: an answer can't be read from a card before the reveal."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from bot.domain.errors import TutorError
from bot.domain.lesson.attempt import Attempt, Phase
from bot.domain.lesson.projection import intro_of, screen_for
from bot.domain.lesson.screens import (
    LessonScreen,
    LockedScreen,
    QuestionScreen,
    RecallAnswerScreen,
    RecallScreen,
    RevealScreen,
    RubricScreen,
)
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Lesson
from tests.domain.lesson.walks import (
    answer_to,
    drafted,
    hinted,
    locked,
    revealed,
    right_order,
    right_pairs,
    standing_at,
    walked,
    words_of,
)

TELLING = {
    "correct",
    "is_right",
    "answer",
    "reply",
    "misconception",
    "recorded",
    "evidence",
    "votes",
}


def secrets_of(step: Step) -> Iterator[str]:
    """Yield all that a lesson knows and a learner mustn't before the reveal."""
    match step:
        case ChoiceStep():
            for option in step.options:
                yield option.reply
                yield from filter(None, [option.misconception])
            if step.recorded:
                yield from step.recorded.top
                yield step.recorded.model
        case NumberStep():
            yield from (step.reply, step.too_low.reply, step.too_high.reply)
            yield from (f"{step.answer:g}", f"{step.answer:,.10g}")
        case TokenStep():
            yield step.reply
            if step.recorded:
                yield from step.recorded.top
        case OrderStep():
            yield from (step.reply, step.wrong, " → ".join(step.stages), right_order(step))
        case MatchStep():
            yield from (step.reply, step.wrong, right_pairs(step))
            yield from (mixup.reply for mixup in step.mixups)
            yield "; ".join(f"{pair.thing} → {pair.belongs}" for pair in step.pairs)
        case TextStep() | RecallStep():
            yield step.answer
        case TeachbackStep():
            yield step.answer
            for criterion in step.criteria:
                yield from (criterion.says, *criterion.counts, *criterion.near_misses)


def before_the_reveal(lesson: Lesson) -> Iterator[tuple[Step, LessonScreen]]:
    """Yield each asked step with every card that can be seen before its reveal.

    The learner answers wrong, so that the right answer is on none of them by their own hand.
    """
    for step in lesson.way:
        if not hasattr(step, "ask"):
            continue
        yield step, screen_for(standing_at(lesson, step.id), lesson)
        if isinstance(step, RecallStep):
            continue
        attempt = standing_at(lesson, step.id)
        for _ in getattr(step, "hints", ()):
            attempt = hinted(attempt, lesson)
            yield step, screen_for(attempt, lesson)
        answer = "zebra" if isinstance(step, TokenStep) else answer_to(step, is_right=False)
        yield step, screen_for(drafted(lesson, step.id, answer), lesson)
        votes = {"B": 99}
        yield step, screen_for(locked(lesson, step.id, answer), lesson, votes)


def test_no_card_before_the_reveal_holds_anything_of_the_answer(each_lesson: Lesson) -> None:
    seen = set()
    for step, screen in before_the_reveal(each_lesson):
        seen.add(type(screen))
        words = words_of(screen)
        for secret in secrets_of(step):
            assert secret not in words, f"{step.id}: {type(screen).__name__} is {secret!r}"
            if len(secret) > 3:  # a short one may stand inside another word
                leak = [w for w in words if secret in w]
                assert not leak, f"{step.id}: {type(screen).__name__} holds {secret!r}: {leak}"
    assert seen == {QuestionScreen, LockedScreen, RecallScreen}


def test_the_search_for_leaks_would_find_one(each_lesson: Lesson) -> None:
    for step in each_lesson.way:
        if not hasattr(step, "ask") or isinstance(step, RecallStep | TokenStep):
            continue
        answer = answer_to(step, is_right=True)
        words = words_of(screen_for(revealed(each_lesson, step.id, answer), each_lesson))
        assert any(secret in word for secret in secrets_of(step) for word in words)


@pytest.mark.parametrize("screen", [QuestionScreen, LockedScreen, RecallScreen])
def test_cards_before_the_reveal_have_no_field_that_could_tell(screen: type) -> None:
    assert not TELLING & {f.name for f in fields(screen)}


def test_a_question_shows_only_the_hints_that_were_asked_for(lesson: Lesson) -> None:
    attempt = standing_at(lesson, "pick")
    for asked in range(3):
        screen = screen_for(attempt, lesson)
        assert isinstance(screen, QuestionScreen)
        assert screen.hints == lesson.step("pick").hints[:asked]
        assert screen.has_more_hints is (asked < 2)
        attempt = hinted(attempt, lesson) if asked < 2 else attempt


def test_only_a_whole_answer_can_be_locked_in_from_the_card(lesson: Lesson) -> None:
    assert screen_for(standing_at(lesson, "in-order"), lesson).mark is None
    assert screen_for(drafted(lesson, "in-order", "AB"), lesson).mark is None
    assert screen_for(drafted(lesson, "in-order", "ABCD"), lesson).mark is not None


def test_two_drafts_have_two_marks(lesson: Lesson) -> None:
    marks = {screen_for(drafted(lesson, "pick", key), lesson).mark for key in "ABC"}
    assert len(marks) == 3


def test_the_locked_card_says_what_was_locked_in(lesson: Lesson) -> None:
    screen = screen_for(locked(lesson, "pick", "B", level=2), lesson)
    assert isinstance(screen, LockedScreen)
    assert screen.said == "B: One token at a time"
    assert (screen.confidence.label, screen.confidence.probability) == ("likely", 0.7)


@pytest.mark.parametrize(
    ("step", "answer", "is_right", "told", "score"),
    [
        ("pick", "B", True, "B: One token at a time", 0.09),
        ("pick", "A", False, "B: One token at a time", 0.49),
        ("how-many", "49152", True, "49,152 tokens", 0.09),
        ("how-many", "12", False, "49,152 tokens", 0.49),
        ("next", " kube", None, None, None),
        ("one-line", "A piece.", None, None, None),
    ],
)
def test_the_reveal_answers_the_guess_that_was_made(
    lesson: Lesson,
    step: str,
    answer: str,
    is_right: bool | None,
    told: str | None,
    score: float | None,
) -> None:
    screen = screen_for(revealed(lesson, step, answer), lesson)
    assert isinstance(screen, RevealScreen)
    assert (screen.is_right, screen.answer) == (is_right, told)
    assert screen.brier == (None if score is None else pytest.approx(score))
    assert screen.needs_rating is (step == "one-line")


def test_each_answer_gets_its_own_reply(lesson: Lesson) -> None:
    def reply(step: str, answer: str) -> str:
        return screen_for(revealed(lesson, step, answer), lesson).reply

    assert reply("pick", "A") == "Nothing is planned ahead."
    assert reply("pick", "B") == "One token, then the next."
    assert reply("how-many", "12") == "More than that: 49,152."
    assert reply("how-many", "9e9") == "Fewer than that: 49,152."
    right = right_order(lesson.step("in-order"))
    assert reply("in-order", right) == "That is the loop."
    assert reply("in-order", right[::-1]) == "It can't pick before it has scored."


@pytest.mark.parametrize(
    ("votes", "shown"),
    [
        ({"A": 2}, ()),
        ({"A": 2, "C": 1}, (("A", 2 / 3), ("B", 0.0), ("C", 1 / 3))),
        ({"A": 3, "B": 2}, (("A", 0.6), ("B", 0.4), ("C", 0.0))),
        ({}, ()),
    ],
)
def test_how_others_guessed_is_shown_from_three_up(
    lesson: Lesson, votes: dict[str, int], shown: tuple[tuple[str, float], ...]
) -> None:
    screen = screen_for(revealed(lesson, "pick", "A"), lesson, votes)
    assert screen.votes == shown


def test_of_many_typed_answers_the_four_commonest_are_shown(lesson: Lesson) -> None:
    votes = {"kube": 5, "a": 1, "b": 1, "c": 2, "d": 1}
    screen = screen_for(revealed(lesson, "next", "kube"), lesson, votes)
    assert screen.votes == (("kube", 0.5), ("c", 0.2), ("a", 0.1), ("b", 0.1))


def test_a_recalls_answer_comes_on_the_next_card(lesson: Lesson) -> None:
    for attempt in walked(lesson, is_right=True):
        if attempt.step == "remember":
            screen = screen_for(attempt, lesson)
            is_out = attempt.phase is Phase.REVEALED
            assert isinstance(screen, RecallAnswerScreen if is_out else RecallScreen)


def test_a_teach_back_is_held_against_its_rubric(lesson: Lesson) -> None:
    screen = screen_for(revealed(lesson, "explain", "It loops."), lesson)
    assert isinstance(screen, RubricScreen)
    assert (screen.said, screen.answer) == ("It loops.", "It scores, picks and appends.")
    assert [(key, ticked) for key, _, ticked in screen.criteria] == [
        ("scores", False),
        ("appends", False),
    ]


def test_every_card_of_a_whole_lesson_can_be_drawn(each_lesson: Lesson) -> None:
    total = len(each_lesson.way)
    for is_right in (True, False):
        for attempt in walked(each_lesson, is_right=is_right):
            screen = screen_for(attempt, each_lesson, {"A": 5, "close": 3})
            if attempt.phase is not Phase.FINISHED:
                assert screen.place.total == total
                assert each_lesson.way[screen.place.index - 1].id == attempt.step


def test_an_impossible_attempt_is_an_error_not_a_card(lesson: Lesson) -> None:
    for phase in (Phase.LOCKED, Phase.REVEALED):
        impossible = Attempt(1, 1, lesson.slug, 1, "pick", phase)
        with pytest.raises(ValueError, match="without a guess") as error:
            screen_for(impossible, lesson)
        assert not isinstance(error.value, TutorError)


def test_the_intro_promises_and_tells_no_step(each_lesson: Lesson) -> None:
    words = words_of(intro_of(each_lesson))
    assert each_lesson.promise in words
    asks = [s.ask for s in each_lesson.way if hasattr(s, "ask")]
    assert not [w for w in words if any(ask in w for ask in asks)]
