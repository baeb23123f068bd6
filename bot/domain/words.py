"""Texts compared by what they say: words without their endings, sentences, figures."""

import re
import unicodedata
from functools import lru_cache


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
    return frozenset(_stem(word) for word in words if word not in _MEANINGLESS)


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


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ities", "ility", "ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


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
