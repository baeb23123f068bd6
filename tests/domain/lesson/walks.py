"""Short ways to somewhere in a lesson, each by commands that a learner could give."""

from bot.domain.lesson.attempt import Attempt, mark_of
from bot.domain.lesson.commands import AskHint, CommitGuess, Draft, Next, Rate, Reveal, Skip
from bot.domain.lesson.evidence import Evidence, Share
from bot.domain.lesson.kinds import match
from bot.domain.lesson.kinds.order import shown
from bot.domain.lesson.machine import advance
from bot.domain.lesson.screens import LessonScreen
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.exhibit import ExhibitStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.kinds.read import ReadStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Lesson
from tests.fakes.clock import NOW

ATTEMPT, LEARNER = 7, 42

UNGUESSED = ReadStep | ExhibitStep | RecallStep


def standing_at(lesson: Lesson, step: str, run: int = 1) -> Attempt:
    return Attempt(ATTEMPT, LEARNER, lesson.slug, run, step)


def drafted(lesson: Lesson, step: str, answer: str) -> Attempt:
    attempt = standing_at(lesson, step)
    return advance(attempt, Draft(ATTEMPT, step, answer), lesson, NOW)


def locked(lesson: Lesson, step: str, answer: str, level: int = 2) -> Attempt:
    return commit(drafted(lesson, step, answer), lesson, level)


def revealed(lesson: Lesson, step: str, answer: str, level: int = 2) -> Attempt:
    return advance(locked(lesson, step, answer, level), Reveal(ATTEMPT, step), lesson, NOW)


def commit(attempt: Attempt, lesson: Lesson, level: int = 2) -> Attempt:
    assert attempt.draft is not None
    command = CommitGuess(attempt.id, attempt.step, level, mark_of(attempt.draft))
    return advance(attempt, command, lesson, NOW)


def hinted(attempt: Attempt, lesson: Lesson) -> Attempt:
    return advance(attempt, AskHint(attempt.id, attempt.step), lesson, NOW)


def onward(attempt: Attempt, lesson: Lesson) -> Attempt:
    return advance(attempt, Next(attempt.id, attempt.step), lesson, NOW)


def skipped(attempt: Attempt, lesson: Lesson) -> Attempt:
    return advance(attempt, Skip(attempt.id, attempt.step), lesson, NOW)


def walked(lesson: Lesson, *, is_right: bool, run: int = 1) -> list[Attempt]:
    """Return every attempt on the way through a whole lesson, all right or all wrong."""
    way = [standing_at(lesson, lesson.way[0].id, run)]

    def give(command: object) -> None:
        way.append(advance(way[-1], command, lesson, NOW))  # type: ignore[arg-type]

    for step in lesson.way:
        place = (ATTEMPT, step.id)
        if isinstance(step, RecallStep):
            give(Reveal(*place))
            give(Rate(*place, had_it=is_right))
        elif isinstance(step, ReadStep | ExhibitStep):
            give(Next(*place))
        else:
            answer = answer_to(step, is_right=is_right)
            give(Draft(*place, answer))
            give(CommitGuess(*place, 3, mark_of(answer)))
            evidence = evidence_of(1 if is_right else 9) if isinstance(step, TokenStep) else None
            give(Reveal(*place, evidence))
            give(Rate(*place, had_it=is_right) if isinstance(step, TextStep) else Next(*place))
    return way


def answer_to(step: Step, *, is_right: bool) -> str:
    match step:
        case ChoiceStep():
            keys = "ABCDE"[: len(step.options)]
            return step.answer if is_right else next(k for k in keys if k != step.answer)
        case NumberStep():
            return f"{step.answer if is_right else step.answer * 77:.10g}"
        case OrderStep():
            return right_order(step) if is_right else right_order(step)[::-1]
        case MatchStep():
            return right_pairs(step) if is_right else right_pairs(step)[::-1]
        case TokenStep():
            return " kube" if is_right else " sofa"
        case TeachbackStep():
            return "It goes round and round until told to stop."
        case _:
            return "Something short."


def right_order(step: OrderStep) -> str:
    """Return the letters that name the stages, as shown, in the right order."""
    mixed = shown(step)
    return "".join("ABCDE"[mixed.index(stage)] for stage in step.stages)


def right_pairs(step: MatchStep) -> str:
    """Return the letters that pair each thing, in turn, with what it belongs to."""
    shown = match.shown(step)
    return "".join("ABCDE"[shown.index(pair.belongs)] for pair in step.pairs)


def evidence_of(rank: int, probability: float = 0.1, best: float = 0.4) -> Evidence:
    top = (Share(" kube", best), Share(" scheduler", 0.1))
    return Evidence(" x", rank, probability, 3.3, top, 0.5, "fake-135m", "embedded", NOW)


def words_of(screen: LessonScreen) -> list[str]:
    """Return every string that a screen holds, however deep."""
    return list(_strings(screen))


def _strings(value: object):  # type: ignore[no-untyped-def]
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _strings(part)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _strings(getattr(value, name))
    elif hasattr(value, "model_dump"):
        yield from _strings(list(_flat(value.model_dump())))


def _flat(value: object):  # type: ignore[no-untyped-def]
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _flat(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _flat(part)
    else:
        yield value
