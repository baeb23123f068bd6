"""Whatever is pressed, in whatever order: a guess stays, and no answer comes out before one."""

from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.errors import TutorError
from bot.domain.lesson.attempt import Attempt, Phase, mark_of
from bot.domain.lesson.commands import (
    AskHint,
    Command,
    CommitGuess,
    Draft,
    Explain,
    LockIn,
    Next,
    NextPast,
    Rate,
    Reveal,
    Skip,
    Tick,
)
from bot.domain.lesson.machine import advance, settle
from bot.domain.lesson.projection import screen_for
from bot.domain.lesson.screens import RecallAnswerScreen, RevealScreen, RubricScreen
from curriculum.kinds.exhibit import ExhibitStep
from curriculum.kinds.read import ReadStep
from curriculum.kinds.recall import RecallStep
from curriculum.schema import Lesson
from tests.domain.lesson.walks import UNGUESSED, answer_to, evidence_of, standing_at
from tests.fakes.clock import NOW

TYPED = st.one_of(
    st.sampled_from(["A", "B", "E", "AB", "DCBA", "40", "49152", " kube", "had it", ""]),
    st.text(max_size=12),
    st.sampled_from(["\ud83d", "x" * 5000, "\0", "nan", "1e999"]),
)
LEVELS = st.one_of(st.integers(0, 4), st.integers())
RANKS = st.integers(1, 30)


class AnyPresses(RuleBasedStateMachine):
    """A learner, a forger and an impatient finger on the cards of one lesson."""

    lesson: Lesson
    play = staticmethod(advance)

    @initialize(step=st.integers(0, 99))
    def begin(self, step: int) -> None:
        ids = [s.id for s in self.lesson.way]
        self.attempt = standing_at(self.lesson, ids[step % len(ids)])
        self.locked: dict[str, tuple[str, float | None]] = {}
        self.ran: list[Command] = []

    def press(self, command: Command) -> None:
        before = self.attempt
        self.ran.append(command)
        try:
            self.attempt = self.play(before, command, self.lesson, NOW)
        except TutorError as refused:
            self.told = str(refused)
        for guess in self.attempt.guesses:
            self.locked.setdefault(guess.step, (guess.answer, guess.confidence))

    @precondition(lambda self: self.attempt.phase is Phase.ASKING)
    @rule(is_right=st.booleans(), whole=st.booleans())
    def pick_an_answer(self, is_right: bool, whole: bool) -> None:
        step = self.lesson.step(self.attempt.step)
        if not isinstance(step, ReadStep | ExhibitStep | RecallStep):
            answer = answer_to(step, is_right=is_right)
            self.press(Draft(self.attempt.id, step.id, answer if whole else answer[:1]))

    @precondition(lambda self: self.attempt.draft is not None)
    @rule(level=st.integers(0, 4))
    def lock_it_in(self, level: int) -> None:
        mark = mark_of(self.attempt.draft)
        self.press(CommitGuess(self.attempt.id, self.attempt.step, level, mark))

    @precondition(lambda self: self.attempt.phase in (Phase.LOCKED, Phase.ASKING))
    @rule(rank=st.none() | RANKS, is_without=st.booleans())
    def reveal(self, rank: int | None, is_without: bool) -> None:
        evidence = evidence_of(rank) if rank else None
        self.press(Reveal(self.attempt.id, self.attempt.step, evidence, is_without))

    @rule(kind=st.sampled_from([AskHint, Skip, Next]))
    def press_a_plain_button(self, kind: Callable[[int, str], Command]) -> None:
        self.press(kind(self.attempt.id, self.attempt.step))

    @rule(had_it=st.booleans(), criterion=st.sampled_from(["scores", "appends", "again", "x"]))
    def rate_or_tick(self, had_it: bool, criterion: str) -> None:
        self.press(Tick(self.attempt.id, self.attempt.step, criterion))
        self.press(Rate(self.attempt.id, self.attempt.step, had_it))

    @rule(typed=TYPED)
    def write(self, typed: str) -> None:
        self.press(Draft(self.attempt.id, self.attempt.step, typed))
        self.press(Explain(self.attempt.id, self.attempt.step, typed))

    @rule(data=st.data(), typed=TYPED, level=LEVELS, rank=RANKS)
    def forge(self, data: st.DataObject, typed: str, level: int, rank: int) -> None:
        ids = [s.id for s in self.lesson.way]
        here = st.just(self.attempt.step)
        step = data.draw(here | st.sampled_from([*ids, "", "no-such"]) | st.text(max_size=4))
        at = data.draw(st.sampled_from([self.attempt.id, self.attempt.id + 1, 0, -1]))
        forged: list[Command] = [
            Draft(at, step, typed),
            CommitGuess(at, step, level, data.draw(st.sampled_from(["", "x", _mark(self)]))),
            Explain(at, step, typed),
            Reveal(at, step, evidence_of(rank)),
            Rate(at, step, had_it=True),
            Tick(at, step, typed),
            AskHint(at, step),
            Skip(at, step),
            Next(at, step),
            NextPast(at, step, data.draw(st.sampled_from([*ids, ""]))),
            LockIn(at, step, typed, level),
        ]
        self.press(data.draw(st.sampled_from(forged)))

    @precondition(lambda self: self.ran)
    @rule(data=st.data())
    def press_an_old_button_again(self, data: st.DataObject) -> None:
        self.press(data.draw(st.sampled_from(self.ran)))

    @invariant()
    def a_locked_guess_keeps_its_answer_and_confidence(self) -> None:
        now = {g.step: (g.answer, g.confidence) for g in self.attempt.guesses}
        assert now == self.locked
        assert len(now) == len(self.attempt.guesses)

    @invariant()
    def nothing_is_revealed_before_a_guess(self) -> None:
        attempt = self.attempt
        if attempt.phase in (Phase.LOCKED, Phase.REVEALED):
            is_recall = isinstance(self.lesson.step(attempt.step), RecallStep)
            assert is_recall or attempt.guess is not None
        if attempt.phase is Phase.ASKING:
            assert attempt.guess is None
        if attempt.phase is not Phase.FINISHED:
            screen = screen_for(attempt, self.lesson, {"A": 5})
            if isinstance(screen, RevealScreen | RubricScreen):
                assert attempt.guess is not None
            if isinstance(self.lesson.step(attempt.step), UNGUESSED):
                assert attempt.guess is None
            if isinstance(screen, RecallAnswerScreen):
                assert attempt.phase is Phase.REVEALED

    @invariant()
    def the_attempt_stays_itself_and_can_always_be_shown(self) -> None:
        attempt = self.attempt
        born = standing_at(self.lesson, attempt.step)
        assert (attempt.id, attempt.learner_id, attempt.lesson, attempt.run) == (
            born.id,
            born.learner_id,
            born.lesson,
            born.run,
        )
        assert settle(attempt, self.lesson) is attempt
        assert screen_for(attempt, self.lesson, {"A": 5}, attempt.guess)


def _mark(machine: AnyPresses) -> str:
    draft = machine.attempt.draft
    return mark_of(draft) if draft is not None else mark_of("")


def test_no_presses_take_back_a_guess_or_reveal_before_one(each_lesson: Lesson) -> None:
    class OnThisLesson(AnyPresses):
        lesson = each_lesson

    run_state_machine_as_test(
        OnThisLesson,
        settings=settings(max_examples=120, stateful_step_count=40),
    )


def test_the_properties_would_catch_a_guess_that_is_taken_back(lesson: Lesson) -> None:
    def forgetful(attempt: Attempt, command: Command, *rest: Any) -> Attempt:
        after = advance(attempt, command, *rest)
        return standing_at(lesson, after.step) if isinstance(command, Explain) else after

    class OnThisLesson(AnyPresses):
        play = staticmethod(forgetful)

    OnThisLesson.lesson = lesson
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            OnThisLesson,
            settings=settings(
                max_examples=300,
                stateful_step_count=40,
                derandomize=True,
                phases=[hypothesis.Phase.generate],  # finding it is enough
            ),
        )
