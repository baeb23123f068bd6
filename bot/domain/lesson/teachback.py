"""What grading found in a teach-back, and what an instructor said to that. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import NotFound, UnusableAnswer
from bot.domain.mode import Mode
from curriculum.kinds.teachback import Criterion


class Verdict(StrEnum):
    """Whether a criterion is met; cards say "met", "not yet", "can't tell"."""

    MET = "met"
    MISSED = "missed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Graded:
    """The verdict on one criterion; `evidence` is the learner's own words, or empty."""

    criterion: str
    verdict: Verdict
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """An instructor's word against a verdict."""

    criterion: str
    by: int  # the instructor's id
    at: datetime
    was: Verdict
    now: Verdict


@dataclass(frozen=True, slots=True)
class Grading:
    """All verdicts on one teach-back. Overrides are kept in order; the last one wins.

    Attributes:
        graded: A verdict for each criterion, as the grader gave it.
        mode: Who graded it.
        at: When.
        overrides: What instructors said to it, first to last.
    """

    graded: tuple[Graded, ...]
    mode: Mode
    at: datetime
    overrides: tuple[Override, ...] = ()

    def verdict_on(self, criterion: str) -> Verdict:
        """Return the verdict that holds; "can't tell" for a criterion that is new to the file."""
        said = [one.now for one in self.overrides if one.criterion == criterion]
        given = [one.verdict for one in self.graded if one.criterion == criterion]
        return (said or given or [Verdict.UNSURE])[-1]

    def evidence_for(self, criterion: str) -> str:
        """Return the learner's own words behind a verdict of "met"; else nothing."""
        if self.verdict_on(criterion) is not Verdict.MET:
            return ""
        return next((one.evidence for one in self.graded if one.criterion == criterion), "")

    def is_overruled(self, criterion: str) -> bool:
        """Whether an instructor has spoken on a criterion."""
        return any(one.criterion == criterion for one in self.overrides)

    def overruled(self, criterion: str, now: Verdict, by: int, at: datetime) -> "Grading":
        """Return the grading with an instructor's verdict on one criterion.

        Raises:
            NotFound: it wasn't graded on that criterion.
            UnusableAnswer: that is the verdict already.
        """
        if all(one.criterion != criterion for one in self.graded):
            there = ", ".join(one.criterion for one in self.graded)
            raise NotFound(f"There is no such criterion. There is: {there}.")
        was = self.verdict_on(criterion)
        if was is now:
            raise UnusableAnswer(f"It stands at “{SAID[now]}” already. Nothing changed.")
        return replace(self, overrides=(*self.overrides, Override(criterion, by, at, was, now)))


SAID = {Verdict.MET: "met", Verdict.MISSED: "not yet", Verdict.UNSURE: "can't tell"}


def grounded(graded: Graded, said: str) -> Graded:
    """Return a verdict that rests on the learner's own words; "met" without them can't be told."""
    quote = _quoted(graded.evidence, said)
    if graded.verdict is Verdict.MET and not quote:
        return Graded(graded.criterion, Verdict.UNSURE)
    return replace(graded, evidence=quote if graded.verdict is Verdict.MET else "")


def follow_up(criteria: Sequence[Criterion], grading: Grading) -> tuple[str, str] | None:
    """Return one criterion's id and the question that pushes towards it; None: nothing is left.

    The first that is not yet met comes first, then the first that can't be told.
    """
    for wanted in (Verdict.MISSED, Verdict.UNSURE):
        for criterion in criteria:
            if grading.verdict_on(criterion.id) is wanted:
                return criterion.id, criterion.ask or _question(criterion.says)
    return None


def _question(says: str) -> str:
    plain = says.strip().rstrip(".!")
    return f"How would you explain this one: “{plain}”?"


def _quoted(quote: str, said: str) -> str:
    """Return the place of a quotation in a text as it stands there; empty where it isn't."""
    wanted, plain = " ".join(quote.split()), said
    if not wanted:
        return ""
    if wanted in plain:
        return wanted
    return _across_lines(wanted.split(" "), plain)


def _across_lines(parts: Sequence[str], said: str) -> str:
    """Find words that follow each other with any white space between."""
    start = said.find(parts[0])
    while start >= 0:
        end = start
        for part in parts:
            while end < len(said) and said[end].isspace():
                end += 1
            if not said.startswith(part, end):
                break
            end += len(part)
        else:
            return said[start:end]
        start = said.find(parts[0], start + 1)
    return ""
