"""Does an answer stand on what was found? Checked sentence by sentence, in code.

A sentence stands when its figures are all in the sources, and enough of its words are found close
together in one of them. It is a check against making things up, not a proof of sense.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.agent.amounts import (
    Amount,
    amounts_in,
    is_known,
    numbers_in,
    worked_out,
    wrong_unit,
    wrong_whole,
)
from bot.domain.words import plain, sentences, stems

ENOUGH = 0.5  # of a sentence's words, in one stretch of a source
STRETCH = 3  # sentences of a source that are read together
CLOSE = 0.75  # of its words in one clause of a source: it says the same, or the opposite
FEW = 1  # word: so little claims nothing by itself
_PASSING = re.compile(  # said on the way to an answer; claims nothing
    r"(let me|let's|i'll|i will|here's|here is|here are|sure|okay|good question|in short)\b"
    r"(\W+\w+){0,6}\W*",
    re.IGNORECASE,
)
_NO = re.compile(r"\b(?:not|no|never|none|nothing|nobody|neither|cannot)\b|n't\b", re.IGNORECASE)
_SMALL = frozenset(map(float, range(10)))  # "2 things": counting words, not measurements


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may rest on."""

    numbers: frozenset[float]
    stretches: tuple[frozenset[str], ...]
    said: tuple[tuple[frozenset[str], bool], ...]  # each clause, and whether it denies
    asked: frozenset[str]  # the question's words: repeating them claims nothing
    amounts: tuple[Amount, ...] = ()  # the numbers again, with their units

    def fault(self, sentence: str) -> str | None:
        """Return why a sentence doesn't stand; None if it does."""
        bare = _readable(sentence)
        if wrong := self._wrong_amount(bare):
            return wrong
        claimed = {word for word in stems(bare) - self.asked if not word.isdigit()}
        if len(claimed) <= FEW or _asks(sentence) or _PASSING.fullmatch(sentence.strip()):
            return None
        best = max((len(claimed & stretch) / len(claimed) for stretch in self.stretches), default=0)
        if best < ENOUGH:
            return "no source says so"
        return "a source says the opposite" if self._denied(claimed, _denies(bare)) else None

    def _wrong_amount(self, bare: str) -> str | None:
        """Return what is wrong with a sentence's numbers: worked out again, and held to units."""
        right, wrong_sum = worked_out(bare)
        told = list(amounts_in(bare))
        units = (wrong_unit(one, self.amounts) for one in told if one.number not in right)
        if wrong := wrong_sum or wrong_whole(bare, self.amounts) or next(filter(None, units), None):
            return wrong
        borne = right.union(one.number for one in told if is_known(one, self.amounts))
        for number in numbers_in(plain(bare)):
            if number not in self.numbers and number not in _SMALL and number not in borne:
                return f"the number {number:,.10g} is in no source"
        return None

    def _denied(self, claimed: set[str], denies: bool) -> bool:
        """Whether the sources' closest clauses all deny what this one claims, or the reverse."""
        close = [d for words, d in self.said if len(claimed & words) >= CLOSE * len(claimed)]
        return bool(close) and all(denied != denies for denied in close)


def ground_of(question: str, sources: Iterable[str]) -> Ground:
    """Return what may be said in answer to a question.

    Args:
        question: As it was asked; its figures may be repeated.
        sources: Passages and tool results, as the model read them.
    """
    texts = list(sources)
    stated = [value for text in (question, *texts) for value in numbers_in(plain(text))]
    numbers = frozenset(stated).union(*map(_roundings, stated))
    stretches = [stretch for text in texts for stretch in _stretches(text)]
    said = [(stems(one), _denies(one)) for text in texts for one in _clauses(text)]
    amounts = tuple(one for text in (question, *texts) for one in amounts_in(text))
    return Ground(numbers, tuple(stretches), tuple(said), stems(question), amounts)


def _stretches(text: str) -> Sequence[frozenset[str]]:
    each = [stems(sentence) for sentence in sentences(text)]
    last = max(1, len(each) - STRETCH + 1)
    return [frozenset[str]().union(*each[first : first + STRETCH]) for first in range(last)]


def _clauses(text: str) -> Sequence[str]:
    """Return the sentences, and the parts that commas make of them."""
    return [part for one in sentences(text) for part in (one, *one.split(", "))]


def _roundings(value: float) -> Iterable[float]:
    """Yield what a number may be told as: 0.3894 as 0.39, 38.9 or 39; 38.94 as 39."""
    for told in (value, value * 100) if value < 1 else (value,):
        yield from (round(told, places) for places in range(4))


def _readable(sentence: str) -> str:
    """Return a sentence without its citation marks, list number and code."""
    bare = re.sub(r"\[\d+\]", " ", sentence)
    return re.sub(r"^\s*(\d+[.)]|[-*•])\s+", "", bare)


def _denies(sentence: str) -> bool:
    """Whether a sentence says no: two negations make a yes."""
    return len(_NO.findall(sentence)) % 2 == 1


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith("?")
