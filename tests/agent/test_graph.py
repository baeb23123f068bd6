"""The picture that opens graph.py, read and held against the graph that is compiled below it."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from bot.agent import graph
from bot.agent.search.search import CourseSearch
from curriculum.schema import Course
from tests.fakes.model import FakeEngine
from tools.bound import BoundCatalogue

# a name, an arrow onward, a fork (─┬─▶), another way out of a fork (├─▶ └─▶), a remark
_SIGN = re.compile(
    r"(?P<name>\w+)|(?P<on>─+▶)|─+(?P<fork>┬)─+▶|(?P<way>[├└])─+▶|(?P<remark>\(.+\))|(?P<gap>[ │]+)"
)
_ENDS = {"__start__": "start", "__end__": "end"}


@dataclass(frozen=True)
class Edge:
    """A way from one node to another; `is_chosen` where it is one of several."""

    source: str
    target: str
    is_chosen: bool


@pytest.mark.parametrize(
    ("chat", "other"),
    [(None, "(with a chat model)"), (object(), "(without a chat model)")],
    ids=["notes", "model"],
)
def test_the_picture_has_the_edges_of_the_graph(
    chat: Any, other: str, shipped: Course, search: CourseSearch
) -> None:
    compiled = graph.build(shipped, search, BoundCatalogue(FakeEngine()), chat)
    edges = [
        Edge(_ENDS.get(one.source, one.source), _ENDS.get(one.target, one.target), one.conditional)
        for one in compiled.get_graph().edges
    ]
    assert len(edges) == len(set(edges))
    assert set(edges) == _reached({edge for edge, remark in _drawn() if remark != other})


def test_each_edge_is_drawn_once() -> None:
    edges = [edge for edge, _ in _drawn()]
    assert len(edges) == len(set(edges))


def _drawn() -> list[tuple[Edge, str]]:
    """Read the picture: each edge, and the remark at the end of a line on its first edge."""
    picture = [line for line in (graph.__doc__ or "").splitlines() if "▶" in line]
    found: list[tuple[Edge, str]] = []
    fork_at: dict[int, str] = {}  # by the column of ┬ and of the ├ and └ below it
    for line in picture:
        begun = len(found)
        source, is_chosen, remark, place = "", False, "", 0
        while place < len(line):
            sign = _SIGN.match(line, place)
            assert sign, f"can't read column {place} of {line!r}"
            place = sign.end()
            match sign.lastgroup:
                case "name":
                    if source:
                        found.append((Edge(source, sign["name"], is_chosen), ""))
                    source = sign["name"]
                case "on":
                    is_chosen = False
                case "fork":
                    fork_at[sign.start("fork")], is_chosen = source, True
                case "way":
                    source, is_chosen = fork_at[sign.start("way")], True
                case "remark":
                    remark = sign["remark"]
        if remark:
            found[begun] = (found[begun][0], remark)
    return found


def _reached(edges: set[Edge]) -> set[Edge]:
    """Return the edges that the start leads to."""
    known, fresh = {"start"}, {"start"}
    while fresh:
        fresh = {edge.target for edge in edges if edge.source in fresh} - known
        known |= fresh
    return {edge for edge in edges if edge.source in known}
