"""What is said to a tutor that asks nothing of the course: a greeting, thanks, a sigh. Pure.

A text is small talk if it holds a cue and is made of plain words only. One word that isn't plain,
such as `cache`, makes it a question.
"""

import re
from enum import Enum

from bot.domain.tutor import plain_words as words
from bot.domain.words import squeezed


class SmallTalk(Enum):
    """What somebody wants who asks nothing of the course."""

    STUCK = "stuck"  # it is too hard, or they don't know how to go on
    ASKS = "asks"  # what this is, and what to do
    GREETING = "greeting"
    THANKS = "thanks"


_CUES = {
    SmallTalk.STUCK: (words.STUCK, words.STUCK_SAID),
    SmallTalk.ASKS: (words.ASKS, words.ASKS_SAID),
    SmallTalk.GREETING: (words.GREETING, words.GREETING_SAID),
    SmallTalk.THANKS: (words.THANKS, words.THANKS_SAID),
}
_PLAIN = words.PLAIN.union(*(cues for cues, _ in _CUES.values()))
_FEW = 5  # words: so short a greeting may hold a name
_OPENING = re.compile(
    r"^\W*(?:(?:hi|hey|hello|hiya|yo|ok|okay|thanks|thank you|thx|please|pls|good \w+ing)\b"
    r"(?: (?:hunch|there|all|everyone|again|so much|a lot))?[\s,.!;:…-]*)+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'["“”„«»].+["“”„«»]')  # asks about those words
_LIVELY = re.compile(r"([^\W\d_])\1{2,}|([aiuvxy])\2+\b")  # heyyy, hii


def small_talk(
    text: str, *, is_reply: bool = False, is_elsewhere: bool = False
) -> SmallTalk | None:
    """Return what a text wants, if it asks nothing of the course.

    Args:
        text: As it was written.
        is_reply: Whether it follows an answer: then `how does it work?` asks about that.
        is_elsewhere: Whether the course has nothing on it. Then a greeting or a sigh may hold a
            strange word, as a name is; and what names no topic at all is no other topic either.
    """
    if _QUOTED.search(text):
        return None
    said = squeezed(_LIVELY.sub(r"\1\2", re.sub(r"['’`]", "", text)))
    spoken = said.split()
    strange = sum(word not in _PLAIN for word in spoken)
    found = next((kind for kind in SmallTalk if _is(kind, spoken, said)), None)
    if is_elsewhere:
        is_named = found is SmallTalk.STUCK or (len(spoken) <= _FEW and spoken[0] in words.GREETING)
        return (found or SmallTalk.ASKS) if strange <= is_named else None
    is_question = is_reply and found is SmallTalk.ASKS
    return None if strange or is_question else found


def without_greeting(text: str) -> str:
    """Return a text without the greeting or the thanks that it opens with."""
    return _OPENING.sub("", text) or text


def _is(kind: SmallTalk, spoken: list[str], said: str) -> bool:
    cues, phrases = _CUES[kind]
    return not cues.isdisjoint(spoken) or phrases.search(said) is not None
