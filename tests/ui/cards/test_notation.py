"""Class: signs that nobody explained. Each is told on the card where it is first seen."""

import pytest

from bot.ui.cards.notation import legend


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("The␣cat", "␣ is a space"),
        ("The|␣cat", "| parts tokens"),
        ("a‹␣mat›", "‹ › is what was put on the end"),
        ("‹e8›", "‹e8› is a byte"),
        ("-# entropy 8.18 bits of 15.6 · 5 tokens read", "entropy is how open the choice was"),
        ("-# 12 ms · kept · SmolLM2", "kept: the same was run before"),
        ("-# kept 7 tokens with 91 %", "kept is what the sampler may still draw from"),
    ],
)
def test_a_sign_that_stands_on_the_card_is_told(shown: str, told: str) -> None:
    assert told in str(legend([shown]))


@pytest.mark.parametrize("shown", ["plain words", "`a` | `b`", "‹U+202E›", "I kept it"])
def test_a_sign_that_doesnt_isnt(shown: str) -> None:
    assert legend([shown, None]) is None
