from datetime import timedelta

import pytest

from bot.domain.errors import NotFound, UnusableAnswer
from bot.domain.lesson.teachback import Graded, Grading, Verdict, follow_up, grounded
from bot.domain.mode import Mode
from curriculum.kinds.teachback import Criterion
from tests.fakes.clock import NOW

SAID = "It gives every token\na probability.  The sampler picks."
GRADING = Grading(
    (Graded("odds", Verdict.MET, "every token"), Graded("pick", Verdict.MISSED)), Mode.NOTES, NOW
)
RUBRIC = (
    Criterion(id="odds", says="Every token gets a probability."),
    Criterion(id="pick", says="Picking is a separate job.", ask="Who picks?"),
    Criterion(id="loop", says="It goes round again."),
)


@pytest.mark.parametrize(
    ("quote", "kept"),
    [
        ("every token", "every token"),
        ("every token a probability.", "every token\na probability."),
        ("a probability. The sampler", "a probability.  The sampler"),
    ],
)
def test_evidence_is_the_learners_own_words_as_they_stand(quote: str, kept: str) -> None:
    assert grounded(Graded("odds", Verdict.MET, quote), SAID).evidence == kept
    assert kept in SAID


@pytest.mark.parametrize("quote", ["", "  ", "each token", "Every token", "picks. It gives"])
def test_met_without_the_learners_words_cant_be_told(quote: str) -> None:
    assert grounded(Graded("odds", Verdict.MET, quote), SAID) == Graded("odds", Verdict.UNSURE)


def test_what_is_not_met_quotes_nothing() -> None:
    found = grounded(Graded("odds", Verdict.MISSED, "every token"), SAID)
    assert found == Graded("odds", Verdict.MISSED)


def test_the_question_pushes_to_the_first_that_is_not_yet_met() -> None:
    assert follow_up(RUBRIC[:2], GRADING) == ("pick", "Who picks?")


def test_without_a_miss_the_question_goes_to_what_cant_be_told() -> None:
    met = GRADING.overruled("pick", Verdict.MET, 9, NOW)
    name, question = follow_up(RUBRIC, met) or ("", "")
    assert name == "loop"
    assert "It goes round again" in question


def test_nothing_is_asked_where_all_is_met() -> None:
    assert follow_up(RUBRIC[:2], GRADING.overruled("pick", Verdict.MET, 9, NOW)) is None


def test_an_override_wins_and_what_it_was_is_kept() -> None:
    once = GRADING.overruled("odds", Verdict.MISSED, 9, NOW + timedelta(hours=1))
    twice = once.overruled("odds", Verdict.MET, 8, NOW + timedelta(hours=2))
    assert once.verdict_on("odds") is Verdict.MISSED
    assert once.evidence_for("odds") == ""
    assert twice.evidence_for("odds") == "every token"
    assert [(o.by, o.was, o.now) for o in twice.overrides] == [
        (9, Verdict.MET, Verdict.MISSED),
        (8, Verdict.MISSED, Verdict.MET),
    ]
    assert twice.graded == GRADING.graded
    assert twice.is_overruled("odds")
    assert not twice.is_overruled("pick")


def test_an_override_needs_a_criterion_that_was_graded_and_another_verdict() -> None:
    with pytest.raises(NotFound, match="odds, pick"):
        GRADING.overruled("loop", Verdict.MET, 9, NOW)
    with pytest.raises(UnusableAnswer, match="not yet"):
        GRADING.overruled("pick", Verdict.MISSED, 9, NOW)


def test_a_criterion_that_is_new_to_the_file_cant_be_told() -> None:
    assert GRADING.verdict_on("loop") is Verdict.UNSURE
