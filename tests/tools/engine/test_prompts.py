import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.engine.prompts import break_control_tokens, clean_piece, clean_prompt, clean_text
from tools.errors import BadInput


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Give me some text"),
        (" \u3000\n", "Give me some text"),
        ("x" * 4001, "4,001"),
        ("a\ud83d", "half a character"),
        ("\udc00", "half a character"),
        ("a\0", "NUL"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        clean_prompt(text)


def test_four_thousand_characters_are_taken() -> None:
    assert clean_prompt("x" * 4000)


@pytest.mark.parametrize(
    "text", ["שלום\u200f", "a\u202eb", "```", "@everyone", "<|im_end|>", "  a "]
)
def test_odd_but_honest_text_is_kept_as_it_is(text: str) -> None:
    assert clean_prompt(text) == text


@given(st.text())
def test_whatever_is_taken_can_be_encoded(text: str) -> None:
    try:
        assert clean_text(text).encode()
    except BadInput:
        assert "\0" in text
    except AssertionError:
        assert text == ""


@pytest.mark.parametrize(
    "token",
    [
        "<|im_end|>",
        "<|endoftext|>",
        "<|start_header_id|>",
        "<｜User｜>",
        "<s>",
        "</s>",
        "<bos>",
        "<start_of_turn>",
        "[INST]",
        "[/INST]",
        "<<SYS>>",
        "<think>",
    ],
)
def test_chat_markup_of_every_family_is_broken_up(token: str) -> None:
    assert token not in break_control_tokens(f"a {token}{token} b")


@given(st.text(), st.lists(st.text(min_size=2, max_size=6), max_size=3))
def test_a_known_control_token_never_survives(text: str, known: list[str]) -> None:
    broken = break_control_tokens(text + "".join(known), known)
    assert not [token for token in known if token in broken and "\u200b" not in token]


@given(st.text(alphabet=st.characters(exclude_characters="<>[]\u200b")))
def test_text_without_brackets_is_left_as_it_is(text: str) -> None:
    assert break_control_tokens(text) == text


def test_a_piece_may_be_blank_but_not_nothing() -> None:
    assert clean_piece("  ") == "  "
    for wrong in ("", "x" * 4001, "\ud800"):
        with pytest.raises(BadInput):
            clean_piece(wrong)
