"""What pieces stand for, on the real pipelines of six families."""

import unicodedata

import pytest

from tests.fakes.families import FAMILIES
from tests.fakes.texts import TEXTS
from tools.engine.base import bytes_of
from tools.engine.model.fast_tokenizer import FastTokenizer
from tools.engine.piece_decoder import decoder_of

BYTE_LEVEL = {"type": "ByteLevel"}
every_family = pytest.mark.parametrize("family", FAMILIES)


@every_family
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_tokens_of_a_text_are_its_bytes(family: str, text: str) -> None:
    """Class: a family told by one sign; ids decoded one by one."""
    tokenizer = FastTokenizer(FAMILIES[family]())
    raw = b"".join(bytes_of(tokenizer.token(n)) for n in tokenizer.ids(text, follows=True))
    read = raw.decode().removeprefix(" ") if family == "llama2" else raw.decode()
    expected = unicodedata.normalize("NFC", text) if family == "qwen" else text
    if family in ("llama2", "gemma"):
        expected = expected.replace("▁", " ")  # they can't tell the two apart
    assert read == expected


@every_family
def test_no_two_entries_are_called_alike_but_halves(family: str) -> None:
    """Class: two rows called mat."""
    tokenizer = FastTokenizer(FAMILIES[family]())
    tokens = [tokenizer.token(number) for number in range(tokenizer.size())]
    labels = [token.label for token in tokens if token.raw is None]
    spelt_twice = {label for label in labels if labels.count(label) > 1}
    in_bytes = {chr(byte) for byte in range(128)} | {"␣", "⏎", "⇥", "␍"}
    assert {one for one in spelt_twice if not one.startswith("‹U+")} <= in_bytes
    if family not in ("llama2", "gemma"):  # those have a sign and its byte
        assert not spelt_twice


@every_family
def test_a_start_token_is_spelt_as_it_is_and_changes_no_other(family: str) -> None:
    tokenizer = FastTokenizer(FAMILIES[family]())
    for number in tokenizer.special():
        token = tokenizer.token(number)
        assert (token.text, token.raw) == (tokenizer._tokenizer.id_to_token(number), None)


def test_half_a_character_has_its_bytes() -> None:
    tokenizer = FastTokenizer(FAMILIES["llama2"]())
    halves = [tokenizer.token(n) for n in tokenizer.ids("🙂", follows=True)[1:]]
    assert [token.raw for token in halves] == [b"\xf0", b"\x9f", b"\x99", b"\x82"]
    assert {token.text for token in halves} == {"\ufffd"}


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        {"type": "WordPiece", "prefix": "##"},
        {"type": "CTC"},
        {"type": "Sequence", "decoders": []},
        {"type": "Sequence", "decoders": [{"type": "Fuse"}]},
        {"type": "Replace", "pattern": {"Regex": "_+"}, "content": " "},
    ],
)
def test_a_decoder_that_isn_t_known_isn_t_guessed(told: dict[str, object] | None) -> None:
    assert decoder_of(told) is None


def test_a_piece_outside_the_alphabet_of_bytes_stands_for_itself() -> None:
    decode = decoder_of(BYTE_LEVEL)
    assert decode is not None
    assert decode("<｜begin▁of▁sentence｜>") == "<｜begin▁of▁sentence｜>".encode()
    assert decode("Ġthe") == b" the"
