"""The step rule against vLLM's own Scheduler, and against what a live server counts."""

import asyncio
import json
import random
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.serve_vllm import MODEL
from tests.cluster.in_vllm import said_in_vllm
from tests.tools.algorithms.test_step_rule import WORKLOADS, drawn
from tools.algorithms.scheduling import EngineStep, QueuedRequest, SchedulerConfig
from tools.algorithms.step_rule import engine_steps
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.metrics import Metrics

SCRIPT = Path(__file__).with_name("vllm_scheduler.py")


@pytest.mark.against("scheduler", by="vLLM's own scheduler")
async def test_every_step_is_that_of_vllms_own_scheduler(model_folder: Path) -> None:
    runs = [drawn(seed) for seed in range(WORKLOADS)]
    asked = {
        "model": str(model_folder),
        "runs": [
            {"config": asdict(config), "requests": [asdict(one) for one in requests]}
            for requests, config in runs
        ],
    }
    found = await asyncio.to_thread(said_in_vllm, SCRIPT, told=json.dumps(asked))
    assert len(found) == WORKLOADS
    for seed, ((requests, config), theirs) in enumerate(zip(runs, found, strict=True)):
        ours = [
            [
                [[share.request, share.tokens] for share in step.shares],
                sorted(step.preempted),
                config.num_gpu_blocks - 1 - step.used_blocks,
            ]
            for step in engine_steps(requests, config)
        ]
        assert ours == theirs, (seed, requests, config)


@pytest.mark.against("scheduler", by="a live vLLM's counters")
async def test_a_live_server_counts_what_the_rule_says(cluster: ClusterEngine) -> None:
    """Twelve prompts of four blocks each, on 39 blocks; each grows into a fifth block."""
    asked = [QueuedRequest(0, 500, 40)] * 12
    counted = await _counted_on(cluster, asked)
    config = SchedulerConfig(
        max_num_batched_tokens=2048,
        max_num_seqs=128,
        block_size=counted.block_size or 0,
        num_gpu_blocks=counted.blocks or 0,
        async_scheduling=False,  # vLLM turns it off on processors: platforms/cpu.py
    )
    steps = list(engine_steps(asked, config))
    booked = _booked(steps, asked)
    assert counted.preemptions == sum(len(step.preempted) for step in steps)
    assert counted.preemptions
    assert (counted.made_tokens, counted.read_tokens) == (480, 6000)
    assert counted.step_tokens
    assert counted.step_tokens.total == sum(booked)
    below = [sum(tokens <= bound for tokens in booked) for bound in counted.step_tokens.bounds]
    assert list(counted.step_tokens.counts) == below


def _booked(steps: list[EngineStep], asked: list[QueuedRequest]) -> list[int]:
    """What `iteration_tokens_total` sees of each step: a prompt at once, with its first token."""
    begun: set[int] = set()
    booked = []
    for step in steps:
        writing = {share.request for share in step.shares if share.writes}
        prompts = sum(asked[place].prompt_tokens for place in writing - begun)
        begun |= writing
        booked.append(prompts + len(writing))
    return booked


async def _counted_on(cluster: ClusterEngine, asked: list[QueuedRequest]) -> Metrics:
    """Send requests to a server that is held, let it go, and return what it counts."""
    await _tell(cluster, "reset_prefix_cache")
    await _tell(cluster, "pause?mode=keep")
    before = await cluster.metrics()
    dice = random.Random(5)
    tasks = [asyncio.create_task(_completed(cluster, one, dice)) for one in asked]
    for _ in range(60):  # each takes longer than a request needs to the engine's queue
        await cluster.served()
    await _tell(cluster, "resume")
    await asyncio.gather(*tasks)
    after = await cluster.metrics()
    assert before
    assert after
    return after.since(before)


async def _completed(cluster: ClusterEngine, one: QueuedRequest, dice: random.Random) -> None:
    ids = [dice.randrange(1000, 40_000) for _ in range(one.prompt_tokens)]
    body = {"model": MODEL, "prompt": ids, "max_tokens": one.max_tokens, "ignore_eos": True}
    await cluster._server.post("completions", body)


async def _tell(cluster: ClusterEngine, what: str) -> None:
    """Use an endpoint that vLLM has in its developers' mode alone."""
    try:
        await cluster._server.post(what, {}, at_root=True)
    except NoSuchPath:
        pytest.skip("the server isn't in developers' mode: VLLM_SERVER_DEV_MODE=1")
