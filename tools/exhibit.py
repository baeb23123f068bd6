"""What an instrument produced: plain data that a card, a terminal or an agent can show.

An exhibit is a title, parts in reading order, facts with units, and where its numbers come from.
Each part has a text form; `text.py` writes it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Origin(Enum):
    """Where the numbers of an exhibit come from."""

    LIVE = "live"  # a model gave them, just now or kept from a moment ago
    RECORDED = "recorded"  # measured once, elsewhere
    COMPUTED = "computed"  # worked out by code alone
    ILLUSTRATIVE = "illustrative"  # made up to show a shape


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who measured, on what, when."""

    origin: Origin
    model: str = ""
    engine: str = ""  # "embedded", "cluster", or the hardware of a recording
    at: datetime | None = None
    elapsed_ms: float | None = None
    is_kept: bool = False  # answered from the cache of recent distributions


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart. `share` is 0..1 of the whole; `text` is shown as is."""

    label: str
    share: float
    note: str = ""
    detail: str = ""  # shown where there is room for it
    is_rest: bool = False  # "all the others", drawn apart


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, most important first."""

    rows: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A run of visible tokens; the last `fresh` of them are new."""

    texts: tuple[str, ...]
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class Stages:
    """The states of a process, one line each; `lit` is the line that is running, if any."""

    lines: tuple[str, ...]
    lit: int | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence or two, in plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to run elsewhere, as is."""

    text: str
    language: str = ""


Part = Bars | Tokens | Stages | Prose | Code


@dataclass(frozen=True, slots=True)
class Fact:
    """One named quantity with its unit."""

    name: str
    value: float | str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What an instrument produced."""

    title: str
    parts: tuple[Part, ...]
    provenance: Provenance
    facts: tuple[Fact, ...] = field(default=())
