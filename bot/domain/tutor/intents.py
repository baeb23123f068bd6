"""What somebody wants of the tutor itself, told from their words: to be quizzed, to be shown. Pure.

A text is an intent if all of it says so. What is left over, such as `for the cache`, makes it a
question about the course; only a quiz and a showing take a topic.
"""

import re
from dataclasses import dataclass
from enum import Enum

from bot.domain.tutor.intent_words import SAID
from bot.domain.tutor.small_talk import SmallTalk, small_talk
from bot.domain.words import squeezed

LONGEST = 12  # words: a longer text says more than an intent does
TOPIC = 6  # words of a topic, at most


class Intent(Enum):
    """What a learner wants who asks nothing of the course."""

    NEXT = "next"
    QUIZ = "quiz"
    LOST = "lost"
    SIMPLER = "simpler"
    THANKS = "thanks"
    HELLO = "hello"
    GUESS = "guess"  # how theirs was
    HOW_LONG = "how_long"
    SHOW = "show"
    DISAGREE = "disagree"
    ABOUT = "about"  # what the tutor is, and what there is to do


@dataclass(frozen=True, slots=True)
class Meant:
    """An intent, and what it is about where it names that."""

    intent: Intent
    topic: str = ""


def intent_of(text: str, *, is_reply: bool = False, is_elsewhere: bool = False) -> Meant | None:
    """Return what a text wants of the tutor; None for a question, or anything else.

    Args:
        text: As it was written.
        is_reply: Whether it follows an answer.
        is_elsewhere: Whether the course has nothing on it; see `small_talk`.
    """
    said = _bare(text)
    if said and len(said.split()) <= LONGEST and not _QUOTED.search(text):
        for name, pattern in SAID:
            if found := pattern.fullmatch(said):
                leans = is_reply and _OF_THE_ANSWER.fullmatch(said)
                return None if leans else Meant(Intent(name), _topic(found))
    talk = small_talk(text, is_reply=is_reply, is_elsewhere=is_elsewhere)
    return None if talk is None else Meant(_TALK[talk])


def _bare(text: str) -> str:
    """Return a text's words without what only leads up to them or trails off."""
    said = squeezed(re.sub(r"['’`]", "", text))
    while (shorter := _TRAILING.sub("", _LEADING.sub("", said))) != said:
        said = shorter
    return said


def _topic(found: re.Match[str]) -> str:
    topic = _ARTICLE.sub("", next(filter(None, found.groupdict().values()), ""))
    return "" if topic in _NO_TOPIC or len(topic.split()) > TOPIC else topic


_TALK = {
    SmallTalk.STUCK: Intent.LOST,
    SmallTalk.ASKS: Intent.ABOUT,
    SmallTalk.GREETING: Intent.HELLO,
    SmallTalk.THANKS: Intent.THANKS,
}
_QUOTED = re.compile(r'["“”„«»]')
_LEADING = re.compile(
    r"^(?:so|ok|okay|and|but|hmm+|well|um+|oh|ah|now|no|please|pls|hey|hi|hello|hunch|then|also|maybe"
    r"|alright|sorry|wait|really|honestly"
    r"|(?:can|could|would|will) (?:you|u|we)|i(?:d| would) like(?: you)? to|i want(?: you)? to"
    r"|im done(?: here)?|thanks|thank you)\s+"
)
_TRAILING = re.compile(
    r" (?:please|pls|plz|then|though|hunch|for me|again|a bit|a little|now|here|thanks|exactly)$"
)
_ARTICLE = re.compile(r"^(?:the|a|an|my|some|any of|what i know (?:about|of|on))\s+")
# after an answer these ask about what it told
_OF_THE_ANSWER = re.compile(
    r"how (?:much|many steps|many questions|long)(?: (?:is|are|does|will|would) (?:it|this|that))?"
    r"(?: take| last| be| need)?|what (?:comes|is the) next(?: one| step| thing)?"
)
_NO_TOPIC = ("this", "that", "it", "anything", "something", "me", "these", "those", "everything")
