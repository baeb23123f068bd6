"""What a real vLLM draws, against what the sampler says that it draws from: a chi-square."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from bench.serve_vllm import MODEL
from tests.cluster.conftest import TIMEOUT_S
from tools.algorithms.sampled import SamplingKnobs
from tools.algorithms.sampler import settled
from tools.engine.cluster.server import Server
from tools.engine.local.local import LocalEngine

DRAWS = 600
LEAST_EXPECTED = 5.0  # of a cell; rarer tokens share one
SURE = 3.72  # standard deviations: one true case in 10,000 is called false
FRANCE = "The capital of France is Paris. The capital of France is"


def request(ids: Sequence[int], knobs: SamplingKnobs, tokens: int) -> dict[str, Any]:
    return {
        "model": MODEL,
        "prompt": list(ids),
        "n": DRAWS,
        "max_tokens": tokens,
        "seed": 11,
        "ignore_eos": True,
        "return_token_ids": True,
        "temperature": knobs.temperature,
        "top_k": knobs.top_k,
        "top_p": knobs.top_p,
        "min_p": knobs.min_p,
        "repetition_penalty": knobs.repetition,
        "presence_penalty": knobs.presence,
        "frequency_penalty": knobs.frequency,
        "logit_bias": {str(number): added for number, added in knobs.bias.items()},
    }


async def draws(
    url: str, ids: Sequence[int], knobs: SamplingKnobs, tokens: int = 1
) -> list[tuple[int, ...]]:
    server = Server(url, timeout_s=2 * TIMEOUT_S)
    try:
        answer = await server.post("completions", request(ids, knobs, tokens))
    finally:
        await server.close()
    return [tuple(choice["token_ids"]) for choice in answer["choices"]]


def assert_drawn_from(drawn: Sequence[int], shares: Sequence[float]) -> None:
    """Fail if so many draws would come from these shares less than once in 10,000 times."""
    count, total = Counter(drawn), len(drawn)
    cells = [number for number, share in enumerate(shares) if share * total >= LEAST_EXPECTED]
    expected = [shares[number] * total for number in cells]
    found = [count[number] for number in cells]
    if (rest := total - sum(expected)) >= LEAST_EXPECTED:
        expected.append(rest)
        found.append(total - sum(found))
    statistic = sum((seen - due) ** 2 / due for seen, due in zip(found, expected, strict=True))
    assert statistic <= critical(len(expected) - 1), list(zip(found, expected, strict=True))
    strays = [number for number in drawn if shares[number] == 0]
    assert len(strays) <= total // 200, "tokens that ours cuts are drawn"  # one at the edge may be


def critical(freedom: int) -> float:
    """Return what a chi-square stays below. Source: Wilson and Hilferty 1931."""
    if not freedom:
        return 0.0
    part = 2 / (9 * freedom)
    return freedom * (1 - part + SURE * math.sqrt(part)) ** 3


@pytest.mark.against("sampling", by="a live vLLM's draws, chi-square")
@pytest.mark.parametrize(
    ("text", "knobs"),
    [
        ("It was a beautiful", SamplingKnobs()),
        ("It was a beautiful", SamplingKnobs(temperature=0.5)),
        ("It was a beautiful", SamplingKnobs(temperature=1.5, top_p=0.7)),
        ("It was a beautiful", SamplingKnobs(temperature=1.5, min_p=0.05, top_p=0.9)),
        ("It was a beautiful", SamplingKnobs(temperature=2, top_k=12)),
        ("To be, or not to", SamplingKnobs(repetition=1.3, top_k=20)),
        (FRANCE, SamplingKnobs(repetition=1.2)),
        (FRANCE, SamplingKnobs(0.7, 20, 0.8, 0.01, 1.05)),
    ],
)
async def test_a_real_vllm_draws_from_the_same_shares(
    text: str, knobs: SamplingKnobs, cluster_url: str, embedded: LocalEngine
) -> None:
    raw = await embedded.raw_scores(text)
    ids = [token.id for token in raw.prompt]
    drawn = await draws(cluster_url, ids, knobs)
    assert_drawn_from([one for (one,) in drawn], settled(raw.scores, ids, (), knobs).shares)


async def test_a_bias_is_added_before_the_penalty(cluster_url: str, embedded: LocalEngine) -> None:
    raw = await embedded.raw_scores(FRANCE, "", (" Paris", " not", " located"))
    ids = [token.id for token in raw.prompt]
    paris, no, located = [cut[0].id for cut in raw.words]
    knobs = SamplingKnobs(repetition=1.2, bias={paris: 3.0, no: -4.0, located: 2.0})
    drawn = await draws(cluster_url, ids, knobs)
    assert_drawn_from([one for (one,) in drawn], settled(raw.scores, ids, (), knobs).shares)


@pytest.mark.parametrize(
    "knobs",
    [
        SamplingKnobs(presence=1.5),
        SamplingKnobs(frequency=1.0, presence=-0.5),
        SamplingKnobs(repetition=1.02, frequency=0.8, presence=0.5, top_p=0.9),
    ],
)
async def test_presence_and_frequency_count_what_a_real_vllm_has_written(
    knobs: SamplingKnobs, cluster_url: str, embedded: LocalEngine
) -> None:
    start = "ha ha ha ha"
    ids = [token.id for token in (await embedded.raw_scores(start)).prompt]
    pairs = await draws(cluster_url, ids, knobs, tokens=2)
    (first, times), *_ = Counter(pair[0] for pair in pairs).most_common()
    assert times > DRAWS / 3, "one beginning isn't frequent enough to be tested: take another text"
    (token,) = await embedded.named((first,))
    raw = await embedded.raw_scores(start, token.text)
    assert [one.id for one in raw.written] == [first]
    after = settled(raw.scores, ids, (first,), knobs)
    assert_drawn_from([then for one, then in pairs if one == first], after.shares)


async def test_greedy_takes_the_likeliest_after_the_penalty(
    cluster_url: str, embedded: LocalEngine
) -> None:
    raw = await embedded.raw_scores("To be, or not to")
    ids = [token.id for token in raw.prompt]
    knobs = SamplingKnobs(temperature=0, repetition=1.3)
    server = Server(cluster_url, timeout_s=TIMEOUT_S)
    answer = await server.post("completions", request(ids, knobs, 1) | {"n": 1})
    await server.close()
    assert answer["choices"][0]["token_ids"] == [
        settled(raw.scores, ids, (), knobs).shares.argmax()
    ]
