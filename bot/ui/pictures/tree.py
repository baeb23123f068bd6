"""A tree on its side: what beam search kept, and what it left."""

from bot.ui.pictures.svg import (
    EDGE,
    FAINT,
    INK,
    LINE,
    LIT,
    PANEL,
    SIZE,
    TALLEST,
    WIDTH,
    Sheet,
    n,
    widest,
)
from tools.exhibit.exhibit import Tree

_ROW, _BOX = 25.0, 20.0
_INDENT = 18.0


def draw_tree(tree: Tree) -> str:
    """Return a tree as SVG, a node a row, children indented; the lit path is thick and framed."""
    sheet = Sheet()
    order, depths = _walk(tree)
    most = int((TALLEST - 2 * EDGE - 16) / _ROW)
    shown = order[:most]
    deepest = max((depths[place] for place in shown), default=0)
    indent = min(_INDENT, (WIDTH / 2) / max(1, deepest))
    note = min(84.0, widest([tree.nodes[place].note for place in shown]))
    rows = {place: EDGE + row * _ROW + _BOX / 2 for row, place in enumerate(shown)}
    lefts = {place: EDGE + depths[place] * indent for place in shown}
    for place in sorted(shown, key=lambda at: tree.nodes[at].is_lit):
        _branch(sheet, tree, place, rows, lefts)
    for place in shown:
        _node(sheet, tree, place, rows[place], lefts[place], note)
    height = EDGE * 2 + len(shown) * _ROW - (_ROW - _BOX)
    if left := len(order) - len(shown):
        sheet.text(EDGE, height, f"and {left} more", fill=FAINT)
        height += 14
    return sheet.svg(height)


def _walk(tree: Tree) -> tuple[list[int], list[int]]:
    """Return the nodes' places, children right below their parent, and how deep each is."""
    children: dict[int | None, list[int]] = {}
    depths: list[int] = []
    for place, node in enumerate(tree.nodes):
        children.setdefault(node.parent, []).append(place)
        depths.append(0 if node.parent is None else depths[node.parent] + 1)
    order: list[int] = []
    stack = list(reversed(children.get(None, [])))
    while stack:
        place = stack.pop()
        order.append(place)
        stack.extend(reversed(children.get(place, [])))
    return order, depths


def _branch(
    sheet: Sheet, tree: Tree, place: int, rows: dict[int, float], lefts: dict[int, float]
) -> None:
    """Draw the line from a node's parent to it."""
    parent = tree.nodes[place].parent
    if parent is None:
        return
    is_lit = tree.nodes[place].is_lit and tree.nodes[parent].is_lit
    x = lefts[parent] + 9
    d = f"M{n(x)} {n(rows[parent] + _BOX / 2)}V{n(rows[place])}H{n(lefts[place])}"
    sheet.path(d, LIT if is_lit else LINE, 3 if is_lit else 1.5)


def _node(sheet: Sheet, tree: Tree, place: int, y: float, x: float, note: float) -> None:
    """Draw a node's box, and its note flush right so that notes compare."""
    node = tree.nodes[place]
    room = WIDTH - EDGE - note - 10 - x
    wide = min(room, widest([node.label]) + 14)
    frame = {"stroke": LIT, "stroke_width": 2.0} if node.is_lit else {"stroke": LINE}
    sheet.rect(x, y - _BOX / 2, wide, _BOX, PANEL, rx=5, **frame)
    sheet.text(x + 7, y + 4.5, node.label, room=wide - 10, fill=INK)
    if node.note:
        right = WIDTH - EDGE
        fill = LIT if node.is_lit else FAINT
        sheet.path(f"M{n(x + wide + 5)} {n(y)}H{n(right - note - 5)}", PANEL, 1)
        sheet.text(right, y + 4.5, node.note, room=note + 1, size=SIZE, fill=fill, anchor="end")
