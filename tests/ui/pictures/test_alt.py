import pytest
from hypothesis import given

from bot.ui.pictures.alt import LONGEST, alt
from tests.fakes.drawn_parts import DRAWN
from tests.ui.pictures.examples import CURVE, DIAGRAM, GRID, SCATTER, SHARES, STATES, TIMELINE, TREE
from tools.exhibit.exhibit import Curve, Drawn, Series

SAID: list[tuple[Drawn, str]] = [
    (
        GRID,
        "Heat map, 10 rows (query: the token that l…) by 10 columns (key: what it looks at)."
        " Highest: 1 at ␣mat, The. Lit: ␣sat, ␣cat: 0.35.",
    ),
    (
        STATES,
        "Heat map, 2 rows (block) by 3 columns (and so many on)."
        " 2 empty; 1 kept for a repeat; 1 held; 1 held by several. Lit: 3, +1: empty.",
    ),
    (
        CURVE,
        "Curve of ms per token by token written. without cache goes from 8.9 at 1 to 36.8 at 32."
        " with cache goes from 10 at 1 to 9 at 32.",
    ),
    (
        TIMELINE,
        "Timeline of 6 lanes, 0 to 94 ms. It shows prefill, decode, waiting."
        " request 1 until 49; request 2 until 58; request 3 until 67; request 4 until 76;"
        " request 5 until 85; request 6 until 94.",
    ),
    (
        TREE,
        "Tree of 5 nodes. The lit path: The ␣cat ␣sat."
        " It ends in ␣dog -1.41; ␣sat -2.31; ␣ran -2.70.",
    ),
    (SCATTER, "Map of 4 words. Nearest: ␣cat and ␣dog; ␣king and ␣queen;"),
    (
        DIAGRAM,
        "Diagram from top to bottom: Input → Attention → Add → Feed-forward → Add."
        " An arrow passes by from Input to Add 1. An arrow passes by from Add 1 to Add 2."
        " Lit: Attention.",
    ),
    (
        SHARES,
        "Bars, as it is and then after the knobs: ␣day 20.7 %, then 49.9 %; ␣place 6.4 %, then"
        " cut; 49,146 others 46.4 %, then 50.1 %. Lit: ␣day.",
    ),
]


@pytest.mark.parametrize(("part", "said"), SAID, ids=lambda value: type(value).__name__)
def test_alt_text_says_what_is_to_be_seen(part: Drawn, said: str) -> None:
    assert alt(part).startswith(said)


def test_the_turns_of_a_curve_are_told_where_they_lie_between_its_ends() -> None:
    curve = Curve((Series("p99", ((1, 5.0), (2, 1.0), (3, 9.0), (4, 6.0))),), "rate", "waiting")
    assert "p99 goes from 5 at 1 to 6 at 4, highest 9 at 3, lowest 1 at 2." in alt(curve)
    rises = Curve((Series("p50", ((1, 1.0), (2, 3.0))),), "rate", "waiting")
    assert "highest" not in alt(rises)
    assert "lowest" not in alt(rises)


def test_the_title_comes_first() -> None:
    assert alt(TREE, "Beam search").startswith("Beam search: Tree of 5 nodes.")


@given(DRAWN)
def test_alt_text_is_never_longer_than_discord_takes(part: Drawn) -> None:
    assert 0 < len(alt(part, "a title" * 30)) <= LONGEST
