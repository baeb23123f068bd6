"""A class's guesses as xAPI 1.0.3 statements, one JSON object a line.

Source:
    https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Data.md, version 1.0.3.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.domain.classroom.report import AnswerRow, Report, keyed
from bot.report.plain import plain
from curriculum.kinds.registry import ByKind

VERSION = "1.0.3"
HOME = "https://discord.com"
_VERB = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}}
_VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided", "display": {"en": "voided"}}
_INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
_LESSON = "http://adlnet.gov/expapi/activities/lesson"
_KINDS: ByKind[str] = {
    "choice": "choice",
    "number": "numeric",
    "token": "fill-in",
    "order": "sequencing",
    "match": "matching",
    "text": "long-fill-in",
    "read": "other",
    "exhibit": "other",
    "recall": "long-fill-in",
    "teachback": "long-fill-in",
}
_CONFIDENCE = "https://w3id.org/xapi/hunch/confidence"
_OVERRULED = "https://w3id.org/xapi/hunch/overruled"  # how often an instructor spoke
_SPACE = uuid5(NAMESPACE_URL, "urn:hunch:statements")


def xapi_of(report: Report) -> bytes:
    """Return the statements, in the order of the report.

    A statement's id follows from what it says, so a store that has it takes it for the same one.
    Where an instructor overruled a verdict, what was said before is voided, and said anew. A guess
    whose learner has yet to see what it is worth isn't told.
    """
    told = (one for row in report.answers if not row.is_open for one in _told(row, report))
    return "".join(f"{json.dumps(one, ensure_ascii=True)}\n" for one in told).encode()


def _told(answer: AnswerRow, report: Report) -> Iterator[dict[str, Any]]:
    """Yield each version of an answer with what voids it, and the last one, which stands."""
    *former, last = (_statement(one, report) for one in answer.history)
    words = answer.grading.overrides if answer.grading else ()
    for version, word in zip(former, words, strict=True):
        yield version
        yield _voiding(version["id"], word.at, report)
    yield last


def _statement(answer: AnswerRow, report: Report) -> dict[str, Any]:
    lesson = answer.lesson
    registration = keyed(report.key, report.has_names, answer.account, answer.attempt_id)
    return _with_id(
        {
            "actor": _actor(answer.account, report),
            "verb": _VERB,
            "object": _asked(answer),
            "result": _result(answer),
            "context": {
                "registration": str(uuid5(_SPACE, f"attempt:{registration}")),
                "platform": "Hunch",
                "language": "en",
                "contextActivities": {
                    "parent": [
                        {
                            "objectType": "Activity",
                            "id": f"urn:hunch:lesson:{lesson.slug}",
                            "definition": {"type": _LESSON, "name": {"en": plain(lesson.title)}},
                        }
                    ]
                },
            },
            "timestamp": answer.guess.at.isoformat(),
            "version": VERSION,
        }
    )


def _voiding(voided: str, at: datetime, report: Report) -> dict[str, Any]:
    return _with_id(
        {
            "actor": _actor("hunch", report),
            "verb": _VOIDED,
            "object": {"objectType": "StatementRef", "id": voided},
            "timestamp": at.isoformat(),
            "version": VERSION,
        }
    )


def _with_id(said: dict[str, Any]) -> dict[str, Any]:
    """Name a statement by all that it says; what describes a verb or an activity is no part."""
    content = json.dumps(_undescribed(said), sort_keys=True, ensure_ascii=True)
    return {"id": str(uuid5(_SPACE, content)), **said}


def _undescribed(said: Any) -> Any:
    if isinstance(said, dict):
        return {k: _undescribed(v) for k, v in said.items() if k not in ("definition", "display")}
    return [_undescribed(one) for one in said] if isinstance(said, list) else said


def _asked(answer: AnswerRow) -> dict[str, Any]:
    lesson, step = answer.lesson, answer.step
    return {
        "objectType": "Activity",
        "id": f"urn:hunch:lesson:{lesson.slug}:step:{step.id}",
        "definition": {
            "type": _INTERACTION,
            "interactionType": _KINDS[step.kind],
            "name": {"en": f"Lesson {lesson.number}, {step.id}"},
            "description": {"en": plain(getattr(step, "ask", step.id))},
        },
    }


def _result(answer: AnswerRow) -> dict[str, Any]:
    guess = answer.guess
    result: dict[str, Any] = {"response": plain(guess.answer)}
    if guess.is_right is not None:
        result |= {"success": guess.is_right, "score": {"scaled": float(guess.is_right)}}
    if answer.criteria_met is not None:
        met, there = answer.criteria_met
        result["score"] = {"raw": met, "min": 0, "max": there, "scaled": met / there}
    extensions: dict[str, Any] = {}
    if guess.confidence is not None:
        extensions[_CONFIDENCE] = round(guess.confidence, 4)
    if answer.grading and answer.grading.overrides:  # what is said again is another statement
        extensions[_OVERRULED] = len(answer.grading.overrides)
    return result | ({"extensions": extensions} if extensions else {})


def _actor(account: str, report: Report) -> dict[str, Any]:
    """Name somebody by their account, which no new nickname changes; without names, by pseudonym.

    Pseudonyms are those of the class, as the tool's own account is.
    """
    is_theirs = report.has_names and account.isdecimal()
    home = HOME if is_theirs else f"{HOME}/channels/{report.cohort_id}"
    return {"objectType": "Agent", "account": {"homePage": home, "name": account}}
