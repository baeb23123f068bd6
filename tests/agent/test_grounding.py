"""A sentence stands on the sources, or it isn't said."""

import pytest

from bot.agent.grounding import ground_of

SOURCES = (
    "KV cache. The keys and values of all tokens so far, kept so that a step need not work them"
    " out again. It grows with every token, in every layer.",
    "Weights. They are never changed by inference; running a model doesn't write its weights.",
    "Sizes. Llama-3 8B takes 128 KiB a token, 32 MiB for 256 tokens of 100. P(next) is 0.3894.",
)
GROUND = ground_of("How big is the KV cache of Llama-3 8B at 4,096 tokens?", SOURCES)


@pytest.mark.parametrize(
    "sentence",
    [
        "It keeps the keys and values of all tokens so far.",
        "So the cache grows with every token, in each layer [1].",
        "Llama-3 8B takes 128 KiB a token [2].",
        "At 4,096 tokens it has grown with every token.",
        "The probability is 0.39.",
        "That is 38.9 %, or 39 in 100.",
        "1. It grows with every token.",
        "Have you looked at your own server's metrics?",
        "Let me look that up.",
        "That's it.",
        "Running a model never writes its weights.",
    ],
)
def test_what_the_sources_say_stands(sentence: str) -> None:
    assert GROUND.fault(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "It keeps the keys and values in 512 blocks.",
        "It takes 129 KiB a token.",
        "It takes 12.8 KiB a token.",
        "The probability is 3.894.",
        "Running a model writes its weights.",
        "It was invented by pirates.",
        "It doesn't grow with every token in every layer.",
        "A good risotto wants patience and stock.",
        "Let me tell you that pirates invented it near Madagascar, long ago.",
        "The cache is encrypted with a secret that rotates hourly.",
    ],
)
def test_what_no_source_says_does_not(sentence: str) -> None:
    assert GROUND.fault(sentence) is not None
