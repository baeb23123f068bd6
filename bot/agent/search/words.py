"""Words as the search compares them: without case, accents and endings, misspellings mended."""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from bot.domain.words import COMMON, SHORTEST, cut, plain, undoubled

SHORTEST_MENDED = 4  # letters: a shorter word has too many neighbours


def stems(text: str) -> list[str]:
    """Return the words of a text that carry meaning, in order, cut to what their forms share."""
    bare = plain(text).replace("'", "").replace("’", "")
    return [stem(word) for word in re.findall(r"[a-z0-9]+", bare) if word not in _COMMON]


def stem(word: str) -> str:
    """Cut a word's ending, and level British with American spelling: quantis-, quantiz-."""
    return word if len(word) <= SHORTEST else undoubled(cut(word, _ENDINGS), kept="sl")


def with_pairs(words: list[str]) -> list[str]:
    """Return words and, joined, each two in a row: `kv cache` is then found as `kvcache`."""
    return [*words, *(a + b for a, b in pairwise(words))]


class Speller:
    """Mends a word that is one slip of the finger away from a term's."""

    def __init__(self, terms: Iterable[str], known: Iterable[str]) -> None:
        """Take the stems to mend to, and those that are words of their own."""
        terms = frozenset(terms)
        self._terms, self._known = terms, terms.union(known)
        self._near: dict[str, set[str]] = defaultdict(set)
        for word in terms:
            if len(word) >= SHORTEST_MENDED:
                for shortened in _shortened(word):
                    self._near[shortened].add(word)

    def __call__(self, word: str) -> str:
        """Return the term's stem that this one means; itself, where there is none."""
        if word in self._known or len(word) < SHORTEST_MENDED:
            return word
        if word[-2:] in _SLIPPED_ING and word[:-2] in self._terms:
            return word[:-2]
        near = set[str]().union(*(self._near.get(each, ()) for each in _shortened(word)))
        alike = [each for each in near if each[0] == word[0] and abs(len(each) - len(word)) <= 1]
        return min(alike, default=word)


def _shortened(word: str) -> set[str]:
    """Return the word, and all that it is with one letter less.

    Two words that share one of these are a letter added, lost, changed or two swapped apart.
    """
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


_SLIPPED_ING = ("ng", "ig", "in")  # "ing" with a letter less, which no stem has lost
_ENDINGS = (
    *((f"i{z}{rest}", "") for rest in ("ations", "ation", "ers", "er") for z in "sz"),
    *((f"i{z}{rest}", "") for rest in ("ed", "ing", "es", "e") for z in "sz"),
    *((ending, "") for ending in ("ations", "ation", "ities", "ility", "ings", "ing", "ers", "er")),
    ("ies", "y"),
    *((ending, "") for ending in ("ed", "es", "ly", "s", "e")),
)
_OF_QUESTIONS = """
    whats isnt dont doesnt cant
    please pls tell us about explain explained define definition mean means meaning get gets got
    example instance eg
"""
_COMMON = COMMON.union(_OF_QUESTIONS.split())
