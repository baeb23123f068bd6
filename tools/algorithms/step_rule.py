"""vLLM's step rule: who gets how many tokens of each step, whose blocks go when none are left.

There is no prefill phase and no decode phase. A request has tokens that are computed and tokens
that are known; each step hands out a budget, to those who run first, until the two meet.

What is left out: drafts, LoRA, images, hybrid layers, connectors, the priority policy, pipelines.

Source:
    vLLM 0.32.0: v1/core/sched/scheduler.py (schedule, _preempt_request, update_from_output),
    async_scheduler.py, v1/core/kv_cache_manager.py (allocate_slots), v1/engine/core.py
    (step_with_batch_queue).
"""

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from tools.algorithms.paging import BlockPool
from tools.algorithms.scheduling import (
    EngineStep,
    QueuedRequest,
    SchedulerConfig,
    StepShare,
    misfit,
)


@dataclass(eq=False, slots=True)
class _Job:
    """A request as the scheduler keeps it."""

    place: int
    ask: QueuedRequest
    known: int  # tokens of the prompt, and those written and handed back
    computed: int = 0
    pending: int = 0  # tokens that a step still at work will write
    in_flight: int = 0  # tokens of steps still at work
    stale: int = 0  # those of them from before it was preempted
    most_computed: int = 0
    blocks: list[int] = field(default_factory=list)
    named: int = 0  # first blocks that can be found by their hash
    is_running: bool = False
    is_done: bool = False

    @property
    def last(self) -> int:
        """How many tokens it has in the end."""
        return self.ask.prompt_tokens + self.ask.max_tokens


def engine_steps(
    requests: Sequence[QueuedRequest], config: SchedulerConfig
) -> Iterator[EngineStep]:
    """Yield every step until all requests are done.

    Args:
        requests: By arrival.
        config: The settings.

    Raises:
        ValueError: a request can't be served at all; ask `misfit` first.
    """
    if any(misfit(request, config) for request in requests):
        raise ValueError("a request that can never be served")
    return _Scheduler(config).run(requests)


class _Scheduler:
    """One engine's scheduler at work."""

    def __init__(self, config: SchedulerConfig) -> None:
        self.config = config
        self.pool = BlockPool(config.num_gpu_blocks, has_cache=config.enable_prefix_caching)
        self.watermark_blocks = int(config.watermark * config.num_gpu_blocks)
        self.waiting: deque[_Job] = deque()
        self.running: list[_Job] = []

    def run(self, requests: Sequence[QueuedRequest]) -> Iterator[EngineStep]:
        """Yield steps; one is at work while the next is planned, where that is so."""
        coming = deque(_Job(n, ask, ask.prompt_tokens) for n, ask in enumerate(requests))
        at_work: deque[list[tuple[_Job, StepShare]]] = deque()
        most_at_work = 2 if self.config.async_scheduling else 1
        now = 0
        while coming or self.waiting or self.running or at_work:
            while coming and coming[0].ask.arrival <= now:
                self.waiting.append(coming.popleft())
            planned, preempted = self._planned()
            if planned:
                yield self._step(now, planned, preempted)
                at_work.append(planned)
                now += 1
            if at_work and (not planned or len(at_work) == most_at_work):
                self._ended(at_work.popleft())
            elif not planned and coming:
                now = coming[0].ask.arrival

    def _step(
        self, now: int, planned: list[tuple[_Job, StepShare]], preempted: list[_Job]
    ) -> EngineStep:
        return EngineStep(
            now,
            tuple(share for _, share in planned),
            tuple(job.place for job in preempted),
            len(self.running),
            self.pool.in_use,
        )

    def _planned(self) -> tuple[list[tuple[_Job, StepShare]], list[_Job]]:
        """Hand out one step's budget: to those who run, then, if nobody lost blocks, to others."""
        crowd = len(self.running) + len(self.waiting)
        limit = self.config.long_prefill_token_threshold if crowd > 1 else 0
        planned: list[tuple[_Job, int]] = []
        preempted: list[_Job] = []
        budget = self._continue(self.config.max_num_batched_tokens, limit, planned, preempted)
        if not preempted:
            self._admit(budget, limit, planned)
        return [(job, self._given(job, tokens)) for job, tokens in planned], preempted

    def _continue(
        self, budget: int, limit: int, planned: list[tuple[_Job, int]], preempted: list[_Job]
    ) -> int:
        """Give those who run their next tokens, and return what is left of the budget."""
        place = 0
        while place < len(self.running) and budget > 0:
            job = self.running[place]
            place += 1
            if job.pending and job.computed + 2 - job.pending >= job.last:
                continue  # the step at work will write its last token
            tokens = _limited(job.known + job.pending - job.computed, limit, budget)
            tokens = min(tokens, self.config.max_model_len - job.computed - 1)
            if tokens <= 0:
                continue
            if not self._has_slots(job, tokens, preempted):
                break
            planned.append((job, tokens))
            budget -= tokens
        return budget

    def _has_slots(self, job: _Job, tokens: int, preempted: list[_Job]) -> bool:
        """Get blocks for more tokens of a request; the last to be let in give theirs, one by one.

        False where the request itself was the last.
        """
        wanted = _blocks(job.computed + tokens, self.config.block_size) - len(job.blocks)
        while wanted > self.pool.free:
            victim = self.running.pop()
            self._preempt(victim)
            preempted.append(victim)
            if victim is job:
                return False
        job.blocks += self.pool.take(max(0, wanted))
        self._name(job, min(job.computed + tokens, job.known))
        return True

    def _preempt(self, job: _Job) -> None:
        """Take all blocks from a request, and put it at the head of the queue, to start over."""
        self._free(job)
        job.is_running, job.computed, job.pending = False, 0, 0
        job.stale = job.in_flight
        self.waiting.appendleft(job)

    def _admit(self, budget: int, limit: int, planned: list[tuple[_Job, int]]) -> None:
        """Let in who waits, in order, up to the first that doesn't fit."""
        passed_over: list[_Job] = []
        while self.waiting and budget > 0 and len(self.running) < self.config.max_num_seqs:
            job = self.waiting[0]
            if job.stale:  # a step from before it was preempted is still at work
                passed_over.append(self.waiting.popleft())
                continue
            tokens = self._let_in(job, budget, limit)
            if not tokens:
                break
            planned.append((self.waiting.popleft(), tokens))
            budget -= tokens
        self.waiting.extendleft(reversed(passed_over))

    def _let_in(self, job: _Job, budget: int, limit: int) -> int:
        """Return how many tokens a request that waited gets; 0 where it must wait on."""
        size = self.config.block_size
        found = self.pool.found(_names(job, size), (job.known - 1) // size)
        cached = len(found) * size
        left = job.known - cached
        if not self.config.enable_chunked_prefill and _limited(left, limit, left) > budget:
            return 0
        tokens = _limited(left, limit, budget)
        spare = self.watermark_blocks if self.running else 0
        whole = job.known if self.config.scheduler_reserve_full_isl else cached + tokens
        wanted = max(0, _blocks(whole, size) - len(found)) + self.pool.evictable(found)
        if wanted + spare > self.pool.free:
            return 0
        self.pool.share(found)
        job.blocks = found + self.pool.take(_blocks(cached + tokens, size) - len(found))
        job.named, job.computed, job.is_running = len(found), cached, True
        self._name(job, min(cached + tokens, job.known))
        self.running.append(job)
        return tokens

    def _given(self, job: _Job, tokens: int) -> StepShare:
        """Book a step's tokens on a request."""
        start = job.computed
        job.computed += tokens
        job.in_flight += tokens
        writes = job.computed >= job.known + job.pending
        is_again = start < job.most_computed
        job.most_computed = max(job.most_computed, job.computed)
        if writes and self.config.async_scheduling:
            job.pending += 1
        return StepShare(job.place, tokens, start, is_again, writes)

    def _ended(self, done: list[tuple[_Job, StepShare]]) -> None:
        """Take what a step has written; those who have all their tokens leave."""
        for job, share in done:
            job.in_flight -= share.tokens
            is_stale = job.stale > 0
            job.stale -= share.tokens if is_stale else 0
            if job.is_done or not share.writes:
                continue
            job.known += 1
            job.pending -= 1 if job.pending and not is_stale else 0
            if job.is_running and self.config.async_scheduling:
                self._name(job, job.computed - job.pending)
            if job.known >= job.last:
                self._leave(job)

    def _leave(self, job: _Job) -> None:
        job.is_done = True
        (self.running if job.is_running else self.waiting).remove(job)
        self._free(job)

    def _free(self, job: _Job) -> None:
        self.pool.give_back(job.blocks)
        job.blocks, job.named = [], 0

    def _name(self, job: _Job, tokens: int) -> None:
        """Let the blocks that are full by now be found by what they hold."""
        full = tokens // self.config.block_size
        for block in range(job.named, full):
            self.pool.keep(job.blocks[block], by=_name_of(job, block, self.config.block_size))
        job.named = max(job.named, full)


def _limited(tokens: int, limit: int, budget: int) -> int:
    return min(tokens, budget, limit) if limit else min(tokens, budget)


def _blocks(tokens: int, size: int) -> int:
    return -(-tokens // size)


def _name_of(job: _Job, block: int, size: int) -> Hashable:
    """Return what stands for a block's hash: equal where it and all before it hold the same."""
    is_shared = (block + 1) * size <= job.ask.shared_tokens
    return block if is_shared else (job.place, block)


def _names(job: _Job, size: int) -> Iterator[Hashable]:
    return (_name_of(job, block, size) for block in range(job.known // size))
