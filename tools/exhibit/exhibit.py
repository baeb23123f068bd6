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
    """A run of visible tokens; the last `fresh` of them are new.

    `is_point` says that the run is what a card is about; else it leads to what the card shows.
    """

    texts: tuple[str, ...]
    fresh: int = 0
    is_point: bool = False


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


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of short texts under a header; `lit` is the row to look at, if any."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lit: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A heat map. `values` has one row a row label and one column a column label.

    A value outside `low`..`high` is drawn as the nearer of the two; None is drawn empty. Where
    each cell is in one of a few states, `states` names them, and a value is a state's place.
    """

    values: tuple[tuple[float | None, ...], ...]  # shape (rows, columns)
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    low: float = 0.0
    high: float = 1.0
    row_title: str = ""
    column_title: str = ""
    lit: tuple[int, int] | None = None  # a cell to look at
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a curve: a name and its points, in order of x; or points alone."""

    name: str
    points: tuple[tuple[float, float], ...]
    is_joined: bool = True


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over two axes. `is_stepped` draws a staircase; `has_dots` marks each point.

    `is_log` gives each power of ten of either axis the same room; all must be above 0 then.
    """

    series: tuple[Series, ...]
    x_title: str
    y_title: str
    is_stepped: bool = False
    has_dots: bool = True
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts on a timeline, in the timeline's unit. `kind` picks its look, 0 to 7."""

    start: float
    end: float
    label: str = ""
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a timeline."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened when, a lane above another."""

    lanes: tuple[Lane, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a tree; `parent` is its parent's place in the list, None for the root."""

    label: str
    parent: int | None
    note: str = ""
    is_lit: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes, parents before children."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A labelled place on a map. `group` picks its look, 0 to 7."""

    label: str
    x: float
    y: float
    group: int = 0


@dataclass(frozen=True, slots=True)
class Scatter:
    """A map of labelled points; only how near they lie means something."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a diagram, with a note on what goes through it."""

    label: str
    note: str = ""
    is_lit: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes from top to bottom, an arrow between each; `skips` are arrows past some boxes."""

    boxes: tuple[Box, ...]
    skips: tuple[tuple[int, int], ...] = ()  # from a box to a later one, by place


@dataclass(frozen=True, slots=True)
class Portion:
    """One row of shares: a value a series, 0..1; None is cut. `note` stands for a lone value."""

    label: str
    values: tuple[float | None, ...]
    note: str = ""
    is_rest: bool = False  # "all the others", drawn apart
    is_lit: bool = False


@dataclass(frozen=True, slots=True)
class Portions:
    """Portions of a whole as bars, a row each, in one series or in two: what was, what is now."""

    rows: tuple[Portion, ...]
    series: tuple[str, ...] = ("",)


Drawn = Grid | Curve | Timeline | Tree | Scatter | Diagram | Portions  # worth a picture
ReadPart = Bars | Tokens | Stages | Prose | Code | Table  # parts that are read
Part = ReadPart | Drawn


@dataclass(frozen=True, slots=True)
class Knob:
    """A button that turns a parameter: pressing it sets `name` to `value`."""

    label: str
    name: str
    value: str = ""
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Dial:
    """A menu of up to 25 settings of one parameter; each is value, label, description."""

    label: str
    name: str
    settings: tuple[tuple[str, str, str], ...]
    now: str = ""  # how it is set, to be read behind the label


@dataclass(frozen=True, slots=True)
class Entry:
    """A button that lets the learner type a parameter's value."""

    label: str
    name: str
    longest: int = 4000


Control = Knob | Dial | Entry


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
    controls: tuple[Control, ...] = field(default=())  # what a learner may turn on it
