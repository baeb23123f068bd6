"""What a prefix cache finds of the tutor's prompts, by our rule and by a live vLLM's counters."""

import httpx

from bench.prefix_hits import asked_of, expected, prompts_sent
from tests.eval.questions import on_course

QUESTIONS = 2  # more wouldn't fit into the few blocks that the tests' server has


async def test_a_real_vllm_finds_of_the_tutors_prompts_what_the_rule_says(cluster_url: str) -> None:
    async with httpx.AsyncClient() as client:
        told = await client.post(f"{cluster_url.removesuffix('/v1')}/reset_prefix_cache")
        assert told.status_code == 200
    first, again = await asked_of([one.text for one in on_course("held")][:QUESTIONS])
    sent = await prompts_sent(cluster_url, [*first, *again])
    assert [one.asked for one in sent] == [len(one.ids) for one in sent]
    assert [one.found for one in sent] == expected(sent, sent[0].block)
    assert sent[0].found == 0
    assert all(one.found for one in sent[1:])
