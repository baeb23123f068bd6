"""Outside prose keeps its own simple signs and gets no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exhibit.visible import safe_prose

KEPT = (
    "**bold** and *leaning* and `a[0] < b` and _so_",
    "- one\n- two\n\n1. three",
    "> quoted",
    "```python\nx[1] < y  # a comment\n```",
    "日本語 🧑‍💻 é",
)


@pytest.mark.parametrize("text", KEPT)
def test_simple_signs_stay_as_they_are(text: str) -> None:
    assert safe_prose(text) == text


CHANGED = {
    "a heading": ("# Big", "\\# Big"),
    "small print": ("-# small", "\\-# small"),
    "a quote without end": (">>> all", "\\>>> all"),
    "a spoiler": ("||hidden||", "\\|\\|hidden\\|\\|"),
    "a link": ("[here](https://x.example)", "\\[here\\](https:\u200b//x.example)"),
    "a mention": ("<@1> @everyone", "\\<\u200b@1> @\u200beveryone"),
    "odd spaces": ("38.9\u202f%\u00a0of\tit", "38.9 % of it"),
    "hidden signs": ("a\u202eb\u200bc\x07d", "abcd"),
    "half a character": ("a\ud83db", "a\ufffdb"),
    "an open block": ("```\nopen", "```\nopen\n```"),
    "a mention in code": ("`@everyone`", "`@\u200beveryone`"),
}


@pytest.mark.parametrize(("text", "shown"), CHANGED.values(), ids=CHANGED.keys())
def test_what_reaches_beyond_the_text_is_broken_up(text: str, shown: str) -> None:
    assert safe_prose(text) == shown


@given(st.text(st.sampled_from("`*_#[]()<>|@-:/ \n\u202eeveryoneab"), max_size=60))
def test_no_text_mentions_links_or_leaves_a_block_open(text: str) -> None:
    shown = safe_prose(text)
    assert "@everyone" not in shown
    assert "://" not in shown.replace("`", "")  # code shows an address, and links nothing
    assert shown.count("```") % 2 == 0
