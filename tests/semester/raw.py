"""The rows of the database as they stand, read without the program."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.semester.ledger import Ledger, Rows

_MOMENTS = ("at", "due", "last", "changed", "begun", "since", "joined", "set_at", "reminded")
_JSON = ("ticked", "evidence", "before", "question", "weights")
_PLAIN = {("class_count", "before"), ("teachback", "evidence")}  # text under a name like those


def rows(database: Path, table: str) -> Rows:
    """Return a table's rows, moments as moments."""
    with closing(sqlite3.connect(database)) as file:
        file.row_factory = sqlite3.Row
        found = file.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
    return [{name: _read(table, name, row[name]) for name in row.keys()} for row in found]  # noqa: SIM118


def rows_of(database: Path, learner_id: int) -> dict[str, Rows]:
    """Return what counts are made of, of one learner, by table."""
    attempts = [row for row in rows(database, "attempt") if row["learner_id"] == learner_id]
    mine = {row["id"] for row in attempts}
    return {
        "attempt": attempts,
        "guess": [row for row in rows(database, "guess") if row["attempt_id"] in mine],
        "class_vote": [r for r in rows(database, "class_vote") if r["learner_id"] == learner_id],
    }


def all_rows(database: Path, ledger: Ledger, table: str) -> Rows:
    """Return a table's rows with those of learners who are gone: counts are kept of them."""
    return rows(database, table) + ledger.gone.get(table, [])


def _read(table: str, name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if name in _JSON and (table, name) not in _PLAIN:
        return json.loads(value)
    if name in ("is_right", "had_seen_answer", "is_aside"):
        return bool(value)
    return value
