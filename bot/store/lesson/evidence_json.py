"""Evidence as JSON and back. Half characters survive: JSON escapes what UTF-8 can't hold."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.domain.lesson.evidence import Evidence, Share


def to_json(evidence: Evidence | None) -> dict[str, Any] | None:
    """Return plain data for a JSON column."""
    if evidence is None:
        return None
    return {**asdict(evidence), "at": evidence.at.isoformat()}


def from_json(data: dict[str, Any] | None) -> Evidence | None:
    """Read what `to_json` wrote."""
    if data is None:
        return None
    top = tuple(Share(**share) for share in data["top"])
    return Evidence(**{**data, "top": top, "at": datetime.fromisoformat(data["at"])})
