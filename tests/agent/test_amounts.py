"""Numbers of an answer, worked out again and held to their units by code."""

import pytest

from bot.agent.grounding import ground_of

SOURCES = (
    "Llama-3 8B keeps 131,072 bytes per token. Its weights take 15 GiB of an 80 GB card.",
    "A step takes 20 ms. The GPU reads 4.8 TB/s; a model of 24 GB gives 200 tokens a second.",
    "P(next) is 0.3894, and the cache was 38.9 % full. The layers: 32.",
)
GROUND = ground_of("How big is the cache of Llama-3 8B for 8,192 tokens?", SOURCES)

STAND = {
    "the same": "It keeps 131,072 bytes per token.",
    "another unit": "It keeps 128 KiB per token.",
    "another unit of time": "A step takes 0.02 s.",
    "a fraction as a share": "The odds of the next are 38.9 %.",
    "no unit at all": "It has 32 layers.",
    "a sum that is right": "131,072 × 8,192 = 1 GiB.",
    "a sum in other units": "So 128 KiB × 8,192 is 1 GiB.",
    "a quotient": "4.8 TB/s ÷ 24 GB = 200.",
    "the rate as a rate": "For each token it keeps 131,072 bytes.",
    "thousands": "For 8k tokens it keeps 131,072 bytes per token.",
}
FALL = {
    "the rate as a total": ("It takes 131,072 bytes for 8k tokens.", "is for one of the 8k tokens"),
    "the rate as a total in another unit": ("It takes 128 KiB for 8,192 tokens.", "is for one of"),
    "a thousand times too much": ("It keeps 131,072 KiB per token.", "131,072 bytes per token"),
    "time for size": ("Its weights take 15 seconds.", "is 15 GiB"),
    "a smaller unit": ("A step takes 20 s.", "is 20 ms"),
    "a sum that is wrong": ("131,072 × 8,192 = 2 GiB.", "that sum makes"),
    "a quotient that is wrong": ("4.8 TB/s ÷ 24 GB = 115.", "that sum makes 200"),
    "a number from nowhere": ("It takes 17 GiB.", "17 is in no source"),
}


@pytest.mark.parametrize("sentence", STAND.values(), ids=STAND)
def test_a_amount_that_says_the_same_stands(sentence: str) -> None:
    fault = GROUND.fault(sentence)
    assert fault is None or "source says" in fault  # its words are another matter


@pytest.mark.parametrize(("sentence", "why"), FALL.values(), ids=FALL)
def test_a_amount_that_says_something_else_falls(sentence: str, why: str) -> None:
    assert why in (GROUND.fault(sentence) or "")
