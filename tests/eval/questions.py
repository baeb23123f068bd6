"""The question sets: what may be asked, and what may answer it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from bot.domain.passages import Source

HERE = Path(__file__).parent
Part = Literal["tuned", "held"]
PARTS: tuple[Part, ...] = ("tuned", "held")


@dataclass(frozen=True, slots=True)
class Posed:
    """A question and the names of the sources that may answer it."""

    text: str
    accepts: frozenset[str]


def on_course(part: Part) -> list[Posed]:
    groups = yaml.safe_load((HERE / "search.yaml").read_text("utf-8"))
    return [Posed(text, frozenset(each["accepts"])) for each in groups for text in each[part]]


def off_course(part: Part) -> list[str]:
    topics: dict[str, list[str]] = yaml.safe_load((HERE / "off_course.yaml").read_text("utf-8"))
    return topics[part]


def named(source: Source) -> str:
    """Return a source as the sets name it: a term, or 1/step-id."""
    return source.term or f"{source.lesson}/{source.step}"
