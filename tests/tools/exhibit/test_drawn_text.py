from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.drawn_parts import DRAWN, tables, trees
from tools.exhibit.drawn_text import nearest_pairs, short
from tools.exhibit.exhibit import (
    Box,
    Curve,
    Diagram,
    Grid,
    Lane,
    Node,
    Part,
    Point,
    Scatter,
    Series,
    Span,
    Table,
    Timeline,
    Tree,
)
from tools.exhibit.monospace import columns
from tools.exhibit.text import part_text

WIDTHS = st.sampled_from([22, 42, 60])


@given(tables() | DRAWN, WIDTHS)
def test_no_line_of_a_part_is_wider_than_it_may_be(part: Part, width: int) -> None:
    for line in part_text(part, width).split("\n"):
        assert columns(line) <= width, line


@given(trees(), WIDTHS)
def test_a_tree_has_one_line_a_node(tree: Tree, width: int) -> None:
    assert len(part_text(tree, width).split("\n")) == len(tree.nodes)


SOFTMAX = Table(
    ("token", "z", "e^z", "p"),
    (("␣mat", "2.00", "7.39", "66.0 %"), ("␣floor", "-1.00", "0.37", "24.3 %")),
    lit=0,
)


def test_numbers_of_a_table_stand_flush_right_and_the_lit_row_is_marked() -> None:
    assert part_text(SOFTMAX, 42).split("\n") == [
        "  token      z  e^z      p",
        "▸ ␣mat    2.00 7.39 66.0 %",
        "  ␣floor -1.00 0.37 24.3 %",
    ]


def test_a_table_too_wide_for_a_phone_becomes_lists_and_no_number_is_cut() -> None:
    assert part_text(SOFTMAX, 22).split("\n") == [
        "▸ ␣mat",
        "    z 2.00 · e^z 7.39",
        "    p 66.0 %",
        "  ␣floor",
        "    z -1.00 · e^z 0.37",
        "    p 24.3 %",
    ]


def test_a_long_name_gives_way_to_the_numbers() -> None:
    table = Table(("model", "bytes"), (("a very long model name", "12,288"),))
    assert part_text(table, 22).split("\n") == ["model            bytes", "a very long mo… 12,288"]


def test_a_grid_shows_tenths_and_says_what_its_digits_mean() -> None:
    grid = Grid(((1.0, None), (0.04, 0.5)), ("a", "b"), ("a", "b"), 0, 1, "from", "to", lit=(1, 1))
    assert part_text(grid, 22).split("\n") == [
        "a 9",
        "b · 5",
        "· is 0, 9 is 1",
        "to: a to b",
        "down: from",
        "▸ b, b: 0.5",
    ]


def test_a_grid_of_states_names_each_of_them() -> None:
    grid = Grid(((0.0, 2.0),), ("a",), ("x", "y"), high=2, lit=(0, 1), states=("no", "some", "all"))
    assert part_text(grid, 22).split("\n") == [
        "a · 2",
        "· no",
        "1 some",
        "2 all",
        "across: x to y",
        "▸ a, y: all",
    ]


def test_a_grid_says_how_many_columns_it_leaves_out() -> None:
    names = tuple(str(n) for n in range(50))
    text = part_text(Grid(((0.5,) * 50,), ("a",), names), 22)
    assert text.split("\n")[0] == "a " + "5" * 20
    assert "and 30 more columns" in text


def test_a_curve_lists_its_first_and_last_point() -> None:
    line = Series("cache", tuple((n, n * 1.5) for n in range(1, 33)))
    lines = part_text(Curve((line,), "token", "ms")).split("\n")
    assert lines[:3] == ["ms by token", "cache", "  1: 1.5"]
    assert lines[-1] == "  32: 48"
    assert len(lines) == 8


def test_a_timeline_shows_who_waits_and_names_each_look() -> None:
    lanes = (
        Lane("one", (Span(0, 10, "run"),)),
        Lane("two", (Span(0, 5, "wait", 2), Span(5, 10, "run"))),
    )
    assert part_text(Timeline(lanes, "ms"), 22).split("\n") == [
        "one ██████████████████",
        "two ░ wait ░░█████████",
        "0 to 10 ms",
        "█ run",
    ]


def test_a_span_of_no_length_is_still_seen() -> None:
    timeline = Timeline((Lane("a", (Span(0, 100, "x"), Span(100, 100, "y", 1))),), "ms")
    assert part_text(timeline, 22).split("\n")[0].endswith("█▒")


def test_a_tree_is_indented_and_its_lit_path_marked() -> None:
    tree = Tree(
        (
            Node("The", None, "0.0", True),
            Node("␣cat", 0, "-1.2", True),
            Node("␣dog", 0, "-1.4"),
            Node("␣sat", 1, "-2.3"),
        )
    )
    assert part_text(tree, 22).split("\n") == [
        "▸ The 0.0",
        "▸ ├ ␣cat -1.2",
        "  │ └ ␣sat -2.3",
        "  └ ␣dog -1.4",
    ]


def test_a_map_names_the_nearest_words_first() -> None:
    points = (Point("king", 0, 0), Point("cat", 9, 9), Point("queen", 1, 0))
    scatter = Scatter(points)
    assert nearest_pairs(scatter)[0] == ("king", "queen")
    assert part_text(scatter, 22).split("\n")[1] == "  king · queen"


def test_a_diagram_reads_from_top_to_bottom_with_what_passes_by() -> None:
    diagram = Diagram(
        (Box("Input"), Box("Attention", "9 heads", True), Box("Add"), Box("Add")), ((0, 2),)
    )
    assert part_text(diagram, 22).split("\n") == [
        "   Input",
        "▸↓ Attention · 9 heads",
        " ↓ Add",
        " ↓ Add",
        "↷  Input → Add 1",
    ]


def test_numbers_are_as_short_as_three_figures_allow() -> None:
    assert [short(x) for x in (5450, 0.03125, 12.345, 1234.5, 8_030_261_248, -2.0)] == [
        "5,450",
        "0.0312",
        "12.3",
        "1,230",
        "8.03e+09",
        "-2",
    ]
