"""The step rule, against one told over from vLLM's source, and by hand."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.tools.algorithms.reference_scheduler import reference_steps
from tools.algorithms.scheduling import EngineStep, QueuedRequest, SchedulerConfig, misfit
from tools.algorithms.step_rule import engine_steps

WORKLOADS = 400
ROOMY = SchedulerConfig(async_scheduling=False)


def drawn(seed: int) -> tuple[list[QueuedRequest], SchedulerConfig]:
    """A workload and settings by chance: small enough that blocks and budget run out."""
    dice = random.Random(seed)
    size = dice.choice([1, 2, 4, 16])
    config = SchedulerConfig(
        max_num_batched_tokens=dice.choice([4, 16, 64, 300]),
        max_num_seqs=dice.randint(1, 8),
        block_size=size,
        num_gpu_blocks=dice.randint(8, 60),
        max_model_len=dice.choice([32, 100, 4096]),
        long_prefill_token_threshold=dice.choice([0, 0, 3, 20]),
        watermark=dice.choice([0.0, 0.0, 0.05, 0.2]),
        enable_chunked_prefill=dice.random() < 0.85,
        enable_prefix_caching=dice.random() < 0.7,
        scheduler_reserve_full_isl=dice.random() < 0.7,
        async_scheduling=dice.random() < 0.5,
    )
    head = dice.choice([0, 5, 20])
    asked = []
    for _ in range(dice.randint(1, 14)):
        prompt = dice.randint(1, dice.choice([4, 30, 90]))
        shared = min(head, prompt) if dice.random() < 0.7 else 0
        asked.append(QueuedRequest(dice.randint(0, 12), prompt, dice.randint(1, 25), shared))
    fitting = [one for one in asked if not misfit(one, config)]
    return sorted(fitting, key=lambda one: one.arrival), config


def plain(steps: Iterable[EngineStep], config: SchedulerConfig) -> list[object]:
    return [
        (
            [(share.request, share.tokens) for share in step.shares],
            list(step.preempted),
            config.num_gpu_blocks - 1 - step.used_blocks,
        )
        for step in steps
    ]


@pytest.mark.against("scheduler", by="vLLM 0.32.0's scheduler, told over")
@pytest.mark.parametrize("hundred", range(WORKLOADS // 100))
def test_every_step_is_as_the_source_says(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        requests, config = drawn(seed)
        found = plain(engine_steps(requests, config), config)
        assert found == reference_steps(requests, config), (seed, requests, config)


def test_chance_draws_what_is_to_be_compared() -> None:
    """Preemption, chunks and what is computed again all occur, and often."""
    runs = [list(engine_steps(*drawn(seed))) for seed in range(WORKLOADS)]
    assert sum(any(step.preempted for step in run) for run in runs) > WORKLOADS / 8
    shares = [share for run in runs for step in run for share in step.shares]
    assert sum(share.is_again for share in shares) > 500
    assert sum(not share.writes for share in shares) > 500
    assert any(step.number > place for run in runs for place, step in enumerate(run))  # idle


@pytest.mark.parametrize("seed", range(60))
def test_every_request_gets_all_its_tokens(seed: int) -> None:
    requests, config = drawn(seed)
    written = [0] * len(requests)
    for step in engine_steps(requests, config):
        assert sum(share.tokens for share in step.shares) <= config.max_num_batched_tokens
        assert step.running <= config.max_num_seqs
        assert 0 <= step.used_blocks < config.num_gpu_blocks
        for share in step.shares:
            assert share.tokens > 0
            written[share.request] += share.writes
    assert written == [request.max_tokens for request in requests]


def test_a_long_prompt_is_read_in_chunks_and_others_get_one_token_a_step() -> None:
    """62,000 tokens on a budget of 8,192 are 8 steps."""
    config = replace(ROOMY, max_num_batched_tokens=8192, max_model_len=70_000, num_gpu_blocks=8000)
    requests = [QueuedRequest(0, 100, 40), QueuedRequest(2, 62_000, 2)]
    steps = list(engine_steps(requests, config))
    chunks = [share for step in steps for share in step.shares if share.request == 1]
    assert [share.tokens for share in chunks[:8]] == [8191] * 7 + [62_000 - 7 * 8191]
    assert [share.writes for share in chunks[:8]] == [False] * 7 + [True]
    assert all(step.shares[0].request == 0 for step in steps[:40])
    assert all(step.shares[0].tokens == 1 for step in steps[1:40])


def test_the_last_to_be_let_in_loses_its_blocks_and_starts_over_at_the_head() -> None:
    config = replace(
        ROOMY, block_size=4, num_gpu_blocks=5, max_model_len=16, enable_prefix_caching=False
    )
    steps = list(engine_steps([QueuedRequest(0, 7, 6), QueuedRequest(0, 7, 3)], config))
    assert [step.preempted for step in steps if step.preempted] == [(1,)]
    again = [share for step in steps for share in step.shares if share.is_again]
    # its prompt and the tokens it had written are read again, and the last one of them is new
    assert [(share.request, share.start, share.tokens) for share in again] == [(1, 0, 9)]


def test_nobody_is_let_in_where_somebody_was_thrown_out() -> None:
    for seed in range(WORKLOADS):
        requests, config = drawn(seed)
        started: set[int] = set()
        for step in engine_steps(requests, config):
            new = {share.request for share in step.shares} - started
            assert not (step.preempted and new)
            started |= new
            started -= set(step.preempted)


def test_a_slot_is_free_one_step_later_where_steps_are_planned_ahead() -> None:
    requests = [QueuedRequest(0, 4, 3), QueuedRequest(0, 4, 9), QueuedRequest(0, 4, 1)]
    first = {}
    for ahead in (False, True):
        config = replace(ROOMY, max_num_seqs=2, async_scheduling=ahead)
        first[ahead] = next(
            step.number
            for step in engine_steps(requests, config)
            for share in step.shares
            if share.request == 2
        )
    assert first == {False: 3, True: 4}


def test_what_all_prompts_begin_with_is_read_once() -> None:
    config = replace(ROOMY, block_size=16)
    one, two = engine_steps([QueuedRequest(0, 40, 1, 35), QueuedRequest(1, 40, 1, 35)], config)
    assert (one.shares[0].start, one.shares[0].tokens) == (0, 40)
    assert (two.shares[0].start, two.shares[0].tokens) == (32, 8)


def test_a_request_that_can_never_be_served_is_told() -> None:
    assert "max_model_len" in misfit(QueuedRequest(0, 2000, 49), ROOMY)
    assert "all blocks hold" in misfit(QueuedRequest(0, 100, 1), replace(ROOMY, num_gpu_blocks=7))
    assert "in parts" in misfit(
        QueuedRequest(0, 90, 20),
        replace(ROOMY, enable_chunked_prefill=False, max_num_batched_tokens=100),
    )
    with pytest.raises(ValueError, match="never be served"):
        engine_steps([QueuedRequest(0, 3000, 1)], ROOMY)
