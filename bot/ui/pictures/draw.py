"""A part of an exhibit as SVG."""

from typing import assert_never

from bot.ui.pictures.curve import draw_curve
from bot.ui.pictures.diagram import draw_diagram
from bot.ui.pictures.grid import draw_grid
from bot.ui.pictures.portions import draw_portions
from bot.ui.pictures.scatter import draw_scatter
from bot.ui.pictures.timeline import draw_timeline
from bot.ui.pictures.tree import draw_tree
from tools.exhibit.exhibit import Curve, Diagram, Drawn, Grid, Portions, Scatter, Timeline, Tree


def draw(part: Drawn) -> str:
    """Return a part as SVG, 360 points wide and at most 600 tall; the same part, the same SVG."""
    match part:
        case Grid():
            return draw_grid(part)
        case Curve():
            return draw_curve(part)
        case Timeline():
            return draw_timeline(part)
        case Tree():
            return draw_tree(part)
        case Scatter():
            return draw_scatter(part)
        case Portions():
            return draw_portions(part)
        case Diagram():
            return draw_diagram(part)
        case _:
            assert_never(part)
