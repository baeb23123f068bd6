from dataclasses import replace

import pytest

from bot.domain.crowd import FEWEST
from bot.domain.errors import LessonGone, NotFound, NotYours, StaleClick, TutorError, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Phase, mark_of
from bot.domain.lesson.commands import CommitGuess, Draft, Explain, Next, Rate, Reveal, Skip
from bot.domain.lesson.screens import (
    IntroScreen,
    LockedScreen,
    QuestionScreen,
    RecallAnswerScreen,
    RecapScreen,
    RevealScreen,
)
from tests.fakes.model import LIKELY
from tests.usecases.conftest import CLASS, SLUG, Stage
from tools.errors import Missing, Unavailable

DOWN = Unavailable("The model isn't answering just now.")


async def test_a_lesson_not_begun_says_what_it_promises(stage: Stage, ada: Learner) -> None:
    shown = await stage.open_lesson(SLUG, ada)
    assert isinstance(shown.screen, IntroScreen)
    assert stage.store.kept.attempts == {}


@pytest.mark.parametrize("which", [SLUG, "1", " Every kind of STEP ", None])
async def test_a_lesson_is_found_by_slug_number_title_or_by_being_next(
    stage: Stage, ada: Learner, which: str | None
) -> None:
    shown = await stage.open_lesson(which, ada)
    assert shown.screen.slug == SLUG  # type: ignore[union-attr]


async def test_a_lesson_that_isnt_there_is_refused_with_those_that_are(
    stage: Stage, ada: Learner
) -> None:
    for use in (stage.open_lesson, stage.begin_lesson):
        with pytest.raises(NotFound, match="1 Every kind of step"):
            await use("no-such", ada)


async def test_a_lesson_opens_where_the_learner_left_it(stage: Stage, ada: Learner) -> None:
    await stage.guess(ada, "how-many", "12")
    for use in (stage.open_lesson, stage.begin_lesson):
        screen = (await use(SLUG, ada)).screen
        assert isinstance(screen, LockedScreen)
        assert (screen.place.step, screen.said) == ("how-many", "12 tokens")
    assert len(stage.store.kept.attempts) == 1


async def test_another_learners_attempt_is_refused_and_left_as_it_was(
    stage: Stage, ada: Learner, bob: Learner
) -> None:
    at = await stage.guess(ada, "pick", "A")
    before = stage.store.kept
    for use in (
        stage.take_turn(Reveal(at, "pick"), bob),
        stage.take_turn(Draft(at, "pick", "B"), bob),
        stage.take_turn(Skip(at, "pick"), bob),
        stage.present_card(at, bob),
        stage.see_live(at, "pick", bob),
    ):
        with pytest.raises(NotYours, match="/lesson"):
            await use
    assert stage.attempt(at).phase is Phase.LOCKED
    assert stage.store.kept == before


async def test_an_attempt_that_was_never_begun_is_refused(stage: Stage, ada: Learner) -> None:
    for use in (
        stage.take_turn(Next(99, "pick"), ada),
        stage.take_turn(Reveal(99, "pick"), ada),
        stage.present_card(99, ada),
        stage.see_live(99, "pick", ada),
    ):
        with pytest.raises(StaleClick, match="/lesson"):
            await use


async def test_a_refused_command_changes_nothing_on_record(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "pick", "A")
    before = stage.store.kept
    for command in (
        Draft(at, "pick", "B"),
        CommitGuess(at, "pick", 4, mark_of("A")),
        Skip(at, "pick"),
        Next(at, "how-many"),
        Explain(at, "pick", ""),
    ):
        with pytest.raises(TutorError):
            await stage.take_turn(command, ada)
    assert stage.store.kept == before


async def test_a_guess_and_its_vote_are_kept_together(stage: Stage, ada: Learner) -> None:
    at = await stage.go_to(ada, "pick")
    await stage.give(ada, Draft(at, "pick", "B"))
    assert stage.votes("pick") == {}
    before = stage.store.transactions
    await stage.give(ada, CommitGuess(at, "pick", 2, mark_of("B")))
    assert stage.store.transactions == before + 1
    assert stage.votes("pick") == {"B": (1, 1)}
    assert stage.attempt().guess_at("pick").answer == "B"


async def test_a_second_press_on_the_same_button_votes_once(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "pick", "A")
    with pytest.raises(StaleClick, match="Nothing changed"):
        await stage.take_turn(CommitGuess(at, "pick", 2, mark_of("A")), ada)
    assert stage.votes("pick") == {"A": (1, 0)}


async def test_a_wrong_guess_is_a_vote_but_no_right_one(stage: Stage, ada: Learner) -> None:
    await stage.guess(ada, "how-many", "12")
    assert stage.votes("how-many") == {"too low": (1, 0)}


async def test_a_vote_counts_for_the_class_it_was_cast_in(stage: Stage) -> None:
    await stage.guess(Learner(1, 10), "pick", "A")
    await stage.guess(Learner(2), "pick", "A")
    assert (stage.votes("pick", 10), stage.votes("pick", 0)) == ({"A": (1, 0)}, {"A": (1, 0)})


async def test_a_token_guess_votes_when_locked_and_is_right_when_revealed(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "next", "kube")
    assert stage.votes("next") == {"kube": (1, 0)}
    await stage.give(ada, Reveal(at, "next"))
    assert stage.votes("next") == {"kube": (1, 1)}


async def test_a_token_guess_is_scored_by_the_model_outside_any_transaction(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "next", "scheduler")
    assert stage.engine.calls["next_token"] == 0
    screen = (await stage.give(ada, Reveal(at, "next"))).screen
    assert stage.engine.calls["next_token"] == 1  # and Stage saw that nothing was open
    assert isinstance(screen, RevealScreen)
    evidence = screen.evidence
    assert evidence is not None
    assert (evidence.token, evidence.rank) == (" scheduler", 2)
    assert evidence.probability == pytest.approx(LIKELY[" scheduler"])
    assert [share.text for share in evidence.top] == list(LIKELY)[:5]
    assert screen.is_right is False
    assert stage.attempt(at).guess.evidence == evidence


async def test_a_guess_beyond_the_twenty_likeliest_is_scored_all_the_same(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "next", "sofa")
    screen = (await stage.give(ada, Reveal(at, "next"))).screen
    assert screen.evidence.rank > 20  # type: ignore[union-attr]
    assert stage.engine.calls["score"] == 2  # with a space before it, and without


@pytest.mark.parametrize("step", ["pick", "how-many", "in-order", "one-line"])
async def test_no_model_is_asked_where_none_is_needed(
    stage: Stage, ada: Learner, step: str
) -> None:
    stage.engine.failure = DOWN
    answer = {"pick": "A", "how-many": "12", "in-order": "ABCD", "one-line": "A piece."}[step]
    at = await stage.guess(ada, step, answer)
    assert isinstance((await stage.give(ada, Reveal(at, step))).screen, RevealScreen)


async def test_a_recall_is_revealed_by_the_same_button_as_a_guess(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.go_to(ada, "remember")
    shown = await stage.give(ada, Reveal(at, "remember"))
    assert isinstance(shown.screen, RecallAnswerScreen)
    after = await stage.give(ada, Rate(at, "remember", had_it=True))
    assert isinstance(after.screen, QuestionScreen)
    assert after.screen.place.step == "explain"


async def test_a_failing_model_keeps_the_guess_and_offers_another_try(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "next", "kube")
    before = stage.store.kept
    stage.engine.failure = DOWN
    shown = await stage.give(ada, Reveal(at, "next"))
    assert isinstance(shown.screen, LockedScreen)
    assert shown.note == "The model isn't answering just now. Your guess is kept."
    assert shown.can_retry
    assert stage.store.kept == before

    stage.engine.failure = None
    shown = await stage.give(ada, Reveal(at, "next"))
    assert isinstance(shown.screen, RevealScreen)
    assert (shown.screen.is_right, shown.note, shown.can_retry) == (True, None, False)


async def test_a_guess_that_can_t_be_scored_is_revealed_with_the_reason(
    stage: Stage, ada: Learner
) -> None:
    """Class: a try again that never would work."""
    at = await stage.guess(ada, "next", "kube")
    stage.engine.failure = Missing("The server has no /tokenize.")
    shown = await stage.give(ada, Reveal(at, "next"))
    assert isinstance(shown.screen, RevealScreen)
    assert (shown.screen.is_right, shown.screen.evidence) == (None, None)
    assert (shown.note, shown.can_retry) == ("The server has no /tokenize.", False)


async def test_a_failing_model_can_be_gone_on_without(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "next", "kube")
    stage.engine.failure = DOWN
    shown = await stage.give(ada, Reveal(at, "next", is_without_model=True))
    assert isinstance(shown.screen, RevealScreen)
    assert (shown.screen.is_right, shown.screen.evidence) == (None, None)
    assert stage.votes("next") == {"kube": (1, 0)}
    assert stage.engine.calls["next_token"] == 0


async def test_a_model_that_fails_at_the_second_question_keeps_the_guess_too(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "next", "sofa")

    def fail_to_score() -> None:
        if stage.engine.calls["score"]:
            raise DOWN

    stage.engine.on_call = fail_to_score
    shown = await stage.give(ada, Reveal(at, "next"))
    assert (shown.can_retry, stage.attempt(at).phase) == (True, Phase.LOCKED)


async def test_the_model_isnt_asked_for_a_reveal_that_comes_too_early_or_twice(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.go_to(ada, "next")
    with pytest.raises(StaleClick):
        await stage.take_turn(Reveal(at, "next"), ada)
    assert stage.engine.calls["next_token"] == 0
    await stage.guess(ada, "next", "kube")
    await stage.give(ada, Reveal(at, "next"))
    with pytest.raises(StaleClick):
        await stage.take_turn(Reveal(at, "next"), ada)
    assert stage.engine.calls["next_token"] == 1


async def test_a_reveal_that_lost_to_its_twin_while_the_model_thought_is_refused(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "next", "kube")
    ask = stage.take_turn.judge_token

    async def meanwhile_revealed(prompt: str, guess: str):  # type: ignore[no-untyped-def]
        await stage.take_turn(Reveal(at, "next", is_without_model=True), ada)
        return await ask(prompt, guess)

    slow = replace(stage.take_turn, judge_token=meanwhile_revealed)
    with pytest.raises(StaleClick):
        await slow(Reveal(at, "next"), ada)
    assert stage.attempt(at).guess.evidence is None
    assert stage.votes("next") == {"kube": (1, 0)}


async def test_the_class_is_shown_from_three_learners_up(stage: Stage) -> None:
    for number in range(1, 6):
        learner = Learner(number, CLASS)
        at = await stage.guess(learner, "pick", "AAB"[number % 3])
        screen = (await stage.give(learner, Reveal(at, "pick"))).screen
        assert isinstance(screen, RevealScreen)
        if number < FEWEST:
            assert screen.votes == ()
    shares = dict(screen.votes)  # by the letters of this learner's card
    assert sorted(shares) == ["A", "B", "C"]
    assert shares[screen.letter or ""] == pytest.approx(0.4)
    assert sorted(shares.values()) == pytest.approx([0.0, 0.4, 0.6])


async def test_the_class_is_not_shown_before_the_reveal(stage: Stage, ada: Learner) -> None:
    for number in range(11, 20):
        await stage.guess(Learner(number, CLASS), "pick", "A")
    at = await stage.guess(ada, "pick", "B")
    locked = (await stage.present_card(at, ada)).screen
    assert isinstance(locked, LockedScreen)
    assert not hasattr(locked, "votes")


async def test_another_class_is_never_shown(stage: Stage, ada: Learner) -> None:
    for number in range(11, 20):
        await stage.guess(Learner(number, CLASS + 1), "pick", "A")
    at = await stage.guess(ada, "pick", "B")
    assert (await stage.give(ada, Reveal(at, "pick"))).screen.votes == ()  # type: ignore[union-attr]


async def test_a_lesson_taken_again_keeps_the_first_guesses_and_votes_no_second_time(
    stage: Stage, ada: Learner
) -> None:
    first = await stage.finish(ada, is_right=False)
    guesses, tallies = stage.attempt(first).guesses, dict(stage.store.kept.tallies)
    assert len(tallies) > 5
    second = await stage.finish(ada, is_right=True)
    assert (second, stage.attempt(second).run) == (first + 1, 2)
    assert stage.attempt(first).guesses == guesses
    assert stage.store.kept.tallies == tallies


async def test_on_a_second_run_the_reveal_recalls_the_first_guess(
    stage: Stage, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    at = await stage.guess(ada, "pick", "B")
    screen = (await stage.give(ada, Reveal(at, "pick"))).screen
    assert isinstance(screen, RevealScreen)
    assert (screen.first_said or "").partition(": ")[2] == "All at once"
    assert screen.is_right is True


async def test_an_unfinished_lesson_is_not_begun_again(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "pick", "A")
    await stage.begin_lesson(SLUG, ada)
    assert list(stage.store.kept.attempts) == [at]


async def test_an_old_cards_click_is_answered_with_the_card_of_the_latest_run(
    stage: Stage, ada: Learner
) -> None:
    first = await stage.finish(ada, is_right=True)
    assert isinstance((await stage.present_card(first, ada)).screen, RecapScreen)
    await stage.go_to(ada, "how-many")
    screen = (await stage.present_card(first, ada)).screen
    assert isinstance(screen, QuestionScreen)
    assert screen.place.step == "how-many"


async def test_a_draft_that_cant_be_used_leaves_the_former_one(stage: Stage, ada: Learner) -> None:
    at = await stage.go_to(ada, "how-many")
    await stage.give(ada, Draft(at, "how-many", "12"))
    with pytest.raises(UnusableAnswer):
        await stage.take_turn(Draft(at, "how-many", "a dozen"), ada)
    assert stage.attempt(at).draft == "12"


async def test_a_lesson_whose_edit_left_nothing_to_do_can_be_begun_again(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.finish(ada, is_right=True)
    attempts = stage.store.kept.attempts
    attempts[at] = replace(attempts[at], step="gone", phase=Phase.LOCKED)
    assert isinstance((await stage.open_lesson(SLUG, ada)).screen, RecapScreen)
    screen = (await stage.begin_lesson(SLUG, ada)).screen
    assert isinstance(screen, QuestionScreen)
    assert stage.attempt(at + 1).run == 2


async def test_a_guess_at_a_step_that_is_gone_stops_no_later_turn(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "pick", "A")
    await stage.give(ada, Reveal(at, "pick"), Next(at, "pick"))
    lesson = stage.course.lessons[0]
    edited = lesson.model_copy(update={"steps": lesson.steps[1:]})
    later = Stage(stage.course.model_copy(update={"lessons": (edited,)}), stage.store)
    answered = (Draft(at, "how-many", "12"), CommitGuess(at, "how-many", 2, mark_of("12")))
    assert isinstance((await later.give(ada, *answered)).screen, LockedScreen)
    assert later.votes("how-many") == {"too low": (1, 0)}
    assert [g.step for g in later.attempt(at).guesses] == ["pick", "how-many"]


async def test_a_learner_on_a_step_that_is_gone_is_shown_another_and_goes_on_from_there(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "how-many", "12")
    lesson = stage.course.lessons[0]
    edited = lesson.model_copy(update={"steps": (lesson.steps[0], *lesson.steps[2:])})
    later = Stage(stage.course.model_copy(update={"lessons": (edited,)}), stage.store)
    with pytest.raises(StaleClick):
        await later.take_turn(Reveal(at, "how-many"), ada)
    screen = (await later.present_card(at, ada)).screen
    assert screen.place.step == "pick"  # type: ignore[union-attr]
    await later.give(ada, Skip(at, "pick"))
    assert later.attempt(at).step == "next"
    assert later.attempt(at).guess_at("how-many").answer == "12"


async def test_a_lesson_that_left_the_course_is_kept_and_said_to_be_gone(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.go_to(ada, "pick")
    lesson = stage.course.lessons[0].model_copy(update={"slug": "renamed", "title": "Another"})
    later = Stage(stage.course.model_copy(update={"lessons": (lesson,)}), stage.store)
    for use in (later.take_turn(Next(at, "pick"), ada), later.present_card(at, ada)):
        with pytest.raises(LessonGone, match="kept"):
            await use
    assert at in stage.store.kept.attempts
    assert isinstance((await later.open_lesson(None, ada)).screen, IntroScreen)


async def test_a_vote_and_its_being_right_are_counted_in_the_class_it_was_begun_in(
    stage: Stage, ada: Learner
) -> None:
    """A token guess is locked in before it is known to be right: maybe in a direct message."""
    at = await stage.guess(ada, "next", "kube")
    await stage.give(Learner(ada.id), Reveal(at, "next"))
    assert stage.votes("next") == {"kube": (1, 1)}
    assert len(stage.store.kept.tallies) == 1
