"""What a run says about a learner: first tries, calibration, one belief to look at again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from bot.domain.lesson.attempt import Guess, judged
from bot.domain.lesson.confidence import SURE, brier
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import is_readable, judge
from curriculum.schema import Lesson


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often a learner was right when they said they were sure."""

    sure: int  # guesses at 85 % or more
    sure_and_right: int
    mean_brier: float | None  # 0 best, 1 worst; None before the first scored guess


@dataclass(frozen=True, slots=True)
class Recap:
    """A run in numbers."""

    right: int
    scored: int
    skipped: int
    calibration: Calibration
    worth_another_look: str | None  # the misconception met most often, in words
    mean_surprisal_bits: float | None


def recap_of(lesson: Lesson, guesses: Iterable[Guess]) -> Recap:
    """Sum up the guesses of one run.

    Recalls, the teach-back, and guesses whose answer a class round had shown are not scored as
    tries.
    """
    made = {guess.step: guess for guess in guesses}
    askable = [s for s in lesson.sequence if kind_of(s).chance(s) is not None]
    guessed = [made[s.id] for s in askable if s.id in made]
    scored = [g for g in guessed if g.is_right is not None and not g.had_seen_answer]
    bits = [g.evidence.surprisal_bits for g in made.values() if g.evidence]
    return Recap(
        right=sum(g.is_right is True for g in scored),
        scored=len(scored),
        skipped=sum(s.id not in made for s in askable),
        calibration=calibration_of(scored),
        worth_another_look=_misconception(lesson, made),
        mean_surprisal_bits=fmean(bits) if bits else None,
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
