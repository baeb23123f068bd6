"""Each way to ask a real server, and each way that it refuses."""

import asyncio
import math

import pytest

from bench.serve_vllm import CONTEXT, MODEL
from tests.cluster.watching import until
from tools.engine.base import Capability, Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Unavailable

CAT = Prompt("The cat sat on the")


async def test_what_it_has_is_found_by_asking(cluster: ClusterEngine) -> None:
    line = await cluster.check()
    assert line.startswith(f"{MODEL} at 127.0.0.1:")
    assert "has logprobs, token ids, /tokenize, /detokenize, /metrics" in line
    assert "lacks" not in line
    assert cluster.capabilities() == {
        Capability.NEXT_TOKEN,
        Capability.SCORE,
        Capability.TOKENIZE,
        Capability.STREAM,
        Capability.METRICS,
        Capability.MASK,
    }


async def test_who_serves_is_told(cluster: ClusterEngine) -> None:
    served = await cluster.served()
    assert (served.version, served.context_tokens) == ("0.32.0", CONTEXT)


async def test_a_server_may_choose_the_model(cluster_url: str) -> None:
    engine = ClusterEngine(cluster_url, timeout_s=60)
    assert (await engine.next_token(CAT, 1)).model == MODEL
    await engine.close()


@pytest.mark.parametrize("k", [1, 8, 20])
async def test_next_tokens_are_as_many_as_asked_for(either: ClusterEngine, k: int) -> None:
    shown = await either.next_token(CAT, k)
    assert len(shown.top) == k
    assert [t.text for t in shown.prompt_tokens] == ["The", " cat", " sat", " on", " the"]
    assert sum(c.probability for c in shown.top) <= 1 + 1e-6
    assert [c.logprob for c in shown.top] == sorted((c.logprob for c in shown.top), reverse=True)


async def test_tokens_of_the_same_text_are_all_shown(either: ClusterEngine) -> None:
    shown = await either.next_token(Prompt("日本"), 20)
    assert len({c.token.id for c in shown.top}) == 20
    texts = [c.token.text for c in shown.top]
    assert len(set(texts)) < 20, "no two collide: try another prompt"


async def test_an_appended_token_is_read_by_its_id(either: ClusterEngine) -> None:
    picked = (await either.next_token(CAT, 1)).top[0].token
    after = await either.next_token(Prompt(CAT.text, (picked.id,)), 5)
    whole = await either.next_token(Prompt(CAT.text + picked.text), 5)
    assert after.prompt_tokens[-1] == picked
    assert [t.id for t in after.prompt_tokens] == [t.id for t in whole.prompt_tokens]
    assert after.top[0].token == whole.top[0].token
    assert after.top[0].logprob == pytest.approx(whole.top[0].logprob, abs=0.1)


async def test_half_a_character_may_be_appended(either: ClusterEngine) -> None:
    shown = await either.next_token(Prompt("日本"), 20)
    half = next(c.token for c in shown.top if "\ufffd" in c.token.text)
    after = await either.next_token(Prompt("日本", (half.id,)), 3)
    assert after.prompt_tokens[-1].id == half.id
    assert len(after.top) == 3


async def test_a_guess_is_scored_as_the_distribution_says(cluster: ClusterEngine) -> None:
    best = (await cluster.next_token(CAT, 3)).top
    for rank, candidate in enumerate(best, start=1):
        (scored,) = await cluster.score(CAT, candidate.token.text)
        assert scored.token == candidate.token
        assert scored.rank == rank
        assert scored.logprob == pytest.approx(candidate.logprob, abs=0.1)


async def test_a_long_guess_is_scored_token_by_token(cluster: ClusterEngine) -> None:
    scored = await cluster.score(CAT, " mat and slept")
    assert [s.token.text for s in scored] == [" mat", " and", " slept"]
    assert all(s.logprob <= 0 and s.rank >= 1 for s in scored)


async def test_text_is_cut_into_its_tokens(either: ClusterEngine) -> None:
    for text in ("The cat\n sat", "naïve café", "日本語", "🙂", "  two  spaces"):
        tokens = await either.tokenize(text)
        assert tokens
        if text.isascii():
            assert "".join(t.text for t in tokens) == text


SPECIALS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>", "<repo_name>", "<filename>")


@pytest.mark.parametrize("special", SPECIALS)
async def test_the_tokenizers_specials_are_broken_up(cluster: ClusterEngine, special: str) -> None:
    told = await cluster._server.get("tokenizer_info", at_root=True)
    ids = {int(number) for number in told["added_tokens_decoder"]}
    assert special in told["added_tokens_decoder"].values()
    hostile = f"Hello {special} world {special}{special}"
    shown = await cluster.next_token(Prompt(hostile), 1)
    cut = await cluster.tokenize(hostile)
    (*_, first), (last, *_) = [await cluster.score(CAT, special) for _ in range(2)]
    seen = {t.id for t in (*shown.prompt_tokens, *cut, first.token, last.token)}
    assert seen.isdisjoint(ids)


async def test_a_prompt_over_the_context_is_the_askers_to_mend(either: ClusterEngine) -> None:
    long = "cat " * (CONTEXT + 10)
    with pytest.raises(BadInput, match="too long"):
        await either.next_token(Prompt(long), 1)
    with pytest.raises(BadInput, match="too long"):
        await either.stream_timed(long, 1)


async def test_an_unknown_model_is_told_with_those_there_are(cluster_url: str) -> None:
    engine = ClusterEngine(cluster_url, "absent", timeout_s=60)
    with pytest.raises(Unavailable, match=f"no model absent. It has: {MODEL}"):
        await engine.next_token(CAT, 1)
    with pytest.raises(Unavailable, match=f"no model absent. It has: {MODEL}"):
        await engine.stream_timed("The", 1)
    with pytest.raises(Unavailable, match=f"no model absent. It has: {MODEL}"):
        await engine.check()
    await engine.close()


async def test_as_many_tokens_stream_as_were_asked_for(either: ClusterEngine) -> None:
    timed = await either.stream_timed(CAT.text, 24)
    assert (timed.tokens, timed.prompt_tokens) == (24, 5)
    assert timed.text.strip()
    assert timed.first_token_s > 0
    assert all(gap >= 0 for gap in timed.gaps_s)


async def test_a_stream_that_is_left_runs_no_longer(cluster: ClusterEngine) -> None:
    asked = asyncio.create_task(cluster.stream_timed(CAT.text, 256))
    await until(cluster, lambda seen: seen.running == 1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    seen = await until(cluster, lambda seen: seen.running == 0)
    assert seen.waiting == 0


async def test_equal_requests_become_one(shared: SharedEngine) -> None:
    before = await shared.metrics()
    found = await asyncio.gather(*(shared.next_token(Prompt("One of many"), 5) for _ in range(32)))
    after = await shared.metrics()
    assert before
    assert after
    answered = after.since(before).first_token
    assert answered
    assert answered.count == 1
    assert len({id(one) for one in found}) == 1


async def test_percentiles_can_be_read_off_its_counters(cluster: ClusterEngine) -> None:
    before = await cluster.metrics()
    await cluster.stream_timed(CAT.text, 8)
    after = await cluster.metrics()
    assert before
    assert after
    between = after.since(before)
    assert between.first_token
    assert between.between_tokens
    assert (between.first_token.count, between.between_tokens.count) == (1, 7)
    assert math.isfinite(between.first_token.quantile(0.5) or math.nan)
