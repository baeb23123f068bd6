"""What vLLM's scheduler is given, and what one of its steps comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchedulerConfig:
    """The settings that the rule reads, under vLLM's own names.

    Attributes:
        max_num_batched_tokens: Tokens of one step.
        max_num_seqs: Requests that run at once.
        block_size: Tokens in a block of the KV cache.
        num_gpu_blocks: Blocks there are; one of them is never used.
        max_model_len: Prompt and answer together.
        long_prefill_token_threshold: Most tokens of one request a step while others wait or run;
            0 is no such limit.
        watermark: Share of blocks that stay free when somebody is let in while others run.
        enable_chunked_prefill: Whether a prompt may be read in parts.
        enable_prefix_caching: Whether blocks are found again by what they hold.
        scheduler_reserve_full_isl: Whether all of a prompt must fit when it is let in, and not only
            its first part.
        async_scheduling: Whether a step is planned while the one before still runs.
    """

    max_num_batched_tokens: int = 2048
    max_num_seqs: int = 128
    block_size: int = 16
    num_gpu_blocks: int = 1024
    max_model_len: int = 2048
    long_prefill_token_threshold: int = 0
    watermark: float = 0.0
    enable_chunked_prefill: bool = True
    enable_prefix_caching: bool = True
    scheduler_reserve_full_isl: bool = True
    async_scheduling: bool = True


@dataclass(frozen=True, slots=True)
class QueuedRequest:
    """What somebody asked for.

    Attributes:
        arrival: The step before which it is there, from 0.
        prompt_tokens: To be read.
        max_tokens: To be written; nothing ends it sooner.
        shared_tokens: First tokens of the prompt that all others with some share too.
    """

    arrival: int
    prompt_tokens: int
    max_tokens: int
    shared_tokens: int = 0


@dataclass(frozen=True, slots=True)
class StepShare:
    """What one request gets of a step.

    Attributes:
        request: Its place in the workload.
        tokens: How many are computed.
        start: How many were computed before; found in the cache counts.
        is_again: Some of them had been computed before, and were lost.
        writes: A token comes out: all that is known is then computed.
    """

    request: int
    tokens: int
    start: int
    is_again: bool
    writes: bool


@dataclass(frozen=True, slots=True)
class EngineStep:
    """One forward pass.

    Attributes:
        number: From 0; steps in which nothing could be done aren't counted, but time between
            arrivals is.
        shares: In the order in which they were handed out.
        preempted: Who lost all blocks, in that order.
        running: Requests that run once the step is planned.
        used_blocks: Blocks in use then.
    """

    number: int
    shares: tuple[StepShare, ...]
    preempted: tuple[int, ...]
    running: int
    used_blocks: int


def misfit(request: QueuedRequest, config: SchedulerConfig) -> str:
    """Say why a request can't be served at all; empty where it can."""
    whole = request.prompt_tokens + request.max_tokens
    if whole > config.max_model_len:
        return f"{whole:,} tokens are more than max_model_len {config.max_model_len:,}"
    room = (config.num_gpu_blocks - 1) * config.block_size
    if whole > room:
        return f"{whole:,} tokens are more than the {room:,} that all blocks hold"
    if not config.enable_chunked_prefill and whole > config.max_num_batched_tokens:
        return f"{whole:,} tokens are more than a step's budget, and may not be read in parts"
    return ""
