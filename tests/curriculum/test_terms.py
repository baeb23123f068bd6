"""Terms that a lesson uses before they are taught."""

import pytest

from curriculum.check import check
from tests.curriculum.conftest import FIGURES, INSTRUMENTS, LESSON, edit, line_of

LATER = """- term: perplexity
  aliases: [PPL]
  everyday: [PPL]
  lesson: 2
  means: How many tokens a model wavers between.
"""
NEEDED = "text: A cook names one thing from the pantry"


@pytest.fixture
def said_of(folder):
    """Return what is said of a lesson whose passage says this."""
    glossary = folder / "glossary.yaml"
    glossary.write_text(glossary.read_text("utf-8") + LATER, "utf-8")

    def _said(passage):
        edit(folder / LESSON, NEEDED, f'text: "{passage}"\n    # {NEEDED}')
        return check(folder, FIGURES, INSTRUMENTS)

    return _said


@pytest.mark.parametrize("used", ["Mind the perplexity.", "Perplexity counts.", "Two perplexitys."])
def test_a_term_of_a_later_lesson_is_told_where_it_first_stands(said_of, folder, used):
    (problem,) = said_of(used)
    assert problem.text.startswith("'perplexity' is taught in lesson 2: say here what it is")
    assert problem.line == line_of(folder / LESSON, used)


@pytest.mark.parametrize(
    "used",
    [
        "A model wavers; *perplexity* says between how many. Perplexity again.",
        "That is perplexity, of lesson 2.",
        "Everybody here knows their PPL.",
        "Type `perplexity` for it.",
        "A perplexity-like thing.",
    ],
    ids=["in stars", "its lesson is named", "an everyday word", "code", "part of another word"],
)
def test_it_may_be_explained_pointed_at_or_known(said_of, used):
    assert said_of(used) == []
