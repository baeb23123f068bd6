"""How well teach-backs are graded, against labels: agreement, "can't tell", attacks met."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.agent.grading.grader import Grader
from bot.agent.grading.language.language import Language
from bot.agent.grading.language.loader import load_language
from bot.agent.grading.notes import NotesGrader
from bot.domain.lesson.teachback import Verdict
from bot.settings import Settings
from bot.usecases.lesson.ports import GradeWords
from bot.wiring.engines import build_encoder
from bot.wiring.tutors import build_grader
from curriculum.kinds.teachback import TeachbackStep
from curriculum.loader import load_course
from tests.eval.table import Share

AGREED, UNSURE = 0.85, 0.15  # the goals: at least, at most
FILE = Path(__file__).parent / "teachbacks.yaml"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A teach-back, and the criteria that a careful reader finds met."""

    said: str
    met: frozenset[str]


@dataclass(frozen=True, slots=True)
class Labels:
    """All that was labelled, and in which language. Weights are fitted on `fitted` alone."""

    language: Language
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
        load_language(data["language"]),
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


async def measure() -> list[Share]:
    """Return the shares of `make eval`: graded as the settings say, then by the words alone."""
    settings = Settings()
    encoder = build_encoder(settings)
    configured = build_grader(settings, encoder)
    try:
        found = await _shares("teach-backs", configured)
    finally:
        await configured.close()
        if encoder is not None:
            encoder.close()
    by_words = Grader(NotesGrader(labels().language))
    return found + await _shares("teach-backs by words", by_words, is_goal=False)


async def _shares(name: str, grade: GradeWords, *, is_goal: bool = True) -> list[Share]:
    known, shares = labels(), []
    parts = {
        "fitted": (known.step, known.fitted),
        "held out": (known.step, known.held_out),
        "other rubric": (known.other_step, known.other),
    }
    for part, (step, rows) in parts.items():
        found = await score(grade, step, rows)
        least = AGREED if is_goal and part == "held out" else None
        shares.append(_share(f"{name}, {part}: agree", found, _agrees, least=least))
        told = 1 - UNSURE if least else None
        shares.append(_share(f"{name}, {part}: can tell", found, _tells, least=told))
        if part == "held out":
            shares += [
                _share(f"  {criterion}: agree", found, _agrees, criterion)
                for criterion in found.counts
            ]
    met = await met_by(grade, known.step, known.attacks)
    size = len(known.attacks)
    return [*shares, Share(f"{name}, attacks: nothing met", size - len(met), size, 1.0)]


def _share(
    name: str,
    found: Score,
    holds: Callable[[str, str], bool],
    criterion: str | None = None,
    least: float | None = None,
) -> Share:
    chosen = [c for one, c in found.counts.items() if criterion in (None, one)]
    hits = sum(n for one in chosen for pair, n in one.items() if holds(*pair))
    return Share(name, hits, sum(sum(one.values()) for one in chosen), least)


def _agrees(wanted: str, given: str) -> bool:
    return wanted == given


def _tells(wanted: str, given: str) -> bool:
    return given != "unsure"


def _rows(found: Sequence[dict[str, Any]]) -> tuple[Labelled, ...]:
    return tuple(Labelled(row["said"], frozenset(row["met"])) for row in found)
