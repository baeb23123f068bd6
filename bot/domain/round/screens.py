"""What a class may see of a round. Until it is revealed, no screen has a field for the answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.crowd import is_crowd
from bot.domain.lesson.confidence import Level, levels_for
from bot.domain.lesson.kinds.base import Choice
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.kinds.shares import Shares
from bot.domain.lesson.scoring import answer_text, judge, read_answer
from bot.domain.round.round import Ballot, Count, Round, RoundStep, Stage, said_text
from bot.domain.round.spread import guesses_in, heading_of, headings_of, spread_of
from bot.domain.words import sentences
from curriculum.kinds.registry import KindName

SHORT = 110  # characters of a reply, where every belief gets one
MOST_MOVES = 4


@dataclass(frozen=True, slots=True)
class RoundQuestion:
    """What was asked, as it was put."""

    round_id: int
    revision: int
    lesson: int
    step: str
    kind: KindName
    ask: str
    lead: str | None
    choices: tuple[Choice, ...]
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VotingScreen:
    """A vote is open. Nobody sees how it goes, only how many guesses are in."""

    question: RoundQuestion
    turn: int
    guesses: int


@dataclass(frozen=True, slots=True)
class TalkScreen:
    """The guesses, without the key; `spread` is empty where it would tell who said what."""

    question: RoundQuestion
    guesses: int
    spread: Shares


@dataclass(frozen=True, slots=True)
class Compared:
    """One heading: how many said so in the first vote and the second, and a short reply to it."""

    heading: str
    is_right: bool
    first: int | None  # None: too few guesses to show
    second: int | None
    reply: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Who moved, in numbers: of those who guessed twice."""

    learners: int
    right_before: int
    right_after: int
    moves: tuple[tuple[str, str, int], ...]  # from, to, how many; the most first


@dataclass(frozen=True, slots=True)
class RevealedScreen:
    """The answer, and how the class came to it."""

    question: RoundQuestion
    slug: str
    answer: str
    reply: str
    guesses: tuple[int, int]
    compared: tuple[Compared, ...]
    changes: Changes | None
    sure: tuple[int, int] | None  # said at first that they knew; of them, were right


@dataclass(frozen=True, slots=True)
class EndedScreen:
    """A round that was ended before its answer was shown."""

    question: RoundQuestion
    guesses: int


RoundScreen = VotingScreen | TalkScreen | RevealedScreen | EndedScreen


@dataclass(frozen=True, slots=True)
class VotedScreen:
    """What one learner locked in; for their eyes only. `levels` is empty once they said."""

    round_id: int
    turn: int
    said: str
    levels: tuple[Level, ...]
    level: Level | None = None
    how_read: str | None = None  # what was typed, where it might have been meant otherwise


@dataclass(frozen=True, slots=True)
class ArrangingScreen:
    """An answer as one learner arranges it; for their eyes only."""

    round_id: int
    turn: int
    kind: KindName
    ask: str
    choices: tuple[Choice, ...]
    slots: tuple[str, ...]  # what each letter is for, in turn
    placed: str
    placed_text: str


def screen_of(present: Round, counts: Sequence[Count]) -> RoundScreen:
    """Return what the class should see now."""
    match present.stage:
        case Stage.FIRST | Stage.SECOND:
            turn = present.turn or 1
            return VotingScreen(question_of(present), turn, guesses_in(counts, turn))
        case Stage.TALK:
            guesses = guesses_in(counts, 1)
            spread = spread_of(present.step, counts, 1) if is_crowd(guesses) else ()
            return TalkScreen(question_of(present), guesses, spread)
        case Stage.REVEALED:
            return _revealed(present, counts)
        case Stage.ENDED:
            return EndedScreen(question_of(present), guesses_in(counts, 1))


def question_of(present: Round) -> RoundQuestion:
    """Return what was asked."""
    step = present.step
    return RoundQuestion(
        round_id=present.id,
        revision=present.revision,
        lesson=present.number,
        step=step.id,
        kind=step.kind,
        ask=step.ask,
        lead=step.lead,
        choices=kind_of(step).choices(step),
        slots=kind_of(step).slots(step),
    )


def voted(ballot: Ballot, turn: int, level: Level | None = None) -> VotedScreen:
    """Return what a learner locked in."""
    said = said_text(ballot.round, ballot.said[turn])
    is_open = level is None and ballot.round.turn == turn
    levels = levels_for(ballot.round.step) if is_open else ()
    return VotedScreen(ballot.round.id, turn, said, levels, level)


def arranging(present: Round, turn: int, placed: str) -> ArrangingScreen:
    """Return what is arranged, as far as it is."""
    step = present.step
    placed = read_answer(step, placed)
    text = answer_text(step, placed) if placed else ""
    return ArrangingScreen(
        round_id=present.id,
        turn=turn,
        kind=step.kind,
        ask=step.ask,
        choices=kind_of(step).choices(step),
        slots=kind_of(step).slots(step),
        placed=placed,
        placed_text=text,
    )


def _revealed(present: Round, counts: Sequence[Count]) -> RevealedScreen:
    step, kind = present.step, kind_of(present.step)
    return RevealedScreen(
        question=question_of(present),
        slug=present.lesson,
        answer=kind.answer(step) or "",
        reply=kind.explained(step) or "",
        guesses=(guesses_in(counts, 1), guesses_in(counts, 2)),
        compared=_compared(step, counts),
        changes=_changes(step, counts),
        sure=_sure(step, counts),
    )


def _compared(step: RoundStep, counts: Sequence[Count]) -> tuple[Compared, ...]:
    first, second = (_by_heading(step, counts, turn) for turn in (1, 2))
    return tuple(
        Compared(
            heading,
            kind_of(step).is_right_heading(step, heading),
            _told(first, heading),
            _told(second, heading),
            _short(kind_of(step).reply_to(step, heading)),
        )
        for heading in headings_of(step)
    )


def _by_heading(step: RoundStep, counts: Sequence[Count], turn: int) -> Counter[str]:
    votes: Counter[str] = Counter()
    for count in counts:
        if count.turn == turn:
            votes[heading_of(step, count.answer)] += count.votes
    return votes


def _told(votes: Counter[str], heading: str) -> int | None:
    return votes[heading] if is_crowd(votes.total()) else None


def _short(reply: str) -> str:
    """Return as many whole sentences as fit, the first in any case."""
    kept, *more = sentences(reply)
    for sentence in more:
        if len(kept) + len(sentence) >= SHORT:
            break
        kept = f"{kept} {sentence}"
    return kept


def _changes(step: RoundStep, counts: Sequence[Count]) -> Changes | None:
    twice = [count for count in counts if count.turn == 2 and count.before is not None]
    learners = sum(count.votes for count in twice)
    if not is_crowd(learners):
        return None
    moves: Counter[tuple[str, str]] = Counter()
    before = after = 0
    for count in twice:
        was, now = heading_of(step, count.before or ""), heading_of(step, count.answer)
        before += count.votes * kind_of(step).is_right_heading(step, was)
        after += count.votes * kind_of(step).is_right_heading(step, now)
        if was != now:
            moves[was, now] += count.votes
    ranked = sorted(moves.items(), key=lambda move: (-move[1], move[0]))[:MOST_MOVES]
    return Changes(learners, before, after, tuple((a, b, n) for (a, b), n in ranked))


def _sure(step: RoundStep, counts: Sequence[Count]) -> tuple[int, int] | None:
    first = [count for count in counts if count.turn == 1]
    sure = sum(count.sure for count in first)
    right = sum(count.sure for count in first if judge(step, count.answer).is_right)
    return (sure, right) if is_crowd(sure) else None
