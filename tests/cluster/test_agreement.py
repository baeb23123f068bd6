"""The cluster and the embedded engine run the same weights: they must say the same."""

from itertools import pairwise

import pytest

from tools.engine.base import Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine

NEAR_TIE = 0.1  # nat: closer neighbours may change places
COARSE = 0.5  # nat: llama.cpp rounds what goes into each matrix to 8 bits, beside 4-bit weights
PROMPTS = [
    "The cat sat on the",
    "Kubernetes pods are scheduled by the",
    "The capital of France is",
    "Once upon a time",
    "def fibonacci(n):",
    "1 + 1 =",
    "Il était une fois",
    "Der schnelle braune Fuchs",
    "日本",
    "人工智能是",
    "Москва - столица",
    "مرحبا بكم في",
    "नमस्ते",
    "안녕하세요",
    "Η Αθήνα είναι",
    "שלום",
    "🙂🙂",
    "The animal didn't cross the street because it was too",
]


@pytest.mark.parametrize("text", PROMPTS)
async def test_both_engines_see_the_same_distribution(
    text: str, either: ClusterEngine, embedded: LocalEngine, request: pytest.FixtureRequest
) -> None:
    near = COARSE if "llama_cpp" in request.node.callspec.id else NEAR_TIE
    theirs, ours = [await engine.next_token(Prompt(text), 20) for engine in (either, embedded)]
    assert theirs.prompt_tokens == ours.prompt_tokens
    there = {c.token.id: c.logprob for c in theirs.top}
    here = {c.token.id: c.logprob for c in ours.top}
    off = [abs(there[c.token.id] - here[c.token.id]) for c in ours.top[:5]]
    assert max(off) < near
    places = [c.token.id for c in theirs.top]
    for likelier, other in pairwise(ours.top[:6]):
        if likelier.logprob - other.logprob > near:
            assert places.index(likelier.token.id) < places.index(other.token.id)


@pytest.mark.parametrize("text", PROMPTS[:6])
async def test_both_engines_score_a_guess_alike(
    text: str, cluster: ClusterEngine, embedded: LocalEngine
) -> None:
    theirs, ours = [await engine.score(Prompt(text), " in the") for engine in (cluster, embedded)]
    assert [s.token for s in theirs] == [s.token for s in ours]
    for one, other in zip(theirs, ours, strict=True):
        assert one.logprob == pytest.approx(other.logprob, abs=NEAR_TIE)


@pytest.mark.parametrize("text", PROMPTS)
async def test_both_engines_cut_text_alike(
    text: str, either: ClusterEngine, embedded: LocalEngine
) -> None:
    assert await either.tokenize(text) == await embedded.tokenize(text)
