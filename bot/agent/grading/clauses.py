"""Cut a learner's text into clauses, and say of each whether it claims something.

A clause's `turns` count what turns its meaning round: "not", "it's false that …". What was asked,
supposed, or put into somebody else's mouth is no claim of the learner's. How a language marks all
that stands in its file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.agent.grading.grammar import holds_together, is_shuffled
from bot.agent.grading.language.language import Language, Marks
from bot.agent.grading.words import is_negator, words


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


def clauses_of(text: str, language: Language) -> list[Clause]:
    """Cut a text into clauses and judge each in its sentence."""
    found: list[Clause] = []
    places = list(_sentences(text, language.marks))
    shuffled = sum(is_shuffled(words(text[a:b]), language.lexicon) for a, b in places)
    is_salad = shuffled * 3 >= len(places)
    for number, place in enumerate(places):
        clauses = list(_of_sentence(text, place, number, is_salad, language))
        if found and clauses and language.marks.denied_before.search(text[slice(*place)]):
            found = [replace(c, is_claim=False) if c.sentence == number - 1 else c for c in found]
            continue
        found += clauses
    return found


def _sentences(text: str, marks: Marks) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in marks.sentence.finditer(text):
        if gap.start() < start or marks.abbreviation.search(text[start : gap.start()]):
            continue
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


def _of_sentence(
    text: str, whole: tuple[int, int], number: int, is_salad: bool, language: Language
) -> Iterator[Clause]:
    sentence, marks = text[slice(*whole)], language.marks
    asks = marks.question.search(sentence) is not None
    is_weak = is_salad or not holds_together(sentence, language) or _is_torn(sentence, marks)
    is_claimed, pieces = True, list(_pieces(text, *whole, marks))
    is_denied = is_supposed = is_aside = False
    for place, (first, last) in enumerate(pieces):
        piece = text[first:last]
        goes_on = place > 0 and _goes_on(
            text[slice(*pieces[place - 1])], text[pieces[place - 1][1] : first], piece, marks
        )
        denied = marks.denied_ahead.search(piece)
        is_denied = bool(denied) or (is_denied and goes_on)
        is_supposed = bool(marks.supposed.search(piece)) or (is_supposed and goes_on)
        is_aside = _is_aside(piece, marks) or (is_aside and goes_on)
        if _is_anothers(piece, marks):
            is_claimed = False
        elif marks.turns_back.match(piece):
            is_claimed = True
        later = [text[a:b] for a, b in pieces[place or 1 :]]
        is_taken_back = any(marks.denied_before.search(said) for said in later)
        unclaimed = is_taken_back or asks or is_supposed or is_aside
        yield Clause(
            first,
            last,
            number,
            _turns(marks.denied_ahead.sub(" ", piece), language) + is_denied,
            is_claimed and not unclaimed,
            is_weak or bool(marks.hedge.search(piece)),
        )


def _pieces(text: str, start: int, end: int, marks: Marks) -> Iterator[tuple[int, int]]:
    """Yield where each clause of a sentence stands; one of a single short word joins the next."""
    cuts = [start]
    for cut in marks.clause.finditer(text, start, end):
        if cut.start() > start and cut.end() < end:
            cuts += [cut.start(), cut.end()]
    cuts.append(end)
    for first, last in zip(cuts[::2], cuts[1::2], strict=True):
        if words(text[first:last]):
            yield first, last


def _goes_on(before: str, joint: str, piece: str, marks: Marks) -> bool:
    """Whether a clause goes on with what was begun, as in "it's false that … and that …"."""
    if marks.open.search(before) or marks.joint.search(joint):
        return True
    return marks.goes_on.match(piece) is not None


def _is_anothers(piece: str, marks: Marks) -> bool:
    """Whether it is somebody else's claim, nobody's, or names only what it is about."""
    return any(mark.search(piece) for mark in (marks.reported, marks.unknown, marks.topic))


def _is_aside(piece: str, marks: Marks) -> bool:
    """Whether it is a "not that" behind a "this": it sets off, and claims nothing."""
    return marks.aside.match(piece.strip()) is not None


def _is_torn(sentence: str, marks: Marks) -> bool:
    return len(marks.hedge.findall(sentence)) > 1


def _turns(text: str, language: Language) -> int:
    plain = language.marks.contrast.sub(" ", text)
    negators = sum(is_negator(word, language) for word in words(plain))
    return negators + len(language.marks.turning.findall(plain))
