"""A follow-up as a whole question: what it leans on is carried over, what it gives anew replaces.

Told from the talk's own words; no model is asked.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.agent.sizing import Sum, sum_after, sum_of
from bot.domain.tutor.plain_words import PLAIN
from bot.domain.words import squeezed, stems

NamesIn = Callable[[str], Sequence[str]]  # the course's terms that a text names
LONGEST = 12  # words: what is longer says what it is about

_LEAD = r"^\W*(?:(?:ok|okay|thanks|thank you|hm+|well|so|and|but|then|or)\b\W*)*"
_OPENS = re.compile(
    r"^\W*(?:(?:ok|okay|thanks|hm+|well)\W+)*(?:and|but|so|then|or|what about|how about|why"
    r"|how come|what if|in|on|at|with|for|per)\b",
    re.I,
)
_OF_ITSELF = re.compile(
    rf"{_LEAD}(?:what(?:'s| is| are| does| do)\b|explain\b|define\b|how do(?:es)?\b|which\b)", re.I
)
_EMPTY_IT = re.compile(
    r"\bis it (?:\w+ (?:to|that)|true|possible|normal|ok|okay|worth|enough|safe)\b"
    r"|\bit (?:takes?|seems|matters?)\b|\bdoes it (?:take|matter)\b",
    re.I,
)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|those|these|that|this|the (?:other|same|first|second)(?: one)?"
    r"|tell me more|simpler|more simply)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class WholeQuestion:
    """A question that stands by itself.

    Attributes:
        text: What to search for.
        computes: What is asked to be computed, if anything.
        about: What to put in front of it where it turns out to be about nothing by itself.
    """

    text: str
    computes: Sum | None = None
    about: str = ""


def whole(asked: str, earlier: Sequence[str], named: NamesIn) -> WholeQuestion:
    """Return a question with what it leans on.

    Args:
        asked: In the learner's words.
        earlier: The questions before it, the latest last; each may itself lean on the one before.
        named: Finds the course's terms in a text.
    """
    found = WholeQuestion("")
    for text in (*earlier, asked):
        found = _after(text, found, named)
    return found


def _after(text: str, before: WholeQuestion, named: NamesIn) -> WholeQuestion:
    own, subject = named(text), _subject(before, named)
    is_short = len(text.split()) <= LONGEST
    if not before.text or not is_short:
        return WholeQuestion(text, sum_of(text), "" if own else subject)
    if before.computes and not (own and _OF_ITSELF.match(text)):
        computes = sum_of(text) or sum_after(text, before.computes)
        if computes is not None:
            return WholeQuestion(f"{before.text} {text}", computes)
    if _leans(text, own):
        return WholeQuestion(f"{subject} {text}", sum_of(f"{subject} {text}"))
    return WholeQuestion(text, sum_of(text), "" if own else subject)


def _leans(text: str, own: Sequence[str]) -> bool:
    """Whether a short text points back, or says nothing by itself."""
    if _POINTS.search(_EMPTY_IT.sub("", text)) or not stems(text):
        return True
    return not own and (_OPENS.match(text) is not None or PLAIN.issuperset(squeezed(text).split()))


def _subject(before: WholeQuestion, named: NamesIn) -> str:
    """Return what was spoken of: the terms that were named, else all that was said."""
    return " ".join(dict.fromkeys(named(before.text))) or before.text
