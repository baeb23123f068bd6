"""Passages ranked by the words they share with a question: BM25, names, and what isn't known."""

import logging
import math
from collections import Counter
from collections.abc import Iterator, Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from bot.agent.elsewhere import ELSEWHERE
from bot.agent.words import Speller, stems, with_pairs
from bot.domain.passages import Passage

Scores = NDArray[np.float32]

TITLE, ASKED, TEXT = 4, 3, 1  # how often words count, by where they stand
NAMED = 0.1  # what a term gains where it is all that is asked for
HALF = 6.0  # the BM25 score that counts as half certain
LONGEST_NAME = 4  # words

logging.getLogger("bm25s").setLevel(logging.WARNING)  # or it tells of every index on stdout


class ByWords:
    """An index of the words of all passages."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        names = {
            tuple(stems(name)): index
            for index, passage in enumerate(passages)
            for name in passage.names
            if len(name) > 2
        }
        named = {word for name in names for word in name}
        self._said = [stems(f"{p.title} {' '.join(p.asked)} {p.text}") for p in passages]
        self._mend = Speller(named, (word for words in self._said for word in words))
        self._names = {name: index for name, index in names.items() if name}
        self._elsewhere = {word for topic in ELSEWHERE for word in stems(topic)}
        documents = [_document(passage) for passage in passages]
        self._sets = [frozenset(words) for words in self._said]
        self._in = Counter(word for words in self._sets for word in words)
        self._index = bm25s.BM25(k1=1.2, b=0.4)
        self._index.index(documents, show_progress=False)
        self._known = frozenset(word for words in documents for word in words)

    def scores(self, question: str) -> Scores:
        """Return how well each passage fits, shape (passages,), 0 to 1."""
        words = self._read(question)
        known = [word for word in with_pairs(words) if word in self._known]
        if not known:
            return np.zeros(len(self._sets), np.float32)
        raw = np.asarray(self._index.get_scores(known), np.float32)
        scores = raw / (raw + np.float32(HALF))
        total = sum(self._weight(word) for word in words)
        for name in self._named(words):
            share = sum(self._weight(word) for word in name) / total
            scores[self._names[name]] += np.float32(NAMED * share)
        return np.minimum(scores, np.float32(1))

    def nearness(self, question: str) -> float:
        """Return how much of a question the course's own words cover, less what is elsewhere.

        About 1 where one passage holds every word; more for a term by its name; less than 0 for
        a question on something else.
        """
        words = self._read(question)
        if not words:
            return 0.0
        weights = {word: self._weight(word) for word in words}
        total = sum(weights[word] for word in words)
        best = max(sum(weights[w] for w in words if w in held) for held in self._sets)
        away = sum(weights[word] for word in words if word in self._elsewhere)
        return (best - away / 2) / total + self.named(question) / 2

    def named(self, question: str) -> float:
        """Return how much of a question is a term's name, 0 to 1."""
        words = self._read(question)
        total = sum(map(self._weight, words))
        return max((sum(map(self._weight, name)) / total for name in self._named(words)), default=0)

    def _read(self, question: str) -> list[str]:
        return [self._mend(word) for word in stems(question)]

    def _named(self, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for length in range(1, LONGEST_NAME + 1):
            for first in range(len(words) - length + 1):
                name = tuple(words[first : first + length])
                if name in self._names:
                    yield name

    def _weight(self, word: str) -> float:
        """Return how much a word tells: the rarer the more, one never met the most."""
        return math.log(1 + len(self._sets) / (1 + self._in[word]))


def _document(passage: Passage) -> list[str]:
    words = with_pairs(stems(passage.title)) * TITLE
    for way in passage.asked:
        words += with_pairs(stems(way)) * ASKED
    return words + with_pairs(stems(passage.text)) * TEXT
