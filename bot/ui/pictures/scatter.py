"""A map of words: what lies near is alike."""

from bot.ui.pictures.curve import mark
from bot.ui.pictures.svg import EDGE, FAINT, KINDS, PANEL, SMALL, WIDTH, Anchor, Sheet, n, widest
from tools.exhibit.exhibit import Scatter

_SIDE = WIDTH - 2 * EDGE
_MARK = 4.0
_ROOM = 80.0  # for a label
_Area = tuple[float, float, float, float]  # left, top, right, bottom
_Side = tuple[float, float, Anchor]  # of a mark: how far right and down its label starts
_SIDES: tuple[_Side, ...] = (
    (8, 4, "start"),
    (-8, 4, "end"),
    (0, -8, "middle"),
    (0, 16, "middle"),
    (6, -6, "start"),
    (6, 14, "start"),
    (-6, -6, "end"),
    (-6, 14, "end"),
    (12, -14, "start"),
    (12, 22, "start"),
    (-12, -14, "end"),
    (-12, 22, "end"),
)


def draw_scatter(scatter: Scatter) -> str:
    """Return a map as SVG: a mark and a name each; a shape and a colour for each group."""
    sheet = Sheet()
    sheet.rect(EDGE, EDGE, _SIDE, _SIDE, PANEL, rx=6)
    places = _places(scatter)
    wides = [min(_ROOM, widest([point.label], SMALL)) for point in scatter.points]
    sides = _chosen(places, wides)
    for (x, y), point in zip(places, scatter.points, strict=True):
        sheet.shape(mark(point.group, x, y, _MARK), KINDS[point.group % 8])
    for (x, y), (dx, dy, anchor), point in zip(places, sides, scatter.points, strict=True):
        if (dx, dy, anchor) not in _SIDES[:2]:  # else another mark may be taken for its own
            down = min(dy + 4, dy - 9, key=abs)  # its nearer edge
            sheet.path(f"M{n(x)} {n(y)}l{n(0.8 * dx)} {n(down)}", FAINT, 1)
        sheet.text(
            x + dx, y + dy, point.label, room=_ROOM + 1, size=SMALL, anchor=anchor, is_over=True
        )
    return sheet.svg(_SIDE + 2 * EDGE)


def _places(scatter: Scatter) -> list[tuple[float, float]]:
    """Return where each point stands; both axes at one scale, so that nearness is true."""
    xs = [point.x for point in scatter.points] or [0.0]
    ys = [point.y for point in scatter.points] or [0.0]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    room = _SIDE - 56
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    centre = EDGE + _SIDE / 2
    return [
        (centre + (p.x - middle_x) / span * room, centre - (p.y - middle_y) / span * room)
        for p in scatter.points
    ]


def _chosen(places: list[tuple[float, float]], wides: list[float]) -> list[_Side]:
    """Return where beside its mark each label goes: in two rounds, to where it covers least."""
    marks: list[_Area] = [(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    chosen: dict[int, _Side] = {}
    labels: dict[int, _Area] = {}
    for _ in range(2):
        for place, (x, y) in enumerate(places):
            labels.pop(place, None)
            taken = [*marks, *labels.values()]
            areas = [_area(x, y, side, wides[place]) for side in _SIDES]
            costs = [_cost(area, taken) for area in areas]
            best = costs.index(min(costs))
            chosen[place], labels[place] = _SIDES[best], areas[best]
    return [chosen[place] for place in range(len(places))]


def _area(x: float, y: float, side: _Side, wide: float) -> _Area:
    dx, dy, anchor = side
    left = x + dx - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, y + dy - 9, left + wide, y + dy + 3


def _cost(area: _Area, taken: list[_Area]) -> float:
    """Return how much of an area is taken or lies off the sheet, in square points."""
    left, top, right, bottom = area
    cost = 100 * (max(0.0, 4 - left) + max(0.0, right - (WIDTH - 4)))
    for x, t, r, b in taken:
        if x < right and left < r and t < bottom and top < b:
            cost += (min(right, r) - max(left, x)) * (min(bottom, b) - max(top, t))
    return cost
