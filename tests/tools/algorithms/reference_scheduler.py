"""vLLM 0.32.0's scheduler told over from its source, with its names, as plainly as can be.

Written apart from `tools.algorithms`, from v1/core/sched/scheduler.py, async_scheduler.py,
v1/core/kv_cache_manager.py and block_pool.py, to hold that one against. Slow: lists are searched.
"""

from typing import Any

from tools.algorithms.scheduling import QueuedRequest, SchedulerConfig

Step = tuple[list[tuple[int, int]], list[int], int]  # (request, tokens) …, preempted, free blocks


def cdiv(a: int, b: int) -> int:
    return (a + b - 1) // b


class Pool:
    """block_pool.py: `free` is free_block_queue, block 0 is the null block."""

    def __init__(self, num: int, caching: bool) -> None:
        self.free = list(range(1, num))
        self.ref = {b: 0 for b in range(num)}
        self.hash: dict[int, Any] = {}
        self.cached: list[tuple[Any, int]] = []  # (hash, block), in order of insertion
        self.caching = caching

    def get_cached_block(self, h: Any) -> int | None:
        return next((b for found, b in self.cached if found == h), None)

    def get_new_blocks(self, n: int) -> list[int]:
        assert n <= len(self.free)
        taken, self.free = self.free[:n], self.free[n:]
        for b in taken:
            if b in self.hash:
                self.cached.remove((self.hash.pop(b), b))
            self.ref[b] += 1
        return taken

    def touch(self, blocks: list[int]) -> None:
        for b in blocks:
            if self.ref[b] == 0:
                self.free.remove(b)
            self.ref[b] += 1

    def free_blocks(self, ordered: list[int]) -> None:
        first, last = [], []
        for b in ordered:
            self.ref[b] -= 1
            if self.ref[b] == 0:
                (last if self.caching and b in self.hash else first).append(b)
        self.free = first + self.free + last


class Req:
    """v1/request.py, what is needed of it."""

    def __init__(self, i: int, q: QueuedRequest, block_size: int) -> None:
        self.i, self.block_size = i, block_size
        self.num_prompt_tokens, self.max_tokens = q.prompt_tokens, q.max_tokens
        self.arrival, self.shared = q.arrival, q.shared_tokens
        self.num_output_tokens = 0
        self.num_computed_tokens = 0
        self.num_output_placeholders = 0
        self.num_in_flight_tokens = 0
        self.num_stale_output_tokens = 0
        self.status = "WAITING"
        self.blocks: list[int] = []
        self.num_cached_block = 0

    @property
    def num_tokens(self) -> int:
        return self.num_prompt_tokens + self.num_output_tokens

    def block_hash(self, n: int) -> Any:
        """Chained: what the n-th block holds, and all before it."""
        end = (n + 1) * self.block_size
        return tuple("s" if t < self.shared else (self.i, t) for t in range(end))


class Scheduler:
    """scheduler.py, for text-only requests of length `max_tokens` under FCFS."""

    def __init__(self, config: SchedulerConfig) -> None:
        self.c = config
        self.pool = Pool(config.num_gpu_blocks, config.enable_prefix_caching)
        self.waiting: list[Req] = []
        self.running: list[Req] = []

    def cache_blocks(self, r: Req, num_tokens: int) -> None:
        if not self.c.enable_prefix_caching:
            return
        full = num_tokens // self.c.block_size
        for n in range(r.num_cached_block, full):
            self.pool.hash[r.blocks[n]] = r.block_hash(n)
            self.pool.cached.append((r.block_hash(n), r.blocks[n]))
        r.num_cached_block = max(r.num_cached_block, full)

    def allocate_slots(
        self, r: Req, num_new: int, hits: list[int] | None = None, full: bool = False
    ) -> bool:
        size, hit = self.c.block_size, hits or []
        computed = r.num_computed_tokens + len(hit) * size
        watermark = 0
        if self.running and r.status in ("WAITING", "PREEMPTED"):
            watermark = int(self.c.watermark * self.c.num_gpu_blocks)
        evictable = sum(self.pool.ref[b] == 0 for b in hit)
        checks = [computed + num_new]
        if full:
            checks.insert(0, min(r.num_tokens, self.c.max_model_len))
        for tokens in checks:
            needed = max(cdiv(tokens, size) - len(r.blocks) - len(hit), 0) + evictable
            if needed + watermark > len(self.pool.free):
                return False
        if hit:
            self.pool.touch(hit)
            r.blocks, r.num_cached_block = list(hit), len(hit)
        more = cdiv(computed + num_new, size) - len(r.blocks)
        r.blocks += self.pool.get_new_blocks(max(more, 0))
        self.cache_blocks(r, min(computed + num_new, r.num_tokens))
        return True

    def free(self, r: Req) -> None:
        self.pool.free_blocks(r.blocks[::-1])
        r.blocks, r.num_cached_block = [], 0

    def schedule(self) -> tuple[dict[Req, int], list[Req]]:
        scheduled: dict[Req, int] = {}
        preempted: list[Req] = []
        token_budget = self.c.max_num_batched_tokens
        threshold = 0
        if len(self.running) + len(self.waiting) > 1:
            threshold = self.c.long_prefill_token_threshold
        req_index = 0
        while req_index < len(self.running) and token_budget > 0:
            r = self.running[req_index]
            if (
                r.num_output_placeholders > 0
                and r.num_computed_tokens + 2 - r.num_output_placeholders
                >= r.num_prompt_tokens + r.max_tokens
            ):
                req_index += 1
                continue
            new = r.num_tokens + r.num_output_placeholders - r.num_computed_tokens
            if 0 < threshold < new:
                new = threshold
            new = min(new, token_budget)
            new = min(new, self.c.max_model_len - r.num_computed_tokens - 1)
            if new == 0:
                req_index += 1
                continue
            allocated = False
            while True:
                if self.allocate_slots(r, new):
                    allocated = True
                    break
                victim = self.running.pop()
                self.free(victim)
                victim.status = "PREEMPTED"
                victim.num_computed_tokens = 0
                victim.num_stale_output_tokens = victim.num_in_flight_tokens
                victim.num_output_placeholders = 0
                self.waiting.insert(0, victim)
                preempted.append(victim)
                if victim is r:
                    break
            if not allocated:
                break
            scheduled[r] = new
            token_budget -= new
            req_index += 1
        if not preempted:
            skipped: list[Req] = []
            while self.waiting and token_budget > 0:
                if len(self.running) >= self.c.max_num_seqs:
                    break
                r = self.waiting[0]
                if r.num_stale_output_tokens:
                    skipped.append(self.waiting.pop(0))
                    continue
                hits: list[int] = []
                if self.c.enable_prefix_caching:
                    for n in range((r.num_tokens - 1) // self.c.block_size):
                        b = self.pool.get_cached_block(r.block_hash(n))
                        if b is None:
                            break
                        hits.append(b)
                num_computed = len(hits) * self.c.block_size
                new = r.num_tokens - num_computed
                if 0 < threshold < new:
                    new = threshold
                if not self.c.enable_chunked_prefill and new > token_budget:
                    break
                new = min(new, token_budget)
                if not self.allocate_slots(r, new, hits, self.c.scheduler_reserve_full_isl):
                    break
                self.running.append(self.waiting.pop(0))
                scheduled[r] = new
                token_budget -= new
                r.status = "RUNNING"
                r.num_computed_tokens = num_computed
            self.waiting = skipped + self.waiting
        return scheduled, preempted

    def update_after_schedule(self, scheduled: dict[Req, int]) -> dict[Req, bool]:
        """Return of each whether it samples a token."""
        samples = {}
        for r, n in scheduled.items():
            r.num_computed_tokens += n
            r.num_in_flight_tokens += n
            chunk = r.num_computed_tokens < r.num_tokens + r.num_output_placeholders
            samples[r] = not chunk
            if not chunk and self.c.async_scheduling:
                r.num_output_placeholders += 1
        return samples

    def update_from_output(self, scheduled: dict[Req, int], samples: dict[Req, bool]) -> None:
        for r, n in scheduled.items():
            r.num_in_flight_tokens -= n
            stale = r.num_stale_output_tokens > 0
            if stale:
                r.num_stale_output_tokens -= n
            if r.status == "FINISHED" or not samples[r]:
                continue
            was = r.status
            r.num_output_tokens += 1
            stopped = r.num_tokens >= self.c.max_model_len or r.num_output_tokens >= r.max_tokens
            if self.c.async_scheduling:
                if not stale:
                    r.num_output_placeholders -= 1
                if was == "RUNNING":
                    self.cache_blocks(r, r.num_computed_tokens - r.num_output_placeholders)
            if stopped:
                r.status = "FINISHED"
                self.free(r)
                (self.running if was == "RUNNING" else self.waiting).remove(r)


def reference_steps(requests: list[QueuedRequest], config: SchedulerConfig) -> list[Step]:
    """core.py: with async scheduling a second step is planned before the first one's output."""
    s = Scheduler(config)
    coming = [Req(i, q, config.block_size) for i, q in enumerate(requests)]
    batch_queue: list[tuple[dict[Req, int], dict[Req, bool]]] = []
    queue_size = 2 if config.async_scheduling else 1
    steps: list[Step] = []
    clock = 0
    while coming or s.waiting or s.running or batch_queue:
        while coming and coming[0].arrival <= clock:
            s.waiting.append(coming.pop(0))
        scheduled, preempted = s.schedule()
        samples = s.update_after_schedule(scheduled)
        if scheduled:
            handed = [(r.i, n) for r, n in scheduled.items()]
            steps.append((handed, [r.i for r in preempted], len(s.pool.free)))
            batch_queue.insert(0, (scheduled, samples))
            clock += 1
            if len(batch_queue) < queue_size:
                continue
        if batch_queue:
            s.update_from_output(*batch_queue.pop())
        elif coming:
            clock = max(clock, coming[0].arrival)
    return steps
