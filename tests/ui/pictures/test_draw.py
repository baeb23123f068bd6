from collections.abc import Iterator
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.ui.pictures.curve import mark
from bot.ui.pictures.draw import draw
from bot.ui.pictures.font import text_width
from bot.ui.pictures.svg import KINDS, SHADES, SMALL, TALLEST, WIDTH, shade, ticks
from tests.fakes.drawn_parts import DRAWN
from tests.ui.pictures.examples import EXAMPLES, GRID, SCATTER, STATES, TIMELINE, TREE
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

# so short that the room for it can't be divided by it
INSTANT = Timeline((Lane("", (Span(0.0, 2.3e-311, "", 0),)),), "")
TINY = Portions((Portion("", (None, 2.2e-313)),), ("", ""))
SVG = "{http://www.w3.org/2000/svg}"


def texts(part: Drawn) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(draw(part)).iter(f"{SVG}text")]


def colours(part: Drawn) -> set[str]:
    return {found.get("fill", "") for found in ElementTree.fromstring(draw(part)).iter()}


def light(colour: str) -> float:
    """Return relative luminance, by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@given(DRAWN)
def test_a_part_in_any_script_is_sound_xml_of_a_size_to_show(part: Drawn) -> None:
    root = ElementTree.fromstring(draw(part))
    assert root.get("width") == "720"
    assert 0 < int(root.get("height", "0")) <= 1200


@given(DRAWN)
@example(INSTANT)
@example(TINY)
def test_no_upright_text_runs_off_the_sheet(part: Drawn) -> None:
    for found in ElementTree.fromstring(draw(part)).iter(f"{SVG}text"):
        if found.get("transform"):
            continue
        wide = text_width(found.text or "", float(found.get("font-size", "0")))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[found.get("text-anchor", "start")]
        left = float(found.get("x", "0")) - share * wide
        assert left >= -wide / 2 - 1, "half of it is to be seen at the least"
        assert left + wide <= WIDTH + wide / 2 + 1
        assert 0 <= float(found.get("y", "0")) <= TALLEST + 20


@given(DRAWN)
def test_the_same_part_gives_the_same_picture(part: Drawn) -> None:
    assert draw(part) == draw(part)


@pytest.mark.parametrize("part", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_picture_brings_its_own_ground(part: Drawn) -> None:
    first = ElementTree.fromstring(draw(part))[0]
    assert (first.tag, first.get("width"), first.get("fill")) == (f"{SVG}rect", "280", "#1b1d23")


def test_markup_in_a_label_is_text() -> None:
    tree = Tree((Node('<script href="x">&amp;', None, "]]>\0"),))
    assert texts(tree) == ['<script href="x">&amp;', "]]>‹U+0000›"]


def test_what_the_font_lacks_is_a_square_and_what_hides_is_shown() -> None:
    tree = Tree((Node("日本 é\u202e\n", None),))
    assert texts(tree) == ["□□ é‹U+202E›⏎"]


def test_a_long_label_is_cut_and_its_note_stays() -> None:
    label, note = texts(Tree((Node("long " * 40, None, "-2.31"),)))
    assert label.endswith("…")
    assert note == "-2.31"


def test_a_heat_map_names_rows_columns_ends_and_the_lit_cell() -> None:
    shown = texts(GRID)
    assert shown.count("␣chased") == 2
    assert {"0", "1", "↓ query: the token that looks", "␣sat, ␣cat: 0.35"} <= set(shown)


def test_the_key_of_a_map_of_states_names_each_with_the_sign_that_stands_in_its_cells() -> None:
    """Class: a key that shows a scale where there are kinds."""
    shown = texts(STATES)
    assert set(STATES.states) <= set(shown)
    assert [shown.count(sign) for sign in "12"] == [2, 2]  # in a cell, and in the key
    assert "3, +1: empty" in shown


def test_an_empty_cell_is_left_empty_and_a_wild_value_is_the_nearer_end() -> None:
    shades = colours(Grid(((None, 7.0, -7.0),), ("a",), ("x", "y", "z"))) - {"none"}
    squares = [
        found.get("fill")
        for found in ElementTree.fromstring(
            draw(Grid(((None, 7.0, -7.0),), ("a",), ("x", "y", "z")))
        ).iter(f"{SVG}path")
        if found.get("shape-rendering")
    ]
    assert squares == [shade(0), shade(SHADES - 1)]
    assert set(squares) <= shades


def test_a_heat_map_with_too_many_columns_says_how_many_it_leaves_out() -> None:
    wide = Grid(((0.5,) * 200,), ("a",), tuple(str(n) for n in range(200)))
    assert any(text.startswith("+") and text.endswith(" columns") for text in texts(wide))


def test_a_curve_that_runs_off_to_infinity_is_drawn_as_far_as_it_goes() -> None:
    points = ((1.0, 2.0), (2.0, float("inf")), (3.0, float("nan")))
    assert "2" in texts(Curve((Series("loss", points),), "step", "loss"))
    assert draw(Curve((Series("loss", points[1:]),), "step", "loss"))


SLOPES = {"falls": (9, 7, 5, 4), "rises": (1, 3, 5, 9), "flat": (5, 5, 5, 5), "dips": (9, 1, 1, 8)}


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("other", SLOPES)
def test_a_line_s_last_value_lies_on_no_line_and_on_no_other_value(slope: str, other: str) -> None:
    """Class: a label on what it labels, which nobody reads on a phone."""
    two = [
        tuple((float(x), float(y + n)) for x, y in enumerate(SLOPES[name]))
        for n, name in enumerate((slope, other))
    ]
    svg = draw(Curve(tuple(Series("", points) for points in two), "x", "y"))
    written = ElementTree.fromstring(svg).iter(f"{SVG}text")
    areas = [area(one) for one in written if "stroke" in one.attrib]
    assert len(areas) == 2
    (left, top, right, bottom), (a, b, c, d) = areas
    assert right <= a or c <= left or bottom <= b or d <= top
    for place in areas:
        assert not [spot for spot in spots(svg) if covers(place, spot)]


def test_an_axis_of_powers_of_ten_has_three_marks_or_more() -> None:
    """Class: a short axis with a mark or two, on which nothing can be read off."""
    curve = Curve((Series("", ((1.0, 300.0), (9.0, 900.0))),), "tokens", "tokens/s", is_log=True)
    assert {"1", "2", "5", "500", "1,000"} <= set(texts(curve))


def test_powers_of_ten_have_the_same_room_each() -> None:
    points = tuple((10.0**power, 10.0**power) for power in range(4))
    curve = Curve((Series("", points),), "tokens", "tokens/s", is_log=True)
    (path,) = (
        found.get("d", "")
        for found in ElementTree.fromstring(draw(curve)).iter(f"{SVG}path")
        if found.get("d", "").count("L") == 3
    )
    places = [float(place.split(" ")[0]) for place in path.lstrip("M").split("L")]
    steps = [right - left for left, right in pairwise(places)]
    assert steps == pytest.approx([steps[0]] * 3, abs=0.2)
    assert {"1", "10", "100", "1,000"} <= set(texts(curve))


def test_what_has_no_logarithm_is_left_out_of_a_log_plot() -> None:
    points = ((0.0, 5.0), (1.0, -1.0), (2.0, 20.0), (3.0, 30.0))
    assert draw(Curve((Series("", points),), "x", "y", is_log=True))
    assert draw(Curve((Series("", points[:2]),), "x", "y", is_log=True))


def test_a_timeline_names_each_look_once() -> None:
    assert [texts(TIMELINE).count(name) for name in ("prefill", "decode", "waiting")] == [1, 1, 1]


def test_a_span_alone_of_its_kind_bears_its_name() -> None:
    lanes = (Lane("slot", (Span(0, 10, "A"), Span(10, 20, "B", 1))),)
    assert texts(Timeline(lanes, "steps"))[-2:] == ["A", "B"]


def test_a_large_tree_says_how_much_of_it_is_left_out() -> None:
    many = Tree(tuple(Node(str(n), None if n == 0 else 0) for n in range(40)))
    assert "and 23 more" in texts(many)


def test_a_name_that_isn_t_straight_beside_its_mark_is_tied_to_it() -> None:
    """Class: in a crowd, a name beside another's mark."""
    near = [Point(f"word{n}", n / 10, 0) for n in range(6)]
    crowd = Scatter((*near, Point("far", 20, 9)))
    svg = ElementTree.fromstring(draw(crowd))
    ties = [one for one in svg.iter(f"{SVG}path") if one.get("fill") == "none"]
    beside = [one for one in svg.iter(f"{SVG}text") if one.get("text-anchor") == "middle"]
    assert len(ties) >= max(1, len(beside))


def test_every_name_of_a_map_is_on_it_and_nothing_covers_another() -> None:
    assert set(texts(SCATTER)) == {"␣king", "␣queen", "␣cat", "␣dog"}


def test_twenty_boxes_still_fit() -> None:
    assert len(texts(Diagram(tuple(Box(str(n), "note") for n in range(20))))) == 20


@pytest.mark.parametrize(
    "part",
    [
        Diagram(tuple(Box(str(n), "note") for n in range(100))),
        Timeline(tuple(Lane(str(n), (Span(0, n, "x"),)) for n in range(300)), "s"),
        Grid(((0.5,) * 400,) * 400, ("a",) * 400, ("a",) * 400),
    ],
    ids=["boxes", "lanes", "cells"],
)
def test_no_box_of_a_crowded_picture_has_less_than_no_size(part: Drawn) -> None:
    root = ElementTree.fromstring(draw(part))
    assert int(root.get("height", "0")) <= 1200
    for found in root.iter(f"{SVG}rect"):
        assert float(found.get("height", "0")) >= 0
        assert float(found.get("width", "0")) >= 0


def test_the_lit_path_differs_by_more_than_colour() -> None:
    widths = {
        found.get("stroke-width")
        for found in ElementTree.fromstring(draw(TREE)).iter(f"{SVG}path")
        if found.get("stroke") in {"#ffd24a", "#7d8594"}
    }
    assert widths == {"3", "1.5"}


def test_each_kind_has_a_mark_of_its_own() -> None:
    assert len({mark(kind, 0, 0, 4) for kind in range(8)}) == 8


def test_each_kind_of_span_has_a_hatching_of_its_own() -> None:
    def hatch(kind: int) -> str:
        lanes = (Lane("a", (Span(0, 10, "x", kind),)),)
        root = ElementTree.fromstring(draw(Timeline(lanes, "s")))
        lines = [p for p in root.iter(f"{SVG}path") if p.get("stroke-opacity")]
        return lines[0].get("d", "") if lines else ""

    assert len({hatch(kind) for kind in range(8)}) == 8


def test_shades_grow_lighter_step_by_step() -> None:
    lights = [light(shade(step)) for step in range(SHADES)]
    assert lights == sorted(lights)
    assert lights[-1] > 0.7


def test_each_kind_stands_out_from_the_ground() -> None:
    for colour in KINDS:
        assert (light(colour) + 0.05) / (light("#1b1d23") + 0.05) >= 4.5


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_ticks_are_few_and_lie_between_the_ends(low: float, span: float) -> None:
    high = low + span
    found = ticks(low, high)
    assert len(found) <= 11
    slack = 1e-6 * max(abs(low), abs(high), span)
    assert all(low - slack <= tick <= high + slack for tick in found)


def test_ticks_are_round() -> None:
    assert ticks(0, 41.2, 4) == [0, 20, 40]
    assert ticks(1, 32) == [10, 20, 30]
    assert ticks(3, 3) == [3]


def test_values_at_the_ends_of_lines_do_not_stand_on_each_other() -> None:
    """Class: "10" and "100" printed over each other, on the chart of one's own sureness."""
    said = Series("as said", ((0.0, 0.0), (100.0, 100.0)))
    near = [Series("a", ((97.0, 100.0),)), Series("b", ((98.0, 99.0),))]
    svg = draw(Curve((said, *near), "x", "y"))
    written = ElementTree.fromstring(svg).iter(f"{SVG}text")
    areas = [area(one) for one in written if "stroke" in one.attrib]
    assert len(areas) == 3
    for (left, top, right, bottom), (a, b, c, d) in combinations(areas, 2):
        assert right <= a or c <= left or bottom <= b or d <= top


def area(one: ElementTree.Element) -> tuple[float, float, float, float]:
    """The box of a text: left, top, right, bottom."""
    x, y, wide = float(one.attrib["x"]), float(one.attrib["y"]), text_width(one.text or "", SMALL)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.attrib["text-anchor"]]
    return left, y - 8, left + wide, y


def spots(svg: str) -> Iterator[tuple[float, float]]:
    """Points along the curves' lines, a hundred a piece."""
    for one in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if "L" not in one.attrib["d"]:
            continue
        corners = [tuple(map(float, c.split())) for c in one.attrib["d"].lstrip("M").split("L")]
        for (x, y), (to_x, to_y) in pairwise(corners):
            yield from ((x + (to_x - x) * k / 100, y + (to_y - y) * k / 100) for k in range(100))


def covers(place: tuple[float, float, float, float], spot: tuple[float, float]) -> bool:
    left, top, right, bottom = place
    return left < spot[0] < right and top < spot[1] < bottom
