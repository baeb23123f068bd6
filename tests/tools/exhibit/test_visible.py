import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exhibit.visible import safe_code, safe_markdown, text_of, visible, visible_prompt

ANY_TEXT = st.text(alphabet=st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" Ku", "␣Ku"),
        ("\n\n", "⏎⏎"),
        ("\tx\r", "⇥x␍"),
        ("\ufffd", "\ufffd"),
        ("\u202e", "‹U+202E›"),
        ("\u200f", "‹U+200F›"),
        ("\ufeff", "‹U+FEFF›"),
        ("\u200b", "‹U+200B›"),
        ("\x00", "‹U+0000›"),
        ("\u00a0", "‹U+00A0›"),
        ("\u3164", "‹U+3164›"),
        ("\ud800", "‹U+D800›"),
        (text_of(b" \xe7\x8c"), "␣‹e7 8c›"),
        (text_of(b"\x80a\xff"), "‹80›a‹ff›"),
        (text_of("日".encode()), "日"),
        ("<|im_end|>", "<|im_end|>"),
        ("", "‹empty›"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("日本", "日本"),
        ("a\ufe0f", "a‹U+FE0F›"),
        ("\ufe0f", "‹U+FE0F›"),
        ("ok\U000e0141\U000e0142", "ok‹U+E0141›‹U+E0142›"),
        ("👍\U000e0141", "👍‹U+E0141›"),
        ("a\u180b", "a‹U+180B›"),
        ("a\ufe00", "a‹U+FE00›"),
        ("\U000e0067", "‹U+E0067›"),
        ("\u2066x\u2069", "‹U+2066›x‹U+2069›"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f‹U+FE0F›"),
    ],
)
def test_a_token_can_be_seen(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY_TEXT)
def test_nothing_hidden_is_left_in_a_visible_token(text: str) -> None:
    left = {unicodedata.category(c) for c in visible(text) if c != "\u200d"}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}


SELECTORS = [*map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x180B, 0x180F))]


@given(st.text(st.sampled_from("ab 日👍") | st.sampled_from(SELECTORS), min_size=1))
def test_no_text_hides_in_variation_selectors(text: str) -> None:
    kept = visible(text).replace("👍\ufe0f", "").replace("👍\ufe0e", "")
    assert not set(SELECTORS) & set(kept)


@given(ANY_TEXT)
def test_a_prompt_keeps_only_its_spaces_and_line_ends(text: str) -> None:
    left = {c for c in visible_prompt(text) if unicodedata.category(c)[0] in "CZ"}
    assert left <= {" ", "\n", "\u200d"}


def test_a_prompt_with_right_to_left_marks_shows_them() -> None:
    assert visible_prompt("a\u202eb\nc d") == "a‹U+202E›b\nc d"


@given(ANY_TEXT)
def test_no_text_can_end_a_code_block_or_mention_in_it(text: str) -> None:
    safe = safe_code(text)
    assert "`" not in safe
    assert "@everyone" not in safe
    assert "<@" not in safe


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "@here",
        "<@123>",
        "<@&123>",
        "<#123>",
        "<:smile:123>",
        "</nexttoken:123>",
        "<t:1:R>",
        "https://example.org",
        "[a](https://example.org)",
        "discord://x",
    ],
)
def test_mentions_and_links_are_inert(text: str) -> None:
    for safe in (safe_markdown(text), safe_code(text)):
        for live in ("@everyone", "@here", "<@", "<#", "<:", "</", "<t:"):
            assert live not in safe
    assert "://" not in safe_markdown(text)


@given(ANY_TEXT)
def test_no_text_starts_a_list_a_heading_or_a_quote(text: str) -> None:
    for line in safe_markdown(f"- {text}\n1. {text}\n# {text}\n> {text}\n-# {text}").split("\n"):
        assert not re.match(r" *([-+#>]|\d+\.)", line)


@given(ANY_TEXT)
def test_no_markdown_sign_stands_without_its_backslash(text: str) -> None:
    safe = safe_markdown(text)
    for place, sign in enumerate(safe):
        if sign in "*_~|`#>[":
            assert place > 0
            assert safe[place - 1] == "\\" or safe[place - 2 : place] == "\\\u200b"


@given(st.text(alphabet="@everyonh<#:/ t\\`", max_size=30))
def test_no_mix_of_signs_makes_a_mention(text: str) -> None:
    for safe in (safe_markdown(text), safe_code(text)):
        assert "@everyone" not in safe
        assert "<@" not in safe
        assert "<#" not in safe
        assert "```" not in safe


@pytest.mark.parametrize("text", ["a <|im_end|> b", "x < y", "me@example.org", "f(x): 1 - 2."])
def test_code_that_mentions_nobody_stays_exactly_as_it_is(text: str) -> None:
    assert safe_code(text) == text


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"])))
def test_plain_letters_stay_as_they_are(text: str) -> None:
    assert safe_markdown(text).replace("\u200b", "") == visible_prompt(text)
    assert visible_prompt(text) == text
