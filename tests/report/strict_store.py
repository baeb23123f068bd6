"""A store of xAPI statements that takes nothing the specification forbids.

Source:
    https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Data.md, version 1.0.3: 2.1 on what every
    statement obeys, 2.2 on what is immutable, 2.3 on voiding, 2.4 on each property. What
    IEEE 9274.1.1-2023 (xAPI 2.0) adds to that concerns none of what is written here.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import RFC_4122, UUID

_VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_INTERACTIONS = {
    "true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing",
    "likert", "numeric", "other",
}  # fmt: skip
_OF_A_STATEMENT = {
    "id", "actor", "verb", "object", "result", "context", "timestamp", "version", "stored",
    "authority", "attachments",
}  # fmt: skip
_RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
_CONTEXT = {
    "registration", "instructor", "team", "contextActivities", "revision", "platform", "language",
    "statement", "extensions",
}  # fmt: skip


class Refused(Exception):
    """The store answers 400, 404 or 409."""


class StrictStore:
    """Takes statements in the order in which they come."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.voided: set[str] = set()

    @property
    def standing(self) -> list[dict[str, Any]]:
        """What somebody who asks is given: neither what was voided nor what voided it."""
        return [
            one
            for name, one in self.known.items()
            if name not in self.voided and one["verb"]["id"] != _VOIDED
        ]

    def put(self, statements: Iterable[dict[str, Any]]) -> int:
        """Take a batch; return how many of it are new.

        Raises:
            Refused: one isn't valid, is known otherwise, or voids what can't be.
        """
        return sum(map(self._put, statements))

    def _put(self, one: dict[str, Any]) -> bool:
        _check_statement(one)
        if (known := self.known.get(one["id"])) is not None:
            _require(_bare(known) == _bare(one), "409: this id says something else")
            return False
        if one["verb"]["id"] == _VOIDED:
            target = self.known.get(one["object"]["id"])
            _require(target is not None, "404: voids what isn't known")
            _require(target is not None and target["verb"]["id"] != _VOIDED, "voids a voiding")
            self.voided.add(one["object"]["id"])
        self.known[one["id"]] = one
        return True


def _check_statement(one: dict[str, Any]) -> None:
    _known_keys(one, _OF_A_STATEMENT, {"id", "actor", "verb", "object"})
    _no_nulls(one)
    _uuid(one["id"])
    _actor(one["actor"])
    _known_keys(one["verb"], {"id", "display"}, {"id"})
    _iri(one["verb"]["id"])
    _languages(one["verb"].get("display", {}))
    _object(one["object"])
    if one["verb"]["id"] == _VOIDED:
        _require(one["object"].get("objectType") == "StatementRef", "voids no statement")
    _result(one.get("result", {}))
    _context(one.get("context", {}), one["object"])
    _require(bool(_WHEN.fullmatch(one.get("timestamp", ""))), "timestamp: RFC 3339 with an offset")
    datetime.fromisoformat(one["timestamp"])
    _require(bool(re.fullmatch(r"1\.0(\.\d+)?", one.get("version", ""))), "version")


def _object(what: Mapping[str, Any]) -> None:
    if what.get("objectType") == "StatementRef":
        _known_keys(what, {"objectType", "id"}, {"objectType", "id"})
        _uuid(what["id"])
        return
    _activity(what)


def _activity(what: Mapping[str, Any]) -> None:
    _known_keys(what, {"objectType", "id", "definition"}, {"id"})
    _require(what.get("objectType", "Activity") == "Activity", "objectType")
    _iri(what["id"])
    said = what.get("definition", {})
    _known_keys(said, {"name", "description", "type", "moreInfo", "interactionType", "extensions"})
    if "type" in said:
        _iri(said["type"])
    _languages(said.get("name", {}))
    _languages(said.get("description", {}))
    _require(said.get("interactionType", "other") in _INTERACTIONS, "interactionType")


def _actor(who: Mapping[str, Any]) -> None:
    names = {"mbox", "mbox_sha1sum", "openid", "account"}
    _known_keys(who, {"objectType", "name", *names})
    _require(who.get("objectType", "Agent") == "Agent", "an Agent")
    _require(len(names & who.keys()) == 1, "exactly one identifier")
    _known_keys(who["account"], {"homePage", "name"}, {"homePage", "name"})
    _iri(who["account"]["homePage"])
    _require(isinstance(who["account"]["name"], str) and bool(who["account"]["name"]), "a name")


def _result(said: Mapping[str, Any]) -> None:
    _known_keys(said, _RESULT)
    _require(isinstance(said.get("success", True), bool), "success")
    _require(isinstance(said.get("response", ""), str), "response")
    score = said.get("score", {})
    _known_keys(score, {"scaled", "raw", "min", "max"})
    _require(-1 <= score.get("scaled", 0) <= 1, "scaled")
    if "raw" in score:
        _require(score.get("min", 0) <= score["raw"] <= score.get("max", score["raw"]), "raw")
    _require(score.get("min", 0) < score.get("max", 1), "min below max")
    for name in said.get("extensions", {}):
        _iri(name)


def _context(said: Mapping[str, Any], what: Mapping[str, Any]) -> None:
    _known_keys(said, _CONTEXT)
    if "registration" in said:
        _uuid(said["registration"])
    if what.get("objectType") == "StatementRef":
        _require(not {"revision", "platform"} & said.keys(), "of an activity alone")
    if "language" in said:
        _require(bool(_LANGUAGE.fullmatch(said["language"])), "language")
    around = said.get("contextActivities", {})
    _known_keys(around, {"parent", "grouping", "category", "other"})
    for one in (one for some in around.values() for one in some):
        _activity(one)


def _languages(said: Mapping[str, Any]) -> None:
    for tag, text in said.items():
        _require(bool(_LANGUAGE.fullmatch(tag)) and isinstance(text, str), "a language map")


def _known_keys(found: Mapping[str, Any], may: set[str], must: Iterable[str] = ()) -> None:
    _require(isinstance(found, dict), "an object")
    _require(found.keys() <= may, f"unknown: {found.keys() - may}")
    _require(set(must) <= found.keys(), f"missing: {set(must) - found.keys()}")


def _no_nulls(found: Any) -> None:
    _require(found is not None, "null")
    parts = found.values() if isinstance(found, dict) else found
    for one in parts if isinstance(found, dict | list) else ():
        _no_nulls(one)


def _iri(text: Any) -> None:
    _require(isinstance(text, str) and bool(_IRI.fullmatch(text)), f"no IRI: {text}")


def _uuid(text: Any) -> None:
    try:
        is_one = isinstance(text, str) and UUID(text).variant == RFC_4122 and len(text) == 36
    except ValueError:
        is_one = False
    _require(is_one, f"no UUID: {text}")


def _bare(said: Any) -> Any:
    """Return a statement without what may change: how verbs and activities are described."""
    if isinstance(said, dict):
        return {k: _bare(v) for k, v in said.items() if k not in ("definition", "display")}
    return [_bare(one) for one in said] if isinstance(said, list) else said


def _require(holds: bool, why: str) -> None:
    if not holds:
        raise Refused(why)
