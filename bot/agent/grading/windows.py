"""What is held against a rubric: one to three clauses that a text claims, and which way round.

text → sentences → clauses → windows
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.agent.grading.clauses import Clause, clauses_of
from bot.agent.grading.language.language import Language
from bot.agent.grading.words import words

LONGEST_WINDOW = 3
LONGEST_SENTENCE = 45  # words; the meaning of a longer one is blurred


@dataclass(frozen=True, slots=True)
class TextWindow:
    """What is compared with a rubric at one time.

    Attributes:
        text: The learner's own words, as they stand.
        negated: Whether an odd number of things turns its meaning round.
        stays: The same, where "stays" counts as "doesn't change"; None where one clause undoes it.
        of_few: Whether it says so of a few only.
        is_weak: As of a clause.
    """

    text: str
    negated: bool
    stays: bool | None
    of_few: bool
    is_weak: bool


def windows(text: str, language: Language) -> tuple[TextWindow, ...]:
    """Return all that a text claims, in pieces of one to three clauses, and whole sentences."""
    found = {}
    clauses = clauses_of(text, language)
    for number in {clause.sentence for clause in clauses}:
        own = [clause for clause in clauses if clause.sentence == number]
        for first in range(len(own)):
            for last in range(first, len(own)):
                run = own[first : last + 1]
                is_whole = len(run) == len(own)
                if len(run) > LONGEST_WINDOW and not is_whole:
                    break
                window = _window(text, run, language)
                if window and (len(run) == 1 or len(words(window.text)) <= LONGEST_SENTENCE):
                    found[window.text] = window
    return tuple(found.values())


def phrases(text: str, language: Language) -> tuple[TextWindow, ...]:
    """Return a phrase of a rubric in one piece; in more where one negates and another doesn't."""
    run = [clause for clause in clauses_of(text, language) if clause.is_claim]
    whole = _window(text, run, language) if run else None
    if whole is None:
        return (TextWindow(text, False, bool(_stays(text, language)), False, False),)
    if len({clause.turns % 2 for clause in run}) == 1:
        return (whole,)
    return tuple(found for clause in run if (found := _window(text, [clause], language)))


def scope(text: str, language: Language) -> int:
    """Return 1 where a phrase speaks of all there are, -1 where of a few only, else 0."""
    if language.marks.only_some.search(text):
        return -1
    if language.lexicon.all & set(words(text)):
        return 1
    return -1 if language.marks.few.search(text) else 0


def speaks_of_change(text: str, language: Language) -> bool:
    """Whether a phrase says that something stays or changes."""
    lexicon = language.lexicon
    return bool(set(words(text)) & (lexicon.stasis | lexicon.change)) or _stays(text, language) > 0


def _window(text: str, run: Sequence[Clause], language: Language) -> TextWindow | None:
    if not all(clause.is_claim for clause in run):
        return None
    said = text[run[0].start : run[-1].end].strip(" ,:-–—\"'()")
    if len(words(said)) < 2:
        return None
    is_weak = any(clause.is_weak for clause in run)
    meant = [c.turns + _stays(text[c.start : c.end], language) for c in run]
    is_odd = any(turns % 2 for turns in meant)
    is_torn = is_odd and any(turns and turns % 2 == 0 for turns in meant)
    return TextWindow(
        text=said,
        negated=any(clause.turns % 2 for clause in run),
        stays=None if is_torn else is_odd,
        of_few=scope(said, language) < 0,
        is_weak=is_weak,
    )


def _stays(text: str, language: Language) -> int:
    """Return 1 where a text says that something stays as it is."""
    plain = text.casefold()
    says = not language.lexicon.stasis.isdisjoint(words(plain))
    return int(says or language.marks.same.search(plain) is not None)
