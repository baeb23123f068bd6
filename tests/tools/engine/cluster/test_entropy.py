"""The bounds of an entropy against that of the embedded model, which knows every token."""

import pytest

from tools.engine.base import Candidate, Prompt, Token
from tools.engine.cluster.entropy import entropy_bounds_bits
from tools.engine.local.local import LocalEngine

PROMPTS = [
    "The cat sat on the", "Kubernetes pods are scheduled by the", "The capital of France is",
    "Once upon a time", "def fibonacci(n):", "1 + 1 =", "Il était une fois", "日本", "人工智能是",
    "Der schnelle braune Fuchs", "Москва - столица", "مرحبا بكم في", "नमस्ते", "안녕하세요",
    "Η Αθήνα είναι", "שלום", "🙂🙂", "It was a beautiful", "a", "the", "I", ".", "0", "x", "{",
    "The animal didn't cross the street because it was too", "To be, or not to", "My name is",
    "A rose is a rose is a", "Hello", "import", "for", "SELECT * FROM", "Paris", "The", "In",
    "猫がマットの上に座った。", "Привет", "สวัสดี", "Xin chào", "(", "error:", "2026-01-31T", "http://",
    "We", "She said", "Today", "kubectl get",
]  # fmt: skip


async def test_a_bound_that_knows_that_none_beats_the_last_shown_says_more(
    embedded: LocalEngine,
) -> None:
    found = await embedded.next_token(Prompt("The cat sat on the"), 10)
    as_one, _ = entropy_bounds_bits(found.top, 49_152, is_ranked=False)
    least, most = entropy_bounds_bits(found.top, 49_152)
    told = (as_one, least, found.entropy_bits, most)
    assert told == pytest.approx((1.82, 5.86, 8.18, 12.72), abs=0.01)


@pytest.mark.parametrize("text", PROMPTS)
async def test_the_true_entropy_lies_between_the_bounds(text: str, embedded: LocalEngine) -> None:
    found = await embedded.next_token(Prompt(text), 20)
    before = (0.0, 99.0)
    for shown in (1, 2, 5, 10, 20):
        least, most = entropy_bounds_bits(found.top[:shown], 49_152)
        assert least - 1e-9 <= found.entropy_bits <= most + 1e-9
        assert before[0] - 1e-9 <= least  # who sees more knows more
        assert most <= before[1] + 1e-9
        _, unknown = entropy_bounds_bits(found.top[:shown], None)
        assert unknown > most
        before = (least, most)


def test_where_all_is_shown_both_bounds_are_the_entropy() -> None:
    top = [Candidate(Token(place, "x"), -0.6931471805599453) for place in range(2)]
    assert entropy_bounds_bits(top, 2) == pytest.approx((1.0, 1.0))
    assert entropy_bounds_bits([Candidate(Token(1, "x"), 0.0)], None) == (0.0, 0.0)
