import pytest

from bot.domain.errors import StaleClick, UnusableAnswer
from bot.domain.lesson.attempt import Attempt, Phase, mark_of
from bot.domain.lesson.commands import (
    AskHint,
    Command,
    CommitGuess,
    Draft,
    Explain,
    LockIn,
    Next,
    Rate,
    Reveal,
    Skip,
    Tick,
)
from bot.domain.lesson.machine import WHY_CHARS, advance
from curriculum.schema import Lesson
from tests.domain.lesson.walks import (
    ATTEMPT,
    commit,
    drafted,
    evidence_of,
    hinted,
    locked,
    onward,
    revealed,
    skipped,
    standing_at,
    walked,
)
from tests.fakes.clock import NOW

GUESSABLE = {
    "pick": ("B", "A"),
    "how-many": ("49152", "12"),
    "next": (" kube", " sofa"),
    "in-order": ("CBAD", "ABCD"),
    "one-line": ("A piece of text.", "A word."),
    "explain": ("It scores, picks, appends.", "It just knows."),
}
FORGED = "no-such-step"


def refused(attempt: Attempt, command: Command, lesson: Lesson) -> str:
    with pytest.raises(StaleClick) as stale:
        advance(attempt, command, lesson, NOW)
    return str(stale.value)


@pytest.mark.parametrize(
    ("step", "answer", "is_right"),
    [
        ("pick", "B", True),
        ("pick", "A", False),
        ("how-many", "49,152", True),
        ("how-many", "12", False),
        ("how-many", "9 million", False),
        ("next", " kube", None),
        ("one-line", "A piece of text.", None),
        ("explain", "It scores, picks, appends.", None),
    ],
)
def test_a_guess_is_judged_the_moment_it_is_locked_in(
    lesson: Lesson, step: str, answer: str, is_right: bool | None
) -> None:
    guess = locked(lesson, step, answer).guess
    assert guess is not None
    assert guess.is_right is is_right
    assert guess.at == NOW


def test_an_order_is_drafted_stage_by_stage_and_judged_as_a_whole(lesson: Lesson) -> None:
    for order in walked(lesson, is_right=True):
        if order.step == "in-order" and order.phase is Phase.LOCKED:
            right = order.guess.answer
    attempt = standing_at(lesson, "in-order")
    for picked in range(1, 4):
        attempt = advance(attempt, Draft(ATTEMPT, "in-order", right[:picked]), lesson, NOW)
        refused(attempt, CommitGuess(ATTEMPT, "in-order", 2, mark_of(right[:picked])), lesson)
    whole = advance(attempt, Draft(ATTEMPT, "in-order", right), lesson, NOW)
    assert commit(whole, lesson).guess.is_right is True
    assert locked(lesson, "in-order", right[::-1]).guess.is_right is False


@pytest.mark.parametrize("step", GUESSABLE)
def test_a_guess_goes_from_asking_over_locked_to_revealed_and_on(lesson: Lesson, step: str) -> None:
    answer = GUESSABLE[step][0]
    assert drafted(lesson, step, answer).phase is Phase.ASKING
    assert locked(lesson, step, answer).phase is Phase.LOCKED
    after = revealed(lesson, step, answer)
    assert after.phase is Phase.REVEALED
    after = (
        advance(after, Rate(ATTEMPT, step, had_it=True), lesson, NOW)
        if step == "one-line"
        else onward(after, lesson)
    )
    ids = [s.id for s in lesson.way]
    assert after.step == ids[ids.index(step) + 1]
    assert (after.phase, after.draft, after.hints) == (Phase.ASKING, None, 0)


@pytest.mark.parametrize("step", GUESSABLE)
def test_nothing_is_revealed_before_a_guess_is_locked_in(lesson: Lesson, step: str) -> None:
    refused(standing_at(lesson, step), Reveal(ATTEMPT, step), lesson)
    refused(drafted(lesson, step, GUESSABLE[step][0]), Reveal(ATTEMPT, step), lesson)
    refused(standing_at(lesson, step), Next(ATTEMPT, step), lesson)


@pytest.mark.parametrize("step", GUESSABLE)
def test_a_locked_guess_takes_no_other_answer_and_no_other_confidence(
    lesson: Lesson, step: str
) -> None:
    right, wrong = GUESSABLE[step]
    for attempt in (locked(lesson, step, wrong), revealed(lesson, step, wrong)):
        assert "locked in" in refused(attempt, Draft(ATTEMPT, step, right), lesson)
        again = CommitGuess(ATTEMPT, step, 4, mark_of(wrong))
        assert "Nothing changed" in refused(attempt, again, lesson)
        refused(attempt, Skip(ATTEMPT, step), lesson)
        refused(attempt, AskHint(ATTEMPT, step), lesson)


@pytest.mark.parametrize("step", GUESSABLE)
def test_a_second_reveal_is_refused(lesson: Lesson, step: str) -> None:
    refused(revealed(lesson, step, GUESSABLE[step][0]), Reveal(ATTEMPT, step), lesson)


def test_another_answer_may_be_drafted_until_one_is_locked_in(lesson: Lesson) -> None:
    attempt = advance(drafted(lesson, "pick", "A"), Draft(ATTEMPT, "pick", "C"), lesson, NOW)
    assert commit(attempt, lesson).guess.answer == "C"


def test_the_confidence_pressed_on_an_older_draft_is_refused(lesson: Lesson) -> None:
    attempt = advance(drafted(lesson, "pick", "A"), Draft(ATTEMPT, "pick", "C"), lesson, NOW)
    stale = CommitGuess(ATTEMPT, "pick", 2, mark_of("A"))
    assert "changed since" in refused(attempt, stale, lesson)


def test_nothing_is_locked_in_without_a_draft(lesson: Lesson) -> None:
    refused(standing_at(lesson, "pick"), CommitGuess(ATTEMPT, "pick", 2, mark_of("A")), lesson)


@pytest.mark.parametrize("level", [-1, 5, 10**9])
def test_a_forged_confidence_is_refused(lesson: Lesson, level: int) -> None:
    attempt = drafted(lesson, "pick", "A")
    refused(attempt, CommitGuess(ATTEMPT, "pick", level, mark_of("A")), lesson)


def test_a_teach_back_asks_for_no_confidence(lesson: Lesson) -> None:
    assert locked(lesson, "explain", "It loops.").guess.confidence is None


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("pick", "D"),
        ("pick", "b"),
        ("pick", ""),
        ("pick", "AB"),
        ("in-order", "AA"),
        ("in-order", "ABCDE"),
        ("in-order", "abc"),
        ("passage", "A"),
        ("play", "A"),
        ("remember", "A"),
    ],
)
def test_a_forged_answer_is_refused(lesson: Lesson, step: str, answer: str) -> None:
    refused(standing_at(lesson, step), Draft(ATTEMPT, step, answer), lesson)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("how-many", "lots"),
        ("next", ""),
        ("next", "x" * 61),
        ("one-line", " \n "),
        ("one-line", "x" * 501),
        ("one-line", "half \ud83d"),
        ("one-line", "\0"),
        ("explain", "x" * 1201),
        ("explain", "half \udc00"),
    ],
)
def test_an_answer_that_cant_be_kept_is_refused_with_what_to_do(
    lesson: Lesson, step: str, answer: str
) -> None:
    with pytest.raises(UnusableAnswer) as unusable:
        drafted(lesson, step, answer)
    assert 10 < len(str(unusable.value)) < 120


def test_a_typed_token_keeps_its_spaces(lesson: Lesson) -> None:
    assert drafted(lesson, "next", " kube").draft == " kube"
    assert drafted(lesson, "next", "\n").draft == "\n"


@pytest.mark.parametrize(
    "command",
    [
        Draft(ATTEMPT, FORGED, "A"),
        Draft(ATTEMPT, "how-many", "12"),
        CommitGuess(ATTEMPT, "how-many", 2, mark_of("A")),
        Explain(ATTEMPT, "pick", "because"),
        Reveal(ATTEMPT, "pick"),
        Reveal(ATTEMPT, "pick", is_without_model=True),
        Rate(ATTEMPT, "pick", had_it=True),
        Tick(ATTEMPT, "pick", "scores"),
        AskHint(ATTEMPT, ""),
        Skip(ATTEMPT, "how-many"),
        Next(ATTEMPT, "pick"),
        Next(ATTEMPT, "passage"),
        Draft(ATTEMPT + 1, "pick", "A"),
        Skip(ATTEMPT + 1, "pick"),
    ],
)
def test_a_command_that_doesnt_fit_where_the_learner_stands_is_refused(
    lesson: Lesson, command: Command
) -> None:
    refused(standing_at(lesson, "pick"), command, lesson)


def test_nothing_more_happens_in_a_finished_lesson(lesson: Lesson) -> None:
    finished = walked(lesson, is_right=True)[-1]
    assert (finished.phase, finished.step) == (Phase.FINISHED, "")
    for step in ("", *(s.id for s in lesson.way)):
        for command in (
            Draft(ATTEMPT, step, "A"),
            CommitGuess(ATTEMPT, step, 0, mark_of("A")),
            Reveal(ATTEMPT, step),
            Next(ATTEMPT, step),
            Skip(ATTEMPT, step),
        ):
            refused(finished, command, lesson)


def test_a_passage_and_an_instrument_are_left_by_next(lesson: Lesson) -> None:
    at_play = onward(standing_at(lesson, "passage"), lesson)
    assert at_play.step == "play"
    assert onward(at_play, lesson).step == "remember"


def test_a_recall_is_revealed_then_rated_and_moves_on(lesson: Lesson) -> None:
    hidden = standing_at(lesson, "remember")
    refused(hidden, Rate(ATTEMPT, "remember", had_it=True), lesson)
    refused(hidden, Next(ATTEMPT, "remember"), lesson)
    shown = advance(hidden, Reveal(ATTEMPT, "remember"), lesson, NOW)
    refused(shown, Next(ATTEMPT, "remember"), lesson)
    refused(shown, Reveal(ATTEMPT, "remember"), lesson)
    for had_it in (True, False):
        rated = advance(shown, Rate(ATTEMPT, "remember", had_it=had_it), lesson, NOW)
        assert rated.step == "explain"
        assert rated.guess_at("remember").is_right is had_it
        assert rated.guess_at("remember").confidence is None


def test_a_sentence_is_rated_by_the_learner_before_they_go_on(lesson: Lesson) -> None:
    shown = revealed(lesson, "one-line", "A piece of text.")
    refused(shown, Next(ATTEMPT, "one-line"), lesson)
    rated = advance(shown, Rate(ATTEMPT, "one-line", had_it=False), lesson, NOW)
    assert rated.guess_at("one-line").is_right is False
    assert rated.step == "passage"


def test_what_the_lesson_can_judge_is_not_rated_by_the_learner(lesson: Lesson) -> None:
    refused(revealed(lesson, "pick", "A"), Rate(ATTEMPT, "pick", had_it=True), lesson)
    refused(revealed(lesson, "next", "a"), Rate(ATTEMPT, "next", had_it=True), lesson)
    refused(revealed(lesson, "explain", "a"), Rate(ATTEMPT, "explain", had_it=True), lesson)


def test_criteria_are_ticked_and_unticked_in_the_rubrics_order(lesson: Lesson) -> None:
    attempt = revealed(lesson, "explain", "It loops.")

    def tick(criterion: str) -> tuple[str, ...]:
        nonlocal attempt
        attempt = advance(attempt, Tick(ATTEMPT, "explain", criterion), lesson, NOW)
        return attempt.guess.ticked

    assert tick("appends") == ("appends",)
    assert tick("scores") == ("scores", "appends")
    assert tick("appends") == ("scores",)
    refused(attempt, Tick(ATTEMPT, "explain", "again"), lesson)


def test_criteria_cant_be_ticked_before_the_model_answer_is_shown(lesson: Lesson) -> None:
    refused(locked(lesson, "explain", "It loops."), Tick(ATTEMPT, "explain", "scores"), lesson)


def test_the_model_scores_a_token_guess_at_the_reveal(lesson: Lesson) -> None:
    attempt = locked(lesson, "next", " sofa")
    for rank, is_right in ((1, True), (9, False)):
        told = Reveal(ATTEMPT, "next", evidence_of(rank))
        guess = advance(attempt, told, lesson, NOW).guess
        assert guess.is_right is is_right
        assert guess.evidence == evidence_of(rank)


def test_a_guess_that_begins_as_the_recorded_model_would_is_right(lesson: Lesson) -> None:
    told = Reveal(ATTEMPT, "next", evidence_of(9))
    assert advance(locked(lesson, "next", "kube-scheduler"), told, lesson, NOW).guess.is_right


def test_without_the_model_a_token_guess_stays_unjudged(lesson: Lesson) -> None:
    told = Reveal(ATTEMPT, "next", is_without_model=True)
    after = advance(locked(lesson, "next", " kube"), told, lesson, NOW)
    assert after.guess.is_right is None
    assert onward(after, lesson).step == "in-order"


def test_forged_evidence_judges_no_other_kind_of_guess(lesson: Lesson) -> None:
    told = Reveal(ATTEMPT, "pick", evidence_of(1))
    guess = advance(locked(lesson, "pick", "A"), told, lesson, NOW).guess
    assert (guess.is_right, guess.evidence) == (False, None)


def test_hints_come_one_by_one_and_are_counted_with_the_guess(lesson: Lesson) -> None:
    once = hinted(standing_at(lesson, "pick"), lesson)
    twice = hinted(once, lesson)
    assert (once.hints, twice.hints) == (1, 2)
    refused(twice, AskHint(ATTEMPT, "pick"), lesson)
    answered = advance(twice, Draft(ATTEMPT, "pick", "B"), lesson, NOW)
    assert commit(answered, lesson).guess.hints == 2


@pytest.mark.parametrize("step", ["passage", "play", "remember", "explain"])
def test_where_there_are_no_hints_none_is_given(lesson: Lesson, step: str) -> None:
    refused(standing_at(lesson, step), AskHint(ATTEMPT, step), lesson)


def test_every_step_can_be_skipped_and_leaves_no_guess(lesson: Lesson) -> None:
    attempt = standing_at(lesson, "pick")
    for step in lesson.way:
        assert attempt.step == step.id
        attempt = skipped(attempt, lesson)
    assert (attempt.phase, attempt.guesses) == (Phase.FINISHED, ())


def test_skipping_drops_the_draft_and_the_hints_taken(lesson: Lesson) -> None:
    after = skipped(hinted(drafted(lesson, "pick", "A"), lesson), lesson)
    assert (after.draft, after.hints, after.guesses) == (None, 0, ())


def test_a_reason_is_one_short_line_and_may_be_written_again(lesson: Lesson) -> None:
    attempt = locked(lesson, "pick", "A")
    for why, kept in (("two\n lines", "two lines"), ("x" * 999, "x" * WHY_CHARS)):
        attempt = advance(attempt, Explain(ATTEMPT, "pick", why), lesson, NOW)
        assert attempt.guess.why == kept
    after = advance(revealed(lesson, "pick", "A"), Explain(ATTEMPT, "pick", "late"), lesson, NOW)
    assert after.guess.why == "late"  # most think of it once they see the answer
    refused(drafted(lesson, "pick", "A"), Explain(ATTEMPT, "pick", "early"), lesson)


def test_an_answer_said_with_how_sure_is_locked_in_at_once_and_once(lesson: Lesson) -> None:
    asked = standing_at(lesson, "how-many")
    after = advance(asked, LockIn(ATTEMPT, "how-many", "12", 3), lesson, NOW)
    assert (after.phase, after.guess.answer, after.guess.confidence) == (Phase.LOCKED, "12", 0.85)
    refused(after, LockIn(ATTEMPT, "how-many", "13", 4), lesson)
    with pytest.raises(UnusableAnswer):
        advance(asked, LockIn(ATTEMPT, "how-many", "lots", 3), lesson, NOW)
    refused(asked, LockIn(ATTEMPT, "how-many", "12", 5), lesson)


@pytest.mark.parametrize("why", ["", " \n", "\0", "half \ud83d", "\udfff"])
def test_a_reason_that_no_database_takes_is_refused_not_stored(lesson: Lesson, why: str) -> None:
    with pytest.raises(UnusableAnswer):
        advance(locked(lesson, "pick", "A"), Explain(ATTEMPT, "pick", why), lesson, NOW)


def test_a_nul_in_a_reason_is_left_out(lesson: Lesson) -> None:
    told = Explain(ATTEMPT, "pick", "be\0cause")
    after = advance(locked(lesson, "pick", "A"), told, lesson, NOW)
    assert after.guess.why == "because"


@pytest.mark.parametrize("is_right", [True, False])
def test_a_whole_lesson_ends_with_a_guess_at_each_thing_asked(
    lesson: Lesson, shipped_lesson: Lesson, is_right: bool
) -> None:
    for each in (lesson, shipped_lesson):
        finished = walked(each, is_right=is_right)[-1]
        asked = [s.id for s in each.way if hasattr(s, "ask")]
        assert [g.step for g in finished.guesses] == asked
        assert {g.is_right for g in finished.guesses} <= {is_right, None}
