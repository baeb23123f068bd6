"""What is said to the grader rather than to a colleague: orders, pleas, roles, things in code.

A text that holds any of it can't have a criterion met by a machine: an instructor has to look.
"""

import re

from bot.agent.grading.language.language import Language
from bot.agent.grading.words import stem, words

_JSON = re.compile(r"[{\[]\s*[\"'{][^{}\[\]]*[\"']\s*:")
_CODED = re.compile(
    r"(?<![\w/+])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[0-9a-z])[A-Za-z0-9+/]{24,}={0,2}"
)
_HEXED = re.compile(
    r"\b(?:[0-9a-f]{2}[\s:]?){12,}\b|(?:%[0-9a-f]{2}){6,}|(?:\\u[0-9a-f]{4}){4,}", re.I
)
FEWEST_TOLD = 4  # words; fewer could be of any language


def is_addressed_to_grader(
    text: str, language: Language, ids: frozenset[str] = frozenset()
) -> bool:
    """Whether a text gives orders, pleads, plays a role, or brings its own verdicts.

    Args:
        text: What the learner wrote.
        language: How orders and roles are worded in it.
        ids: The criteria's ids, which a learner never sees; a one-word id may be plain English.
    """
    plain = text.replace("’", "'")
    if any("-" in one and one in plain.casefold() for one in ids):
        return True
    signs = (language.guard.orders, language.guard.roles, _JSON, _CODED, _HEXED)
    return any(sign.search(plain) for sign in signs)


def is_in_another_language(text: str, language: Language) -> bool:
    """Whether a text isn't in the language of the rubric, so that comparing them tells nothing."""
    grammar, lexicon = language.grammar, language.lexicon
    letters = [c for c in text if c.isalpha()]
    own = {*language.alphabet, *language.alphabet.upper()}
    if sum(c in own for c in letters) < grammar.letters * len(letters):
        return True
    said = words(text)
    if len(said) < FEWEST_TOLD:
        return False
    elsewhere = lexicon.foreign - lexicon.glue
    foreign = sum(word in elsewhere for word in said) / len(said)
    native = sum(word in lexicon.glue for word in said) / len(said)
    return foreign > grammar.foreign and foreign > native


def repeats(said: str, asked: str, language: Language) -> bool:
    """Whether words only repeat what was asked."""
    own, theirs = _content(said, language), _content(asked, language)
    return len(own & theirs) >= 0.8 * len(own)


def _content(text: str, language: Language) -> set[str]:
    return {stem(word, language) for word in words(text) if word not in language.lexicon.glue}
