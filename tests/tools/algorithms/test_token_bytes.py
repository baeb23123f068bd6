from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from tools.algorithms.token_bytes import dropped, pieces_of, shown_bytes


def _texts(cuts: list[bytes]) -> list[str]:
    return [cut.decode(errors="replace") for cut in cuts]


@pytest.mark.parametrize(
    "cuts",
    [
        [b"The", b" cat"],
        [b"\xe7\x8c", b"\xab"],
        [b"\xe7", b"\x8c\xab"],
        [b"\xe7", b"\x8c", b"\xab"],
        [b" \xf0\x9f", b"\x91", b"\xa9", b" ok"],
        [b"\xe7\x8c", b"\xab", b"\xe3\x81", b"\x8c"],
        [b"a\xe7", b"\x8c", b"\xab!"],
        [b"\n\n", b"\t"],
    ],
)
def test_the_bytes_are_found_from_the_texts(cuts: list[bytes]) -> None:
    assert pieces_of(b"".join(cuts).decode(), _texts(cuts)) == tuple(cuts)


def test_where_two_cuts_look_alike_none_is_claimed() -> None:
    cuts = [b"\xe7\x8c", b"\xab", b"\xe3", b"\x81", b"\x8c"]  # or 3 pieces, then 2
    found = pieces_of("猫が", _texts(cuts))
    assert found == (None, None, None, None, b"\x8c")
    assert shown_bytes("\ufffd", found[0]) == "part"


def test_a_start_token_takes_no_bytes() -> None:
    assert pieces_of("hi", ["<s>", "hi"]) == (b"", b"hi")


def test_a_text_that_was_changed_on_the_way_claims_nothing() -> None:
    assert pieces_of("hello", ["he", "\u200bllo"]) == (None, None)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30), st.data())
def test_what_is_claimed_is_so_for_any_cut(text: str, data: st.DataObject) -> None:
    spelt = text.replace("\ufffd", "").encode()
    places = data.draw(st.lists(st.integers(0, len(spelt)), unique=True))
    edges = sorted({0, len(spelt), *places})
    cuts = [spelt[a:b] for a, b in pairwise(edges)]
    for found, cut in zip(pieces_of(spelt.decode(), _texts(cuts)), cuts, strict=True):
        assert found in (None, cut)


def test_the_real_tokenizer_s_bytes_are_found(embedded_folder: object) -> None:
    tokenizer = AutoTokenizer.from_pretrained(embedded_folder)
    text = "naïve café 猫 👩 ok"
    ids = tokenizer(text)["input_ids"]
    texts = [tokenizer.decode([one]) for one in ids]
    found = pieces_of(text, texts)
    assert b"".join(cut or b"" for cut in found) == text.encode()


@pytest.mark.parametrize(
    ("piece", "spelt", "shown"),
    [
        (" cat", b" cat", "4"),
        ("é", b"\xc3\xa9", "2"),
        (" \ufffd", b" \xf0\x9f", "20 f0 9f"),
        ("ab\ufffd", b"ab\xf0\x9f", "61 62 f0…"),
    ],
)
def test_whole_pieces_are_counted_and_halves_spelt(piece: str, spelt: bytes, shown: str) -> None:
    assert shown_bytes(piece, spelt) == shown


@pytest.mark.parametrize(
    ("text", "spelt", "lost"),
    [
        ("ab", b"ab", ()),
        ("a\x04b\x04", b"ab", ("\x04",)),
        ("\x04\x06", b"", ("\x04", "\x06")),
        ("é\U00050000", b"\xc3\xa9\x90\x80\x80", ("\U00050000",)),
        ("hello", b" hello", ()),  # a space that the tokenizer put first
        ("hello", b"<s>hello", ()),
        ("HELLO", b"hello", ()),
    ],
)
def test_what_is_left_out_is_found(text: str, spelt: bytes, lost: tuple[str, ...]) -> None:
    assert dropped(text, spelt) == lost
