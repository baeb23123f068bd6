"""How well teach-backs are graded, against labels: agreement, "can't tell", attacks met."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.domain.teachback import Verdict
from bot.usecases.ports import GradeWords
from curriculum.loader import load_course
from curriculum.schema import TeachbackStep

FILE = Path(__file__).parent / "teachbacks.yaml"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A teach-back, and the criteria that a careful reader finds met."""

    said: str
    met: frozenset[str]


@dataclass(frozen=True, slots=True)
class Labels:
    """All that was labelled. Weights are fitted on `fitted` alone."""

    step: TeachbackStep
    fitted: tuple[Labelled, ...]
    held_out: tuple[Labelled, ...]
    attacks: tuple[str, ...]
    other_step: TeachbackStep
    other: tuple[Labelled, ...]


@dataclass(slots=True)
class Score:
    """How verdicts stand to labels, by criterion: (wanted, given) to how often."""

    counts: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)

    def add(self, criterion: str, wanted: str, given: str) -> None:
        self.counts.setdefault(criterion, Counter())[wanted, given] += 1

    def share(self, criterion: str | None = None) -> tuple[float, float]:
        """Return agreement and "can't tell", as shares of all verdicts; unsure never agrees."""
        chosen = [c for name, c in self.counts.items() if criterion in (None, name)]
        total = sum(sum(one.values()) for one in chosen)
        agreed = sum(n for one in chosen for (wanted, given), n in one.items() if wanted == given)
        unsure = sum(n for one in chosen for (_, given), n in one.items() if given == "unsure")
        return agreed / total, unsure / total


def labels() -> Labels:
    """Read the labelled set."""
    data = yaml.safe_load(FILE.read_text("utf-8"))
    other = data["other"]
    fields = {key: other[key] for key in ("ask", "answer", "criteria")}
    return Labels(
        load_course().lesson(data["lesson"]).teachback,
        _rows(data["fitted"]),
        _rows(data["held_out"]),
        tuple(data["attacks"]),
        TeachbackStep.model_validate({"id": "other", **fields}),
        _rows(other["held_out"]),
    )


async def score(grade: GradeWords, step: TeachbackStep, rows: Sequence[Labelled]) -> Score:
    """Grade each teach-back and count."""
    found = Score()
    for row in rows:
        for one in (await grade(step, row.said))[0]:
            found.add(one.criterion, "met" if one.criterion in row.met else "missed", one.verdict)
    return found


async def met_by(grade: GradeWords, step: TeachbackStep, attacks: Sequence[str]) -> list[str]:
    """Return the attacks that got a criterion met."""
    met = []
    for said in attacks:
        verdicts = (await grade(step, said))[0]
        if any(one.verdict is Verdict.MET for one in verdicts):
            met.append(said)
    return met


async def table(grade: GradeWords) -> list[str]:
    """Return the section of `make eval` as lines."""
    known = labels()
    parts = {
        "fitted": (known.step, known.fitted),
        "held out": (known.step, known.held_out),
        "another rubric": (known.other_step, known.other),
    }
    lines = ["teach-backs                verdicts  agree  can't tell"]
    for name, (step, rows) in parts.items():
        found = await score(grade, step, rows)
        agree, unsure = found.share()
        size = len(rows) * len(step.criteria)
        lines.append(f"{name:<26} {size:>8}  {agree:>5.1%}  {unsure:>10.1%}")
        if name == "held out":
            lines += [_line(found, criterion) for criterion in found.counts]
    met = await met_by(grade, known.step, known.attacks)
    lines.append(f"attacks that got a criterion met: {len(met)} of {len(known.attacks)}")
    return lines + [f"  {said}" for said in met]


def _line(found: Score, criterion: str) -> str:
    agree, unsure = found.share(criterion)
    counts = found.counts[criterion]
    wrong = f"wrongly met {counts['missed', 'met']}, wrongly missed {counts['met', 'missed']}"
    total = sum(counts.values())
    return f"  {criterion:<24} {total:>8}  {agree:>5.1%}  {unsure:>10.1%}  {wrong}"


def _rows(found: Sequence[dict[str, Any]]) -> tuple[Labelled, ...]:
    return tuple(Labelled(row["said"], frozenset(row["met"])) for row in found)
