"""A letter in a question is the learner's own: the tutor gets its words."""

import pytest

from bot.domain.lesson.kinds.base import Choice
from bot.domain.tutor.letters import spelt_out
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief, PastGuess

HERE = Source(1, step="pick")
OPTIONS = (Choice("C", "all at once", "A"), Choice("A", "a token", "B"), Choice("B", "a word", "C"))
GUESSED = Brief(here=HERE, guesses=(PastGuess(HERE, "Which?", "B: a token", True, "So.", OPTIONS),))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("why not C?", "why not C (a word)?"),
        ("Why is it B and not A?", "Why is it B (a token) and not A (all at once)?"),
        ("A is wrong, why?", "A (all at once) is wrong, why?"),
        ("B or C?", "B (a token) or C (a word)?"),
        ("A token, what's that?", "A token, what's that?"),
        ("why not D?", "why not D?"),
        ("what is vitamin-B for?", "what is vitamin-B for?"),
        ("why not c?", "why not c?"),
    ],
)
def test_a_short_question_gets_the_words_of_its_letters(asked: str, meant: str) -> None:
    assert spelt_out(asked, GUESSED) == meant


def test_a_long_question_and_one_before_the_guess_stay_as_they_are() -> None:
    long = "I have a server with two disks called B and C, which of the two is faster?"
    assert spelt_out(long, GUESSED) == long
    assert spelt_out("why not C?", Brief(here=HERE)) == "why not C?"
    elsewhere = Brief(here=Source(2, step="x"), guesses=GUESSED.guesses)
    assert spelt_out("why not C?", elsewhere) == "why not C?"
