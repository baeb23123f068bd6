"""The question sets: what may be asked, and what may answer it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.domain.tutor.passages import Source

HERE = Path(__file__).parent
Part = Literal["tuned", "held", "tried", "blind", "promised"]
PARTS: tuple[Part, ...] = ("tuned", "held", "tried", "blind", "promised")
OWN_FILES = ("tried", "blind", "promised")  # the last two must not be looked at


@dataclass(frozen=True, slots=True)
class Posed:
    """A question and the names of the sources that may answer it."""

    text: str
    accepts: frozenset[str]


def on_course(part: Part) -> list[Posed]:
    if part in OWN_FILES:
        each = _read(part)["course"]
        return [Posed(one["asks"], frozenset(one["accepts"])) for one in each]
    groups = _read("search")
    return [Posed(text, frozenset(each["accepts"])) for each in groups for text in each[part]]


def off_course(part: Part) -> list[str]:
    found: list[str] = (
        _read(part).get("elsewhere", []) if part in OWN_FILES else _read("off_course")[part]
    )
    return found


def named(source: Source) -> str:
    """Return a source as the sets name it: a term, or 1/step-id."""
    return source.term or f"{source.lesson}/{source.step}"


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
