"""What one turn of a learner changes in their class's counts. Pure."""

from dataclasses import dataclass

from bot.domain.lesson.attempt import Attempt, Guess, Phase


@dataclass(frozen=True, slots=True)
class Tried:
    """What to add to the first tries at a step that were made with a confidence.

    Attributes:
        step: Where.
        said: The confidence, in thousandths: an integer, so that counts stay exact.
        tries: 1 for a new guess, 0 for one that was counted and is judged only now.
        judged: 1 where it has become known whether it is right.
        right: 1 where it is.
    """

    step: str
    said: int
    tries: int
    judged: int
    right: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a turn changes for the class; all of it in the turn's own transaction."""

    tried: tuple[Tried, ...] = ()
    is_done: bool = False  # the first run has come to its end
    has_moved: bool = False  # to another step, or out of the lesson


def change_of(before: Attempt, after: Attempt) -> Change:
    """Return what a turn changes. Only first runs count; every run moves its learner."""
    is_first = after.run == 1
    made = ((before.guess_at(guess.step), guess) for guess in after.guesses)
    tried = (_tried(former, guess) for former, guess in made if former != guess)
    is_over = after.phase is Phase.FINISHED and before.phase is not Phase.FINISHED
    return Change(
        tried=tuple(one for one in tried if one) if is_first else (),
        is_done=is_first and is_over,
        has_moved=is_over or before.step != after.step,
    )


def thousandths(confidence: float) -> int:
    """Return a confidence, 0..1, as it is counted."""
    return round(confidence * 1000)


def _tried(former: Guess | None, guess: Guess) -> Tried | None:
    if guess.confidence is None or guess.had_seen_answer:  # recalls and teach-backs are no tries
        return None
    tries = int(former is None)
    was_judged = former is not None and former.is_right is not None
    judged = int(guess.is_right is not None and not was_judged)
    if not tries and not judged:
        return None
    right = int(bool(judged) and guess.is_right is True)
    return Tried(guess.step, thousandths(guess.confidence), tries, judged, right)
