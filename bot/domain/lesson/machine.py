"""The lesson state machine.

    guessable:  ASKING --Draft*, CommitGuess or LockIn--> LOCKED --Reveal--> REVEALED --Next-->
                (NextPast, where the passage after it was read on the same card)
    recall:     ASKING --Reveal--> REVEALED --Rate--> (and on)
    read, play: ASKING --Next-->
    any:        ASKING --AskHint*, Skip-->    LOCKED, REVEALED --Explain*

`advance` is pure: the same attempt, command, lesson and time in, the same attempt out. No sequence
of commands takes back a guess, and none reveals before one is locked in.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.errors import StaleClick, UnusableAnswer
from bot.domain.lesson.attempt import Attempt, Guess, Phase, mark_of
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
    SayAgain,
    Skip,
    Tick,
)
from bot.domain.lesson.confidence import levels_for
from bot.domain.lesson.kinds.base import Flow, JudgedBy
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.kinds.token import recorded_place
from bot.domain.lesson.scoring import is_complete, is_readable, judge, read_answer
from bot.domain.lesson.written import read_text
from curriculum.kinds.read import ReadStep
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Lesson

WHY_CHARS = 200
_LOCKED_IN = "That guess is locked in already. Nothing changed."


def advance(attempt: Attempt, command: Command, lesson: Lesson, now: datetime) -> Attempt:
    """Return the attempt after the command.

    Raises:
        StaleClick: the command names another attempt or step, or doesn't fit where the learner
            stands.
        UnusableAnswer: the answer can't be taken as it is.
    """
    is_here = (command.attempt_id, command.step) == (attempt.id, attempt.step)
    if attempt.phase is Phase.FINISHED or not is_here:
        raise StaleClick
    step = lesson.step(attempt.step)
    match command:
        case Draft(answer=answer):
            return _draft(attempt, answer, step)
        case CommitGuess():
            return _commit(attempt, command, step, lesson.version, now)
        case LockIn():
            return _lock_in(attempt, command, step, lesson.version, now)
        case Explain(why=why):
            _require(attempt.phase in (Phase.LOCKED, Phase.REVEALED))
            return _with_guess(attempt, replace(_made(attempt), why=_why(why)))
        case Reveal():
            return _reveal(attempt, command, step)
        case Rate():
            return _rate(attempt, command, step, lesson, now)
        case Tick(criterion=criterion):
            return _tick(attempt, criterion, step)
        case SayAgain(words=words):
            return _say_again(attempt, words, step)
        case AskHint():
            return _hint(attempt, step)
        case Skip():
            _require(attempt.phase is Phase.ASKING)
            return _onward(attempt, lesson)
        case Next() | NextPast():
            return _next(attempt, command, step, lesson)
        case _:
            assert_never(command)


def settle(attempt: Attempt, lesson: Lesson) -> Attempt:
    """Fit an attempt to its lesson's file of today, which may have been edited since.

    Guesses stay as they are, whatever became of their steps. Where the present step is gone, or
    asks something that the guess on it doesn't answer, the learner goes on behind the last guess.
    """
    if attempt.phase is Phase.FINISHED:
        return attempt
    step = next((s for s in lesson.way if s.id == attempt.step), None)
    if step is None or not _can_stand(attempt, step):
        guessed = [n for n, s in enumerate(lesson.way, 1) if attempt.guess_at(s.id)]
        return _from(attempt, lesson, max(guessed, default=0))
    if attempt.draft is not None and not is_readable(step, attempt.draft):
        return replace(attempt, draft=None)
    return attempt


def _draft(attempt: Attempt, answer: str, step: Step) -> Attempt:
    _require(attempt.phase is Phase.ASKING, "That guess is locked in already.")
    return replace(attempt, draft=read_answer(step, answer))


def _hint(attempt: Attempt, step: Step) -> Attempt:
    hints = getattr(step, "hints", ())
    _require(attempt.phase is Phase.ASKING and attempt.hints < len(hints))
    return replace(attempt, hints=attempt.hints + 1)


def _lock_in(attempt: Attempt, command: LockIn, step: Step, version: int, now: datetime) -> Attempt:
    _require(attempt.phase is Phase.ASKING, _LOCKED_IN)
    answer = read_answer(step, command.answer)
    commit = CommitGuess(command.attempt_id, command.step, command.level, mark_of(answer))
    return _commit(replace(attempt, draft=answer), commit, step, version, now)


def _commit(
    attempt: Attempt, command: CommitGuess, step: Step, version: int, now: datetime
) -> Attempt:
    _require(attempt.phase is Phase.ASKING, _LOCKED_IN)
    draft = attempt.draft
    if draft is None or not is_complete(step, draft) or mark_of(draft) != command.mark:
        raise StaleClick("Your answer has changed since that card. Here is the present one.")
    levels = levels_for(step)
    if levels and not 0 <= command.level < len(levels):
        raise StaleClick
    guess = Guess(
        step=step.id,
        answer=draft,
        confidence=levels[command.level].probability if levels else None,
        hints=attempt.hints,
        at=now,
        is_right=judge(step, draft).is_right,
        had_seen_answer=attempt.has_seen_answer,
        version=version,
    )
    return replace(attempt, phase=Phase.LOCKED, draft=None, guesses=(*attempt.guesses, guess))


def _reveal(attempt: Attempt, command: Reveal, step: Step) -> Attempt:
    kind = kind_of(step)
    if kind.flow is Flow.RECALL:
        _require(attempt.phase is Phase.ASKING)
        return replace(attempt, phase=Phase.REVEALED)
    _require(attempt.phase is Phase.LOCKED)
    revealed = replace(attempt, phase=Phase.REVEALED)
    if kind.judged_by is not JudgedBy.MODEL or command.evidence is None:
        return revealed
    evidence = command.evidence
    made = _made(attempt)
    recorded = step.recorded if isinstance(step, TokenStep) else None
    is_theirs = recorded_place(recorded, made.answer) == 1
    guess = replace(made, evidence=evidence, is_right=evidence.is_first_choice or is_theirs)
    return _with_guess(revealed, guess)


def _rate(attempt: Attempt, command: Rate, step: Step, lesson: Lesson, now: datetime) -> Attempt:
    _require(attempt.phase is Phase.REVEALED)
    if kind_of(step).flow is Flow.RECALL:
        answer = "had it" if command.had_it else "missed it"
        guess = Guess(
            step.id, answer, None, 0, now, is_right=command.had_it, version=lesson.version
        )
        return _onward(replace(attempt, guesses=(*attempt.guesses, guess)), lesson)
    _require(_needs_rating(attempt, step))
    rated = _with_guess(attempt, replace(_made(attempt), is_right=command.had_it))
    return _onward(rated, lesson)


def _tick(attempt: Attempt, criterion: str, step: Step) -> Attempt:
    _require(attempt.phase is Phase.REVEALED and isinstance(step, TeachbackStep))
    assert isinstance(step, TeachbackStep)
    _require(any(c.id == criterion for c in step.criteria))
    ticked = set(_made(attempt).ticked) ^ {criterion}
    in_order = tuple(c.id for c in step.criteria if c.id in ticked)
    return _with_guess(attempt, replace(_made(attempt), ticked=in_order))


def _say_again(attempt: Attempt, words: str, step: Step) -> Attempt:
    _require(attempt.phase is Phase.REVEALED and isinstance(step, TeachbackStep))
    said = read_answer(step, words)
    return _with_guess(attempt, replace(_made(attempt), answer=said, ticked=()))


def _next(attempt: Attempt, command: Next | NextPast, step: Step, lesson: Lesson) -> Attempt:
    _require(_is_done(attempt, step))
    return _onward(attempt, lesson, command.passage if isinstance(command, NextPast) else None)


def _is_done(attempt: Attempt, step: Step) -> bool:
    match kind_of(step).flow:
        case Flow.LOOK:
            return attempt.phase is Phase.ASKING
        case Flow.RECALL:
            return False  # rating it moves on
        case Flow.GUESS:
            return attempt.phase is Phase.REVEALED and not _needs_rating(attempt, step)


def _needs_rating(attempt: Attempt, step: Step) -> bool:
    """Whether the learner has yet to say if their guess was right."""
    return kind_of(step).judged_by is JudgedBy.LEARNER and _made(attempt).is_right is None


def _onward(attempt: Attempt, lesson: Lesson, passage: str | None = None) -> Attempt:
    """Go to the next step, or past it where it is the passage that was read already."""
    ids = [step.id for step in lesson.way]
    place = ids.index(attempt.step) + 1
    is_read = place < len(ids) and isinstance(lesson.step(ids[place]), ReadStep)
    return _from(attempt, lesson, place + (is_read and ids[place] == passage))


def _from(attempt: Attempt, lesson: Lesson, place: int) -> Attempt:
    """Go to the first step from this place on that has no guess: an edit may have moved some."""
    blank = replace(attempt, draft=None, hints=0, has_seen_answer=False)
    for step in lesson.way[place:]:
        if attempt.guess_at(step.id) is None:
            return replace(blank, step=step.id, phase=Phase.ASKING)
    return replace(blank, step="", phase=Phase.FINISHED)


def _can_stand(attempt: Attempt, step: Step) -> bool:
    """Whether the learner can be where the attempt says, on the step as it is today."""
    guess = attempt.guess
    if attempt.phase is Phase.ASKING:
        return guess is None
    if kind_of(step).flow is Flow.RECALL:
        return attempt.phase is Phase.REVEALED and guess is None
    return guess is not None and is_complete(step, guess.answer) and is_readable(step, guess.answer)


def _made(attempt: Attempt) -> Guess:
    if attempt.guess is None:
        raise StaleClick
    return attempt.guess


def _with_guess(attempt: Attempt, guess: Guess) -> Attempt:
    guesses = tuple(guess if g.step == guess.step else g for g in attempt.guesses)
    return replace(attempt, guesses=guesses)


def _why(text: str) -> str:
    line = " ".join(text.replace("\0", "").split())[:WHY_CHARS]
    if not line:
        raise UnusableAnswer("That came through empty. One line on why is plenty.")
    return read_text(line, WHY_CHARS)


def _require(holds: bool, otherwise: str | None = None) -> None:
    if not holds:
        raise StaleClick(otherwise) if otherwise else StaleClick
