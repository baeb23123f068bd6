"""Does an answer stand on what was found? Checked sentence by sentence, in code.

A sentence stands when its figures are all in the sources, and enough of its words are found close
together in one of them. It is a check against making things up, not a proof of sense.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.words import digits, figures, sentences, stems

ENOUGH = 0.5  # of a sentence's words, in one stretch of a source
STRETCH = 3  # sentences of a source that are read together
FEW = 3  # words: so short a sentence claims nothing by itself
_SMALL = frozenset("0123456789")  # "2 things": counting words, not measurements


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may rest on."""

    numbers: frozenset[str]
    stretches: tuple[frozenset[str], ...]
    asked: frozenset[str]  # the question's words: repeating them claims nothing

    def fault(self, sentence: str) -> str | None:
        """Return why a sentence doesn't stand; None if it does."""
        loose = [n for n, _ in figures(_readable(sentence)) if not self._knows(n)]
        if loose:
            return f"the number {loose[0]} is in no source"
        claimed = stems(_readable(sentence)) - self.asked
        if len(claimed) <= FEW or _asks(sentence):
            return None
        best = max((len(claimed & stretch) / len(claimed) for stretch in self.stretches), default=0)
        return None if best >= ENOUGH else "no source says so"

    def _knows(self, number: str) -> bool:
        return number in self.numbers or number in _SMALL


def ground_of(question: str, sources: Iterable[str]) -> Ground:
    """Return what may be said in answer to a question.

    Args:
        question: As it was asked; its figures may be repeated.
        sources: Passages and tool results, as the model read them.
    """
    texts = list(sources)
    numbers = {n for text in (question, *texts) for n, _ in figures(text)}
    rounded = {digits(part) for text in texts for part in _roundings(text)}
    stretches = [stretch for text in texts for stretch in _stretches(text)]
    return Ground(frozenset(numbers | rounded), tuple(stretches), stems(question))


def _stretches(text: str) -> Sequence[frozenset[str]]:
    each = [stems(sentence) for sentence in sentences(text)]
    last = max(1, len(each) - STRETCH + 1)
    return [frozenset[str]().union(*each[first : first + STRETCH]) for first in range(last)]


def _roundings(text: str) -> Iterable[str]:
    """Yield each decimal number cut to fewer places: 38.94 may be told as 38.9 or 39."""
    for found in re.findall(r"\d+\.\d+", text):
        places = len(found.partition(".")[2])
        yield from (f"{float(found):.{n}f}" for n in range(places))


def _readable(sentence: str) -> str:
    """Return a sentence without its citation marks, list number and code."""
    bare = re.sub(r"\[\d+\]", " ", sentence)
    return re.sub(r"^\s*(\d+[.)]|[-*•])\s+", "", bare)


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith("?")
