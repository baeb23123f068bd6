"""Text that is read from right to left moves nothing beside it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tools.exhibit.direction import CLOSE, OPEN, isolated, isolated_runs
from tools.exhibit.exhibit import Bar, Node, Stages, Table, Tokens, Tree
from tools.exhibit.monospace import PHONE, WIDTH, columns, padded
from tools.exhibit.text import bars_text, part_text
from tools.exhibit.visible import safe_code, visible

SHALOM, SALAM = "שלום", "عليكم"
MIXED = st.text(st.sampled_from("ab 12%|·") | st.sampled_from(SHALOM + SALAM + "٣"))


def test_only_what_is_read_from_the_right_is_isolated() -> None:
    assert isolated("␣cat") == "␣cat"
    assert isolated(f"␣{SHALOM}") == f"{OPEN}␣{SHALOM}{CLOSE}"
    assert isolated_runs(f"1 {SHALOM} {SALAM} 20 %") == f"1 {OPEN}{SHALOM} {SALAM}{CLOSE} 20 %"


def test_an_isolate_takes_no_column_and_is_ended_where_it_is_cut() -> None:
    assert columns(isolated(SHALOM)) == len(SHALOM)
    assert padded(isolated(SHALOM), 3) == f"{OPEN}{SHALOM[:2]}{CLOSE}…"


def test_every_part_isolates_its_labels() -> None:
    rows = tuple(Bar(visible(f" {one}"), 0.4, "40.0 %", "id 1") for one in (SHALOM, SALAM))
    table = Table(("token", "share"), ((SHALOM, "40 %"), (SALAM, "20 %")))
    for width in (PHONE, WIDTH):
        for text in (
            bars_text(rows, width),
            part_text(Tokens((SHALOM, SALAM)), width),
            part_text(Stages((f"1 {SHALOM} 40 %", f"2 {SALAM} 20 %")), width),
            part_text(table, width),
            part_text(Table(("a heading", *"bcdefghijkl"), ((SHALOM, *[SALAM] * 11),)), width),
            part_text(Tree((Node(SHALOM, None, "40 %"), Node(SALAM, 0, "20 %"))), width),
        ):
            assert text.count(OPEN) == text.count(CLOSE) >= 2
            assert safe_code(text) == text


@given(MIXED)
def test_isolates_of_code_are_kept_only_in_pairs(text: str) -> None:
    shown = safe_code(isolated(text))
    assert shown.count(OPEN) == shown.count(CLOSE) <= 1
    assert OPEN not in safe_code(f"{OPEN}{text}")
    assert CLOSE not in safe_code(f"{text}{CLOSE}")


@given(st.lists(st.sampled_from([OPEN, CLOSE, "a", SHALOM, "\u202e", "\n"])))
def test_no_isolate_stays_open_at_the_end_of_a_line(pieces: list[str]) -> None:
    for line in safe_code("".join(pieces)).split("\n"):
        kept = [one for one in line if one in (OPEN, CLOSE)]
        assert not kept or (kept[0], kept[-1]) == (OPEN, CLOSE)
        assert all(one != other for one, other in pairwise(kept))
