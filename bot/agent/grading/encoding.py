"""Sentences as vectors: an encoder that needs no model, and two together."""

import re
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np

from bot.agent.grading.language.language import Language
from bot.agent.grading.words import stem, words
from bot.agent.vectors import Encoder, Vectors

WIDTH = 2048
MEANING_SHARE = 0.6  # of both; 0.5 to 0.7 did equally well on the labelled set
_PAIR, _PIECE = 0.5, 0.35  # what a pair of words and a piece of one count beside a whole word


class WordEncoder:
    """Compares the words themselves, by stem, in pairs, and by their pieces against misspelling."""

    def __init__(self, language: Language) -> None:
        """Take the language that tells which words count, and what their stems are."""
        self._language = language

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each text, shape (texts, WIDTH); zeros for one without words."""
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for feature, weight in _features(text, self._language):
                row[crc32(feature.encode()) % WIDTH] += weight
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


class BothEncoder:
    """Compares meaning and words: what one of them overlooks, the other may see."""

    def __init__(self, meaning: Encoder, language: Language) -> None:
        """Take a sentence encoder, and the language of the words."""
        self._meaning = meaning
        self._words = WordEncoder(language)

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """Return vectors whose cosine is the weighted mean of both.

        Raises:
            ToolError: the sentence encoder gave no answer.
        """
        meant = np.asarray(await self._meaning.encode(texts), np.float32)
        said = await self._words.encode(texts)
        return np.concatenate([meant * MEANING_SHARE**0.5, said * (1 - MEANING_SHARE) ** 0.5], 1)


def _features(text: str, language: Language) -> list[tuple[str, float]]:
    glue = language.lexicon.glue
    kept = [stem(word, language) for word in words(text) if word not in glue]
    found = [(one, 1.0) for one in kept]
    found += [(f"{a} {b}", _PAIR) for a, b in pairwise(kept)]
    for one in kept:
        pieces = re.findall(r"(?=(....))", f"^{one}$") if len(one) > 3 else []
        found += [(f"~{piece}", _PIECE / max(1, len(pieces)) ** 0.5) for piece in pieces]
    return found
