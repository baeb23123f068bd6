"""One part of each kind, as an instrument would give it."""

from tools.exhibit.exhibit import (
    Box,
    Curve,
    Diagram,
    Drawn,
    Grid,
    Lane,
    Node,
    Point,
    Portion,
    Portions,
    Scatter,
    Series,
    Span,
    Timeline,
    Tree,
)

_TOKENS = ("The", "␣cat", "␣that", "␣the", "␣dog", "␣chased", "␣sat", "␣on", "␣a", "␣mat")

GRID = Grid(
    tuple(
        tuple((row + 1) / (10 * (column + 1)) if column <= row else None for column in range(10))
        for row in range(10)
    ),
    _TOKENS,
    _TOKENS,
    row_title="query: the token that looks",
    column_title="key: what it looks at",
    lit=(6, 1),
)
STATES = Grid(
    ((None, 2.0, 1.0), (3.0, 0.0, 0.0)),
    ("0", "3"),
    ("+0", "+1", "+2"),
    high=3,
    row_title="block",
    column_title="and so many on",
    lit=(1, 1),
    states=("empty", "kept for a repeat", "held", "held by several"),
)
CURVE = Curve(
    (
        Series("without cache", tuple((x, 8 + 0.9 * x) for x in range(1, 33))),
        Series("with cache", tuple((x, 9 + x % 2) for x in range(1, 33))),
    ),
    "token written",
    "ms per token",
    is_stepped=True,
    has_dots=False,
)
TIMELINE = Timeline(
    tuple(
        Lane(
            f"request {place}",
            (
                Span(0, 9.0 * place, "waiting", 2),
                Span(9.0 * place, 9.0 * place + 7, "prefill"),
                Span(9.0 * place + 7, 9.0 * place + 40, "decode", 1),
            ),
        )
        for place in range(1, 7)
    ),
    "ms",
)
TREE = Tree(
    (
        Node("The", None, "0.00", True),
        Node("␣cat", 0, "-1.20", True),
        Node("␣dog", 0, "-1.41"),
        Node("␣sat", 1, "-2.31", True),
        Node("␣ran", 1, "-2.70"),
    )
)
SCATTER = Scatter(
    (
        Point("␣king", 0, 0),
        Point("␣queen", 1, 0.2),
        Point("␣cat", 8, 7, 1),
        Point("␣dog", 8.5, 7.7, 1),
    )
)
DIAGRAM = Diagram(
    (
        Box("Input", "576 numbers a token"),
        Box("Attention", "884,736 weights", True),
        Box("Add"),
        Box("Feed-forward", "2,654,208 weights"),
        Box("Add"),
    ),
    ((0, 2), (2, 4)),
)
SHARES = Portions(
    (
        Portion("␣day", (0.207, 0.499), is_lit=True),
        Portion("␣place", (0.064, None)),
        Portion("49,146 others", (0.464, 0.501), is_rest=True),
    ),
    ("as it is", "after the knobs"),
)
EXAMPLES: dict[str, Drawn] = {
    "grid": GRID,
    "states": STATES,
    "curve": CURVE,
    "timeline": TIMELINE,
    "tree": TREE,
    "scatter": SCATTER,
    "diagram": DIAGRAM,
    "shares": SHARES,
}
