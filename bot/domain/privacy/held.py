"""What is held about one person: as files to hand over, and what stays when it is gone. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Rows = Sequence[Mapping[str, Any]]
Held = Mapping[str, Rows]

FILE_BYTES = 8 * 1024 * 1024  # Discord takes 10 MiB; what it adds around a file is its own affair

ABOUT = {
    "learner": "That you have used Hunch, and since when.",
    "membership": "The classes you are in. is_shown: whether you agreed that your instructors"
    " see your progress under this name. Lesson and step: where you stand there.",
    "attempt": "Your ways through lessons: where you are, and an answer not yet locked in.",
    "guess": "Your guesses: the answer (of a choice its key in the lesson, whatever letter your"
    " card showed), how sure you were, your reason, what came of it."
    " version: which edition of the lesson you answered.",
    "teachback": "What was found in your own explanations.",
    "trial": "The instruments you opened, and how you set them.",
    "trial_guess": "What you guessed before an instrument showed it, and what was right.",
    "placement": "Your answers to the questions on where to begin: right, wrong, not known.",
    "redone": "Steps that you answered anew: how often, and whether it was right.",
    "exchange": "What you asked the tutor and what it answered: the last 50 in each channel.",
    "usage": "How many questions you asked on a day; for the daily limit.",
    "question": "Questions of yours that went to your instructors, with their answers.",
    "plan": "What you set for reviews and reminders: hours, time zone, limits.",
    "card": "Your review cards, and when each comes back.",
    "review": "Your reviews: when, and how you rated them.",
    "practice": "The days on which you practised.",
    "ranked": "Your place among others, in classes where you chose to be ranked.",
    "daily_guess": "Your guesses at the passages of the day.",
    "posted": "What you posted in which channel, so that it is posted once.",
    "class_vote": "Your guesses in class rounds.",
    "question (answered)": "Questions of others that you answered as an instructor.",
    "assignment (set)": "Lessons that you set for a class.",
    "class_round (asked)": "Class rounds that you began.",
    "teachback (judged)": "Explanations of others that you judged as an instructor.",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What is held, in numbers; `since` is when they were first seen, and None if nothing is."""

    since: datetime | None
    counts: Mapping[str, int]
    classes: int
    shown_in: int  # classes whose instructors they let see their progress

    @property
    def mark(self) -> int:
        """When they began, in seconds: tells this learner from who they are if they come back."""
        return int(self.since.timestamp()) if self.since else 0


def summary_of(held: Held) -> Summary:
    """Return what is held, in numbers."""
    first = next(iter(held.get("learner", ())), None)
    classes = held.get("membership", ())
    return Summary(
        since=first["first_seen"] if first else None,
        counts={table: len(rows) for table, rows in held.items() if rows},
        classes=len(classes),
        shown_in=sum(bool(row.get("is_shown")) for row in classes),
    )


def files_of(held: Held, learner_id: int, now: datetime, limit: int = FILE_BYTES) -> list[bytes]:
    """Return all that is held as JSON: one file, or several where one would be too big.

    Each of them reads by itself. A file is over the limit only if a single row is.
    """
    parts: list[dict[str, list[Any]]] = [{}]
    room = limit
    for table, row in _each(held):
        size = len(_json(row)) + 8  # and what stands between two rows
        if size > room and any(parts[-1].values()):
            parts.append({})
            room = limit
        room -= size + (0 if table in parts[-1] else len(table) + len(ABOUT.get(table, "")) + 32)
        parts[-1].setdefault(table, []).append(row)
    return [
        _json(
            {
                "about": f"What Hunch holds about one learner, part {number} of {len(parts)}.",
                "learner": str(learner_id),
                "made": now,
                "what": {table: ABOUT.get(table, "") for table in part},
                "held": part,
            }
        )
        for number, part in enumerate(parts, 1)
    ]


def _each(held: Held) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for table, rows in held.items():
        for row in rows:
            yield table, row


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode(
        "utf-8", "backslashreplace"
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
