"""Letters of options in a question, put in words: every learner has letters of their own."""

import re

from bot.domain.lesson.kinds.base import Choice
from bot.domain.tutor.talk import Brief

SHORT = 10  # words: in a longer question a lone capital is hardly an option
_AS_OPTION = r"(?=\s*(?:$|[?.,;!)]|(?:is|was|isn't|wasn't|or)\b))"  # else A is an article
_LETTER = re.compile(rf"(?<![\w'’.-])([B-E]|A{_AS_OPTION})(?![\w'’-])")


def spelt_out(text: str, brief: Brief) -> str:
    """Return a short question with each option's text behind its letter: `why not B (…)?`.

    The letters are those of the guess at the step where the learner stands; without one, and where
    the step has no such letter, the text stays as it is.
    """
    options = _options(brief)
    if not options or len(text.split()) > SHORT:
        return text
    words = {option.letter: option.text for option in options}
    return _LETTER.sub(lambda found: _named(found[1], words), text)


def _options(brief: Brief) -> tuple[Choice, ...]:
    guessed = (made.options for made in brief.guesses if made.source == brief.here)
    return next(guessed, ())


def _named(letter: str, words: dict[str, str]) -> str:
    return f"{letter} ({words[letter]})" if letter in words else letter
