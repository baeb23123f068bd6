"""Gradings as rows, one a criterion, and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, select, update

from bot.domain.lesson.teachback import Graded, Grading, Override, Verdict
from bot.domain.mode import Mode
from bot.store.tables.lesson import TEACHBACK

_HERE = (
    TEACHBACK.c.attempt_id == bindparam("which"),
    TEACHBACK.c.step == bindparam("where"),
)
LOAD: Select[Any] = select(TEACHBACK).where(*_HERE).order_by(TEACHBACK.c.place)
FORGET = delete(TEACHBACK).where(*_HERE)
OVERRULE = update(TEACHBACK).where(*_HERE, TEACHBACK.c.criterion == bindparam("what"))


def rows_of(attempt_id: int, step: str, grading: Grading) -> list[dict[str, Any]]:
    """Return what is stored of a grading."""
    return [
        {
            "attempt_id": attempt_id,
            "step": step,
            "criterion": one.criterion,
            "place": place,
            "verdict": one.verdict.value,
            "evidence": one.evidence,
            "mode": grading.mode.value,
            "at": grading.at,
            "overrides": overrides_of(grading, one.criterion),
        }
        for place, one in enumerate(grading.graded)
    ]


def overrides_of(grading: Grading, criterion: str) -> list[dict[str, Any]]:
    """Return a criterion's overrides as JSON, first to last."""
    return [
        {"by": one.by, "at": one.at.isoformat(), "was": one.was.value, "now": one.now.value}
        for one in grading.overrides
        if one.criterion == criterion
    ]


def grading_of(rows: Sequence[Row[Any]]) -> Grading | None:
    """Return the grading that rows hold; None for no rows."""
    if not rows:
        return None
    graded = tuple(Graded(row.criterion, Verdict(row.verdict), row.evidence) for row in rows)
    overrides = [_override(row.criterion, kept) for row in rows for kept in row.overrides]
    overrides.sort(key=lambda one: one.at)
    return Grading(graded, Mode(rows[0].mode), rows[0].at, tuple(overrides))


def _override(criterion: str, kept: dict[str, Any]) -> Override:
    at = datetime.fromisoformat(kept["at"])
    return Override(criterion, kept["by"], at, Verdict(kept["was"]), Verdict(kept["now"]))
