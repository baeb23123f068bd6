"""Passages ranked by the words they share with a question: BM25, names, and what isn't known."""

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

from bot.agent.search.words import Speller, stems, with_pairs
from bot.domain.tutor.passages import Passage

Scores = NDArray[np.float32]

TITLE, ASKED, TEXT = 4, 3, 1  # how often words count, by where they stand
NAMED = 0.7  # of what is missing to 1, a term gains this where it is all that is asked for
HALF = 6.0  # the BM25 score that counts as half certain
LONGEST_NAME = 4  # words

logging.getLogger("bm25s").setLevel(logging.WARNING)  # or it tells of every index on stdout


@dataclass(frozen=True, slots=True)
class Shared:
    """What a question has in common with the course by its words.

    Attributes:
        passages: How well each passage fits, shape (passages,), 0 to 1.
        own: The same by its title and text alone, without the other ways of asking.
        course: How much of the question one passage's words cover, 0 to 1; rare words count more.
        elsewhere: The same of one phrase that isn't the course.
        named: How much of the question is a term's name, 0 to 1.
    """

    passages: Scores
    own: Scores
    course: float
    elsewhere: float
    named: float


class ByWords:
    """An index of the words of all passages, and of what isn't the course."""

    def __init__(self, passages: Sequence[Passage], elsewhere: Iterable[str] = ()) -> None:
        names = {
            tuple(stems(name)): index
            for index, passage in enumerate(passages)
            for name in passage.names
            if len(name) > 2
        }
        named = {word for name in names for word in name}
        said = [stems(" ".join((p.title, *p.asked, *p.ways, p.text))) for p in passages]
        self._mend = Speller(named, (word for words in said for word in words))
        self._names = {name: index for name, index in names.items() if name}
        self._titles = [passage.title for passage in passages]
        self._many = len(passages)
        self._in = Counter(word for words in said for word in set(words))
        self._course, self._elsewhere = _Cover(said), _Cover(map(stems, elsewhere))
        self._index = _Index([_document(p, (*p.asked, *p.ways)) for p in passages])
        self._own = _Index([_document(passage) for passage in passages])

    def shared(self, question: str) -> Shared:
        """Return what a question has in common with the course, and with what isn't it."""
        words = [self._mend(word) for word in stems(question)]
        weights = [self._weight(word) for word in words]
        total = sum(weights)
        if not words:
            nothing = np.zeros(self._many, np.float32)
            return Shared(nothing, nothing, 0.0, 0.0, 0.0)
        course, away = (
            each.best(words, weights) / total for each in (self._course, self._elsewhere)
        )
        shares = {
            self._names[name]: sum(map(self._weight, name)) / total for name in self._named(words)
        }
        scores = self._index.scores(words)
        for passage, share in shares.items():
            scores[passage] += (1 - scores[passage]) * np.float32(NAMED * share)
        return Shared(
            scores, self._own.scores(words), course, away, max(shares.values(), default=0.0)
        )

    def names_in(self, text: str) -> list[str]:
        """Return the names of terms that a text holds, as the glossary spells them."""
        words = [self._mend(word) for word in stems(text)]
        return [self._titles[self._names[name]] for name in self._named(words)]

    def _named(self, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for length in range(1, LONGEST_NAME + 1):
            for first in range(len(words) - length + 1):
                name = tuple(words[first : first + length])
                if name in self._names:
                    yield name

    def _weight(self, word: str) -> float:
        """Return how much a word tells: the rarer the more, one never met the most."""
        return math.log(1 + self._many / (1 + self._in[word]))


class _Cover:
    """Says how much of a question's words one text has."""

    def __init__(self, texts: Iterable[Iterable[str]]) -> None:
        places: defaultdict[str, list[int]] = defaultdict(list)
        self._many = 1
        for number, words in enumerate(texts):
            self._many = number + 1
            for word in set(words):
                places[word].append(number)
        self._places = {word: np.array(found) for word, found in places.items()}

    def best(self, words: Sequence[str], weights: Sequence[float]) -> float:
        """Return the weight of the words that stand in the text which has most of them."""
        covered = np.zeros(self._many)
        for word, weight in zip(words, weights, strict=True):
            if word in self._places:
                covered[self._places[word]] += weight
        return float(covered.max())


class _Index:
    """Scores documents by the words they share with a question: BM25, from 0 to 1."""

    def __init__(self, documents: Sequence[list[str]]) -> None:
        self._index = bm25s.BM25(k1=1.2, b=0.4)
        self._index.index(documents, show_progress=False)
        self._known = frozenset(word for words in documents for word in words)
        self._many = len(documents)

    def scores(self, words: list[str]) -> Scores:
        known = [word for word in with_pairs(words) if word in self._known]
        if not known:
            return np.zeros(self._many, np.float32)
        raw = np.asarray(self._index.get_scores(known), np.float32)
        return raw / (raw + np.float32(HALF))


def _document(passage: Passage, ways: Sequence[str] = ()) -> list[str]:
    words = with_pairs(stems(passage.title)) * TITLE
    for way in ways:
        words += with_pairs(stems(way)) * ASKED
    return words + with_pairs(stems(passage.text)) * TEXT
