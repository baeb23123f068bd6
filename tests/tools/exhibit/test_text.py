import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exhibit.exhibit import (
    Bar,
    Code,
    Exhibit,
    Fact,
    Origin,
    Prose,
    Provenance,
    Stages,
    Tokens,
)
from tools.exhibit.monospace import WIDTH, columns, padded, wrapped
from tools.exhibit.text import (
    bars_text,
    exhibit_text,
    fact_text,
    part_text,
    provenance_line,
    tokens_text,
)

EMBEDDED = "SmolLM2-135M-Instruct, Q4_1, raw text without its chat template (embedded)"
LIVE = Provenance(Origin.LIVE, "smollm2-135m", "embedded", elapsed_ms=61.4)
LINES = st.text(alphabet=st.characters(exclude_categories=["C", "Z", "M"]), max_size=60)


def test_bars_are_drawn_in_eighths_of_a_column() -> None:
    rows = (
        Bar("␣kube", 0.389, " 38.9 %"),
        Bar("␣scheduler", 0.184, " 18.4 %"),
        Bar("other 49,144 tokens", 0.301, " 30.1 %", is_rest=True),
    )
    assert bars_text(rows).splitlines() == [
        "␣kube        █████████████████████  38.9 %",
        "␣scheduler   █████████▉             18.4 %",
        "other 49,14… ████████████████▎      30.1 %",
    ]


@given(
    st.lists(
        st.builds(Bar, LINES, st.floats(0, 1), LINES.map(lambda text: text[:18])), max_size=20
    ),
    st.sampled_from([32, 42, 60]),
)
def test_no_row_of_bars_is_wider_than_a_phone(rows: list[Bar], width: int) -> None:
    for line in bars_text(tuple(rows), max(width, 36)).splitlines():
        assert columns(line) <= max(width, 36)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_never_has_a_shorter_bar(one: float, other: float) -> None:
    low, high = sorted((one, other))
    first, second = bars_text((Bar("a", high), Bar("b", low))).split("\n")
    assert len(first) >= len(second)


def test_any_share_above_nothing_leaves_a_trace() -> None:
    assert "▏" in bars_text((Bar("a", 1.0), Bar("b", 1e-9)))
    assert bars_text((Bar("a", 1.0), Bar("b", 0.0))).endswith("b")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日… "),
        ("abc", 5, "abc  "),
        ("🎉🎉", 3, "🎉…"),
    ],
)
def test_wide_signs_count_as_two(text: str, width: int, shown: str) -> None:
    assert padded(text, width) == shown
    assert columns(padded(text, width)) == width


@given(LINES, st.integers(1, 40))
def test_padding_gives_exactly_the_width(text: str, width: int) -> None:
    assert columns(padded(text, width)) == width


def test_fresh_tokens_stand_out() -> None:
    assert tokens_text(("The", "␣cat", "␣sat"), fresh=1) == "The|␣cat|‹␣sat›"


@given(st.lists(st.text("abc", min_size=1, max_size=8), max_size=30))
def test_tokens_are_wrapped_and_none_is_lost(texts: list[str]) -> None:
    shown = tokens_text(tuple(texts))
    assert shown.replace("\n", "") == "|".join(texts)
    assert all(columns(line) <= WIDTH + 1 for line in shown.splitlines())


def test_the_lit_stage_is_marked() -> None:
    shown = part_text(Stages(("tokenize", "forward"), lit=1))
    assert shown.splitlines() == ["  tokenize", "▸ forward"]


def test_prose_is_wrapped_and_code_is_not() -> None:
    long = "word " * 30
    assert all(columns(line) <= WIDTH for line in part_text(Prose(long)).splitlines())
    assert part_text(Code(long)) == long
    assert wrapped("a\n\nb") == ["a", "", "b"]


@pytest.mark.parametrize(
    ("provenance", "line"),
    [
        (LIVE, f"live · {EMBEDDED} · 61 ms"),
        (
            Provenance(Origin.LIVE, "m", "cluster", elapsed_ms=2.0, is_kept=True),
            "kept · m (cluster) · 2 ms",
        ),
        (
            Provenance(
                Origin.RECORDED, "Qwen3.6-27B-FP8", "4×H100", datetime(2026, 5, 1, tzinfo=UTC)
            ),
            "recorded: Qwen3.6-27B-FP8, 4×H100, 2026-05-01",
        ),
        (Provenance(Origin.COMPUTED), "computed: worked out by code"),
        (Provenance(Origin.ILLUSTRATIVE), "illustrative: made up to show the shape"),
    ],
)
def test_every_exhibit_says_where_it_is_from(provenance: Provenance, line: str) -> None:
    assert provenance_line(provenance) == line


def test_facts_carry_their_unit() -> None:
    assert fact_text(Fact("entropy", 5.1, "bits")) == "entropy 5.1 bits"
    assert fact_text(Fact("tokens read", 5450)) == "tokens read 5,450"
    assert fact_text(Fact("throughput", 2236.8, "tokens/s")) == "throughput 2,237 tokens/s"
    assert fact_text(Fact("share", 0.25)) == "share 0.25"


def test_a_whole_exhibit_reads_from_title_to_source() -> None:
    exhibit = Exhibit(
        "Title",
        (Prose("Words."), Tokens(("a", "b"))),
        LIVE,
        (Fact("n", 2),),
    )
    assert exhibit_text(exhibit) == (f"Title\n\nWords.\n\na|b\n\nn 2\nlive · {EMBEDDED} · 61 ms")
    assert json.dumps(exhibit_text(exhibit))
