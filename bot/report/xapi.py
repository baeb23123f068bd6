"""A class's guesses as xAPI 1.0.3 statements, one JSON object a line.

Source:
    https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Data.md, version 1.0.3.
"""

import json
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bot.domain.classroom.report import AnswerRow, Report
from bot.report.plain import plain
from curriculum.kinds.registry import ByKind

VERSION = "1.0.3"
HOME = "https://discord.com"
_VERB = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}}
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
_SPACE = uuid5(NAMESPACE_URL, "urn:hunch:statements")


def xapi_of(report: Report) -> bytes:
    """Return the statements, in the order of the report."""
    lines = (json.dumps(_statement(answer, report), ensure_ascii=True) for answer in report.answers)
    return "".join(f"{line}\n" for line in lines).encode()


def statement_id(attempt_id: int, step: str) -> UUID:
    """Return a guess's id: the same in every report, so that a store takes each once."""
    return uuid5(_SPACE, f"{attempt_id}:{step}")


def _statement(answer: AnswerRow, report: Report) -> dict[str, Any]:
    lesson = answer.lesson
    return {
        "id": str(statement_id(answer.attempt_id, answer.step.id)),
        "actor": _actor(answer, report),
        "verb": _VERB,
        "object": _asked(answer),
        "result": _result(answer),
        "context": {
            "registration": str(uuid5(_SPACE, f"attempt:{answer.attempt_id}")),
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
    if guess.confidence is not None:
        result["extensions"] = {_CONFIDENCE: round(guess.confidence, 4)}
    return result


def _actor(answer: AnswerRow, report: Report) -> dict[str, Any]:
    """Name a learner by their account; without names, by a number within the class."""
    if not report.has_names:
        home = f"{HOME}/channels/{report.cohort_id}"
        return {"objectType": "Agent", "account": {"homePage": home, "name": answer.account}}
    account = {"homePage": HOME, "name": answer.account}
    return {"objectType": "Agent", "name": plain(answer.who), "account": account}
