"""Cut a learner's text into clauses, and say of each whether it claims something, and what for.

    text → sentences → clauses → windows of one to three clauses: what is held against a rubric

A clause's `turns` count what turns its meaning round: "not", "it's false that …". What was asked,
supposed, or put into somebody else's mouth is no claim of the learner's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.agent.grading.speech import (
    ABBREVIATION,
    ASIDE,
    BEING,
    CLAUSE,
    CONTRAST,
    DENIED_AHEAD,
    DENIED_BEFORE,
    FEW,
    GOES_ON,
    HEDGE,
    NEEDS_NOUN,
    NO_NOUN,
    ONLY_SOME,
    PARTS,
    REPORTED,
    SAME,
    SENTENCE,
    STATES,
    SUPPOSED,
    TOPIC,
    TURNING,
    TURNS_BACK,
    UNKNOWN,
)
from bot.agent.grading.words import ALL, CHANGE, GLUE, STASIS, is_negator, is_verb, words

STUFFED_WORDS = 4  # a shorter sentence needs no grammar: "Weights: frozen."
GLUE_SHARE = 0.13  # of an English sentence; ordinary prose has 0.35 to 0.5
RUN_WORDS, RUN_SHARE = 8, 0.22  # so many words without a comma need more to hold them together
LONGEST_WINDOW = 3
LONGEST_SENTENCE = 45  # words; the meaning of a longer one is blurred


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence, where it stands in the text, and how it is meant.

    Attributes:
        start, end: Its place in the text, in characters.
        sentence: Which sentence it is of, from 0.
        turns: How many times its meaning is turned round.
        is_claim: Whether the learner says it is so.
        is_weak: Hedged, or without grammar: not enough to be sure of.
    """

    start: int
    end: int
    sentence: int
    turns: int
    is_claim: bool
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What is compared with a rubric at one time.

    Attributes:
        text: The learner's own words, as they stand.
        negated: Whether an odd number of things turns its meaning round.
        stays: The same, where "stays" counts as "doesn't change"; None where one clause undoes it.
        of_few: Whether it says so of a few only.
        is_weak: As of a clause.
    """

    text: str
    negated: bool
    stays: bool | None
    of_few: bool
    is_weak: bool


def windows(text: str) -> tuple[Window, ...]:
    """Return all that a text claims, in pieces of one to three clauses, and whole sentences."""
    found = {}
    clauses = clauses_of(text)
    for number in {clause.sentence for clause in clauses}:
        own = [clause for clause in clauses if clause.sentence == number]
        for first in range(len(own)):
            for last in range(first, len(own)):
                run = own[first : last + 1]
                is_whole = len(run) == len(own)
                if len(run) > LONGEST_WINDOW and not is_whole:
                    break
                window = _window(text, run)
                if window and (len(run) == 1 or len(words(window.text)) <= LONGEST_SENTENCE):
                    found[window.text] = window
    return tuple(found.values())


def phrases(text: str) -> tuple[Window, ...]:
    """Return a phrase of a rubric in one piece; in more where one negates and another doesn't."""
    run = [clause for clause in clauses_of(text) if clause.is_claim]
    whole = _window(text, run) if run else None
    if whole is None:
        return (Window(text, False, bool(_stays(text)), False, False),)
    if len({clause.turns % 2 for clause in run}) == 1:
        return (whole,)
    return tuple(found for clause in run if (found := _window(text, [clause])))


def scope(text: str) -> int:
    """Return 1 where a phrase speaks of all there are, -1 where of a few only, else 0."""
    if ONLY_SOME.search(text):
        return -1
    if ALL & set(words(text)):
        return 1
    return -1 if FEW.search(text) else 0


def speaks_of_change(text: str) -> bool:
    """Whether a phrase says that something stays or changes."""
    return bool(set(words(text)) & (STASIS | CHANGE)) or _stays(text) > 0


def clauses_of(text: str) -> list[Clause]:
    """Cut a text into clauses and judge each in its sentence."""
    found: list[Clause] = []
    places = list(_sentences(text))
    shuffled = sum(_is_shuffled(words(text[a:b])) for a, b in places)
    is_salad = shuffled * 3 >= len(places)
    for number, (start, end) in enumerate(places):
        clauses = list(_of_sentence(text, start, end, number, is_salad))
        if found and clauses and DENIED_BEFORE.search(text[start:end]):
            found = [_unclaimed(c) if c.sentence == number - 1 else c for c in found]
            continue
        found += clauses
    return found


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in SENTENCE.finditer(text):
        if gap.start() < start or ABBREVIATION.search(text[start : gap.start()]):
            continue
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


def _of_sentence(text: str, start: int, end: int, number: int, is_salad: bool) -> Iterator[Clause]:
    sentence = text[start:end]
    asks = sentence.rstrip(" \"')”’").endswith("?")
    is_salad = is_salad or not _holds_together(sentence)
    is_claimed, is_hedged, pieces = True, _is_torn(sentence), list(_pieces(text, start, end))
    is_denied = is_supposed = is_aside = False
    for place, (first, last) in enumerate(pieces):
        piece = text[first:last]
        goes_on = place > 0 and _goes_on(
            text[slice(*pieces[place - 1])], text[pieces[place - 1][1] : first], piece
        )
        denied = DENIED_AHEAD.search(piece)
        is_denied = bool(denied) or (is_denied and goes_on)
        is_supposed = bool(SUPPOSED.search(piece)) or (is_supposed and goes_on)
        is_aside = _is_aside(piece) or (is_aside and goes_on)
        if REPORTED.search(piece) or UNKNOWN.search(piece) or TOPIC.search(piece):
            is_claimed = False
        elif TURNS_BACK.match(piece):
            is_claimed = True
        later = [text[a:b] for a, b in pieces[place or 1 :]]
        is_taken_back = any(DENIED_BEFORE.search(said) for said in later)
        unclaimed = is_taken_back or asks or is_supposed or is_aside
        plain = DENIED_AHEAD.sub(" ", piece)
        yield Clause(
            first,
            last,
            number,
            _turns(plain) + is_denied,
            is_claimed and not unclaimed,
            is_salad or is_hedged or bool(HEDGE.search(piece)),
        )


def _goes_on(before: str, joint: str, piece: str) -> bool:
    """Whether a clause goes on with what was begun, as in "it's false that … and that …"."""
    is_open = before.rstrip().lower().endswith(" that")
    return is_open or bool(re.search(r":|\b(?:and|or|nor)\b", joint, re.I) or GOES_ON.match(piece))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each clause of a sentence stands; one of a single short word joins the next."""
    cuts = [start]
    for cut in CLAUSE.finditer(text, start, end):
        if cut.start() > start and cut.end() < end:
            cuts += [cut.start(), cut.end()]
    cuts.append(end)
    for first, last in zip(cuts[::2], cuts[1::2], strict=True):
        if words(text[first:last]):
            yield first, last


def _window(text: str, run: list[Clause]) -> Window | None:
    if not all(clause.is_claim for clause in run):
        return None
    said = text[run[0].start : run[-1].end].strip(" ,:-–—\"'()")
    if len(words(said)) < 2:
        return None
    is_weak = any(clause.is_weak for clause in run)
    meant = [c.turns + _stays(text[c.start : c.end]) for c in run]
    is_odd = any(turns % 2 for turns in meant)
    is_torn = is_odd and any(turns and turns % 2 == 0 for turns in meant)
    return Window(
        text=said,
        negated=any(clause.turns % 2 for clause in run),
        stays=None if is_torn else is_odd,
        of_few=scope(said) < 0,
        is_weak=is_weak,
    )


def _turns(text: str) -> int:
    plain = CONTRAST.sub(" ", text)
    return sum(is_negator(word) for word in words(plain)) + len(TURNING.findall(plain))


def _stays(text: str) -> int:
    """Return 1 where a text says that something stays as it is."""
    plain = text.casefold()
    return int(bool(STASIS & set(words(plain))) or SAME.search(plain) is not None)


def _is_aside(piece: str) -> bool:
    """Whether it is a "not that" behind a "this": it sets off, and claims nothing."""
    return bool(ASIDE.match(piece.strip()))


def _is_torn(sentence: str) -> bool:
    return len(HEDGE.findall(sentence)) > 1


def _unclaimed(clause: Clause) -> Clause:
    return Clause(clause.start, clause.end, clause.sentence, clause.turns, False, clause.is_weak)


def _holds_together(sentence: str) -> bool:
    """Whether it has the grammar of a sentence, or of a note; a heap of words has none."""
    said = words(sentence)
    if len(said) < STUFFED_WORDS:
        return True
    glue = sum(word in GLUE for word in said) / len(said)
    says = STATES.search(sentence) is not None or any(is_verb(word) for word in said)
    is_run = len(said) >= RUN_WORDS and PARTS.search(sentence) is None
    needed = RUN_SHARE if is_run else GLUE_SHARE
    return glue >= needed and says and not _is_shuffled(said)


def _is_shuffled(said: list[str]) -> bool:
    """Whether words stand where none can: "a the", "are is", "tokens tokens", "an." at the end."""
    if not said:
        return False
    wrong = sum(
        a == b or (a in NEEDS_NOUN and b in NO_NOUN) or {a, b} <= BEING for a, b in pairwise(said)
    )
    wrong += said[-1] in {"a", "an", "the", "every", "our", "my"}
    return wrong * 12 > len(said)
