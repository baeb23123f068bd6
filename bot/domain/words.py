"""Texts compared by what they say: words without their endings, sentences, figures."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 3  # letters that a stem keeps


def squeezed(text: str) -> str:
    """Return a text's words in one line, without case, accents, signs and what doesn't show."""
    return " ".join(re.findall(r"[^\W_]+", plain(text)))


def plain(text: str) -> str:
    """Return text without case, accents, width and marks that don't show; its signs stay."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if c == "\n" or unicodedata.category(c)[0] not in "MC")


@lru_cache(maxsize=4096)  # the same passages are held against every question
def stems(text: str) -> frozenset[str]:
    """Return the words that carry meaning, cut to what their forms share."""
    words = re.findall(r"[^\W_]+", plain(text))
    return frozenset(cut(word, _ENDINGS) for word in words if word not in _MEANINGLESS)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences and clauses of a text, in order; an empty line ends one too."""
    return tuple(s for s in re.split(r"(?<=[.!?;:])\s+|\n{2,}", text.strip()) if s)


def figures(text: str) -> tuple[tuple[str, str], ...]:
    """Return each number in digits, however its thousands are marked, and what follows it."""
    line = plain(text)
    found = re.finditer(r"\d[\d.,'_ ]*\d|\d", line)
    return tuple((digits(m.group()), line[m.end() : m.end() + 24].strip()) for m in found)


def digits(figure: str) -> str:
    """Return only the digits of a number."""
    return re.sub(r"\D", "", figure)


def cut(word: str, endings: Iterable[tuple[str, str]], shortest: int = SHORTEST) -> str:
    """Return a word with its first known ending replaced, where enough of it is left.

    Args:
        word: In lower case.
        endings: What it may end in, and what stands there instead; the longer before the shorter.
        shortest: The fewest letters that must be left before the ending.
    """
    for ending, left in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word.removesuffix(ending) + left
    return word


def undoubled(word: str, kept: str = "") -> str:
    """Return a word without the second of two equal last letters, but for those that are kept."""
    has_twin = len(word) > SHORTEST and word[-1] == word[-2] and word[-1] not in kept
    return word[:-1] if has_twin else word


_ENDINGS = tuple(
    (ending, "")
    for ending in ("ations", "ation", "ities", "ility", "ings", "ing", "ies", "ed", "es", "s")
)
_COMMON_WORDS = """
    a an the and or but so that this these those it its is are was were be been of in on at to for
    from with by as into out up one there then than not no nor do does did has have had you your
    they them their we our he she his her i me my what which who when where how why if can could
    will would may might must just only very more most all any some
"""
COMMON = frozenset(_COMMON_WORDS.split())
_CUT_OFF = """
    doesn don isn aren wasn weren won wouldn couldn shouldn hasn haven hadn didn ain t s re ve ll d
"""
_MEANINGLESS = COMMON.union(_CUT_OFF.split())  # and what apostrophes leave of words
