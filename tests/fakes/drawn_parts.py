"""Parts that are worth a picture, with labels in any script, for hypothesis to make."""

from hypothesis import strategies as st

from tools.exhibit.exhibit import (
    Box,
    Curve,
    Diagram,
    Grid,
    Lane,
    Node,
    Point,
    Portion,
    Portions,
    Scatter,
    Series,
    Span,
    Table,
    Timeline,
    Tree,
)

LABELS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
PLACES = st.floats(-1e6, 1e6)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = draw(st.integers(1, 8))
    row = st.lists(LABELS, min_size=count, max_size=count).map(tuple)
    rows = draw(st.lists(row, max_size=6))
    lit = draw(st.none() | st.integers(0, 5))
    return Table(draw(row), tuple(rows), lit)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    height, width = draw(st.integers(1, 30)), draw(st.integers(1, 50))
    cell = st.none() | st.floats(-2, 2)
    values = draw(st.lists(cell, min_size=width, max_size=width).map(tuple))
    rows = draw(st.lists(LABELS, min_size=height, max_size=height).map(tuple))
    names = draw(st.lists(LABELS, min_size=width, max_size=width).map(tuple))
    return Grid((values,) * height, rows, names, lit=draw(st.none() | st.just((0, 0))))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    span = st.builds(
        lambda start, lasts, label, kind: Span(start, start + lasts, label, kind),
        st.floats(0, 1e4),
        st.floats(0, 1e4),
        LABELS,
        st.integers(0, 7),
    )
    lane = st.builds(Lane, LABELS, st.lists(span, max_size=5).map(tuple))
    return Timeline(tuple(draw(st.lists(lane, max_size=6))), draw(LABELS))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    count = draw(st.integers(1, 40))
    return Tree(
        tuple(
            Node(
                draw(LABELS),
                draw(st.integers(0, place - 1)) if place else None,
                draw(LABELS),
                draw(st.booleans()),
            )
            for place in range(count)
        )
    )


def series() -> st.SearchStrategy[Series]:
    return st.builds(Series, LABELS, st.lists(st.tuples(PLACES, PLACES), max_size=20).map(tuple))


CURVES = st.builds(
    Curve,
    st.lists(series(), max_size=3).map(tuple),
    LABELS,
    LABELS,
    is_log=st.booleans(),
)
SCATTERS = st.builds(
    Scatter, st.lists(st.builds(Point, LABELS, PLACES, PLACES), max_size=12).map(tuple)
)
DIAGRAMS = st.builds(
    Diagram,
    st.lists(st.builds(Box, LABELS, LABELS, st.booleans()), min_size=2, max_size=8).map(tuple),
    st.just(((0, 1),)),
)
SHARE = st.none() | st.floats(0, 1)
SHARES = st.builds(
    Portions,
    st.lists(
        st.builds(Portion, LABELS, st.tuples(SHARE, SHARE), LABELS, st.booleans(), st.booleans()),
        max_size=30,
    ).map(tuple),
    st.tuples(LABELS, LABELS),
) | st.builds(
    Portions,
    st.lists(st.builds(Portion, LABELS, st.tuples(SHARE), LABELS), max_size=30).map(tuple),
)
DRAWN = st.one_of(grids(), CURVES, timelines(), trees(), SCATTERS, DIAGRAMS, SHARES)
