"""What a run says about a learner: first tries, calibration, one belief to look at again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from bot.domain.lesson.attempt import Guess, judged
from bot.domain.lesson.confidence import SURE, brier
from bot.domain.lesson.evidence import Evidence
from bot.domain.lesson.kinds.base import JudgedBy
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import answer_text, is_readable, judge
from curriculum.kinds.token import TokenStep
from curriculum.schema import Lesson


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often a learner was right when they said they were sure."""

    sure: int  # guesses at 85 % or more
    sure_and_right: int
    mean_brier: float | None  # 0 best, 1 worst; None before the first scored guess


@dataclass(frozen=True, slots=True)
class Missed:
    """A guess that was wrong, and what is right."""

    ask: str
    said: str
    confidence: float  # probability, 0..1
    answer: str


@dataclass(frozen=True, slots=True)
class TokenTry:
    """A token guess and the distribution that it was scored against."""

    prompt: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Recap:
    """A run in numbers, and what of it is worth showing.

    Attributes:
        right: Of those scored.
        scored: Guesses that something could judge.
        skipped: Questions passed by.
        tries: What came of each question in the lesson's order; None: skipped, or not judged.
        calibration: What the confidence was worth.
        worth_another_look: The misconception met most often, in words.
        missed: The wrong guess that was held most surely.
        token: The first token guess that a model scored.
    """

    right: int
    scored: int
    skipped: int
    tries: tuple[bool | None, ...]
    calibration: Calibration
    worth_another_look: str | None
    missed: Missed | None
    token: TokenTry | None


def recap_of(lesson: Lesson, guesses: Iterable[Guess]) -> Recap:
    """Sum up the guesses of one run.

    Recalls, the teach-back, and guesses whose answer a class round had shown are not scored as
    tries.
    """
    made = {guess.step: guess for guess in guesses}
    askable = [s for s in lesson.sequence if kind_of(s).chance(s) is not None]
    guessed = [made[s.id] for s in askable if s.id in made]
    scored = [g for g in guessed if g.is_right is not None and not g.had_seen_answer]
    outcome = {g.step: g.is_right for g in scored}
    return Recap(
        right=sum(g.is_right is True for g in scored),
        scored=len(scored),
        skipped=sum(s.id not in made for s in askable),
        tries=tuple(outcome.get(s.id) for s in askable),
        calibration=calibration_of(scored),
        worth_another_look=_misconception(lesson, made),
        missed=_missed(lesson, scored),
        token=_token(lesson, made),
    )


def calibration_of(guesses: Iterable[Guess]) -> Calibration:
    """Compare what was said with what was so, over guesses that have both and were guesses."""
    pairs = judged(guesses)
    sure = [is_right for said, is_right in pairs if said >= SURE]
    mean = fmean(brier(said, is_right) for said, is_right in pairs) if pairs else None
    return Calibration(len(sure), sum(sure), mean)


def _misconception(lesson: Lesson, made: dict[str, Guess]) -> str | None:
    met: dict[str, float] = defaultdict(float)
    for step in lesson.sequence:
        guess = made.get(step.id)
        if guess is None or guess.is_right is not False or not is_readable(step, guess.answer):
            continue
        belief = judge(step, guess.answer).misconception
        if belief:
            met[belief] += 1 + (guess.confidence or 0)  # surest errors are worth most
    return lesson.misconceptions[max(met, key=lambda belief: met[belief])] if met else None


def _missed(lesson: Lesson, scored: Iterable[Guess]) -> Missed | None:
    """Return the surest of the wrong guesses whose right answer the lesson itself knows."""
    wrong = [
        (guess.confidence, step, guess)
        for guess in scored
        if guess.is_right is False and guess.confidence is not None
        for step in [lesson.step(guess.step)]
        if kind_of(step).judged_by is JudgedBy.KEY and is_readable(step, guess.answer)
    ]
    if not wrong:
        return None
    confidence, step, guess = max(wrong, key=lambda one: one[0])
    said, answer = answer_text(step, guess.answer), kind_of(step).answer(step) or ""
    return Missed(getattr(step, "ask", step.id), said, confidence, answer)


def _token(lesson: Lesson, made: dict[str, Guess]) -> TokenTry | None:
    for step in lesson.sequence:
        guess = made.get(step.id)
        if isinstance(step, TokenStep) and guess and guess.evidence:
            return TokenTry(step.prompt, guess.evidence)
    return None
