"""Requests through vLLM's step rule: budget, chunks, blocks, and who is thrown out."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from tools.algorithms.scheduling import (
    EngineStep,
    QueuedRequest,
    SchedulerConfig,
    misfit,
)
from tools.algorithms.step_rule import engine_steps
from tools.algorithms.workload import drawn_requests, read_requests
from tools.asking import asking, fact
from tools.engine.base import Engine
from tools.errors import BadInput
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Prose,
    Provenance,
)
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.scheduled_steps import (
    SHOWN_LANES,
    name_of,
    step_table,
    sums_table,
    timeline,
)
from tools.knobs import that_fit

MOST_REQUESTS = 200
MOST_SHARES = 12_000  # of steps: what is worked out while others wait


def _readable(text: str) -> str:
    read_requests(text, MOST_REQUESTS)
    return text


class Scheduler(Params):
    """What a learner may choose: a workload, and settings under vLLM's own names."""

    workload: Annotated[str, Field(max_length=300), AfterValidator(_readable)] = Field(
        "", description="Prompt+answer@step each, like 120+8 30+20@4; then chance has no say."
    )
    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] = Field(
        8, description="How many there are."
    )
    longest_prompt: Annotated[int, Field(ge=1, le=4096)] = Field(
        120, description="Each prompt has 1 to this many tokens, by chance."
    )
    longest_answer: Annotated[int, Field(ge=1, le=256)] = Field(
        24, description="Each answer has 1 to this many tokens, by chance."
    )
    spread: Annotated[int, Field(ge=0, le=200)] = Field(
        10, description="They arrive within this many steps; 0 is all at once."
    )
    shared: Annotated[int, Field(ge=0, le=4096)] = Field(
        0, description="First tokens that all prompts share, on top of their own."
    )
    seed: Annotated[int, Field(ge=0, le=9999)] = Field(20, description="Which workload.")
    step: Annotated[int, Field(ge=0, le=9999)] = Field(
        0, description="The step to look into; 0 is the first one that throws somebody out."
    )
    max_num_batched_tokens: Annotated[int, Field(ge=1, le=16_384)] = Field(
        64, description="Tokens of a step: the budget that is handed out."
    )
    max_num_seqs: Annotated[int, Field(ge=1, le=1024)] = Field(
        4, description="Requests that run at once."
    )
    block_size: Annotated[int, Field(ge=1, le=2048)] = Field(
        16, description="Tokens in a block of the KV cache."
    )
    num_gpu_blocks_override: Annotated[int, Field(ge=2, le=100_000)] = Field(
        24, description="Blocks of the KV cache; one of them is never used."
    )
    long_prefill_token_threshold: Annotated[int, Field(ge=0, le=16_384)] = Field(
        0,
        description="Most tokens of one request a step while others are there; 0 is no cap.",
    )
    watermark: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.0, description="Share of the blocks kept free when somebody is let in."
    )
    enable_chunked_prefill: bool = Field(True, description="A prompt may be read in parts.")
    enable_prefix_caching: bool = Field(True, description="Blocks are found by what they hold.")
    async_scheduling: bool = Field(
        True, description="A step is planned while the one before it still runs."
    )

    @model_validator(mode="after")
    def _starts(self) -> Self:
        if self.max_num_batched_tokens < self.max_num_seqs:
            raise ValueError(
                f"max_num_batched_tokens ({self.max_num_batched_tokens}) must be at least "
                f"max_num_seqs ({self.max_num_seqs}), or vLLM doesn't start"
            )
        return self

    @property
    def config(self) -> SchedulerConfig:
        """The settings, as the rule takes them."""
        return SchedulerConfig(
            max_num_batched_tokens=self.max_num_batched_tokens,
            max_num_seqs=self.max_num_seqs,
            block_size=self.block_size,
            num_gpu_blocks=self.num_gpu_blocks_override,
            max_model_len=(self.num_gpu_blocks_override - 1) * self.block_size,
            long_prefill_token_threshold=self.long_prefill_token_threshold,
            watermark=self.watermark,
            enable_chunked_prefill=self.enable_chunked_prefill,
            enable_prefix_caching=self.enable_prefix_caching,
            async_scheduling=self.async_scheduling,
        )


async def run(engine: Engine, params: Scheduler) -> Exhibit:
    """Schedule the workload. No model is asked.

    Raises:
        BadInput: a request doesn't fit in the cache, or there is too much to work out.
    """
    return exhibit(params)


def exhibit(params: Scheduler) -> Exhibit:
    """Return who read, wrote and waited in each step, one step in full, and what it came to.

    Raises:
        BadInput: as `run`.
    """
    asked = requests_of(params)
    steps = scheduled(asked, params.config)
    looked_at = step_at(steps, params.step)
    return Exhibit(
        title="vLLM's scheduler, step by step",
        parts=(
            Prose("Columns are steps: who reads, writes, waits."),
            timeline(asked, steps),
            step_table(looked_at, params.max_num_batched_tokens),
            sums_table(asked, steps, params.max_num_batched_tokens),
            Prose(_meaning(steps, len(asked))),
        ),
        provenance=Provenance(Origin.COMPUTED),
        facts=facts(asked, steps, params),
        controls=_controls(params, looked_at, steps),
    )


def requests_of(params: Scheduler) -> tuple[QueuedRequest, ...]:
    """Return the workload, by arrival: what was typed, or what the seed draws.

    Raises:
        BadInput: a request can never be served.
    """
    asked = read_requests(params.workload, MOST_REQUESTS) or drawn_requests(
        params.requests,
        (params.longest_prompt, params.longest_answer),
        params.spread,
        params.seed,
    )
    asked = tuple(
        QueuedRequest(one.arrival, one.prompt_tokens + params.shared, one.max_tokens, params.shared)
        for one in asked
    )
    for place, one in enumerate(asked):
        if wrong := misfit(one, params.config):
            raise BadInput(
                f"Request {name_of(place)} can't be served: {wrong}. Choose more blocks, "
                "or shorter requests."
            )
    return asked


def scheduled(asked: Sequence[QueuedRequest], config: SchedulerConfig) -> list[EngineStep]:
    """Return all steps.

    Raises:
        BadInput: there are too many.
    """
    steps, shares = [], 0
    for step in engine_steps(asked, config):
        steps.append(step)
        shares += len(step.shares)
        if shares > MOST_SHARES:
            raise BadInput(
                f"That is more than {MOST_SHARES:,} turns to work out. Choose fewer or shorter "
                "requests, or a larger budget."
            )
    return steps


def step_at(steps: Sequence[EngineStep], number: int) -> EngineStep:
    """Return the step of a number from 1; for 0, the first that throws somebody out, or shares."""
    if number:
        return next((step for step in steps if step.number + 1 >= number), steps[-1])
    crowded = max(steps, key=lambda step: len(step.shares))
    return next((step for step in steps if step.preempted), crowded)


def facts(
    asked: Sequence[QueuedRequest], steps: Sequence[EngineStep], params: Scheduler
) -> tuple[Fact, ...]:
    """Return the workload's size, its steps, and what was lost."""
    is_drawn = not params.workload.strip()
    preempted = sum(len(step.preempted) for step in steps)
    return (
        Fact("requests", len(asked)),
        Fact("steps", len(steps)),
        Fact("preempted", preempted, "time" if preempted == 1 else "times"),
        Fact("rule", "vLLM 0.32"),
        *((Fact("shared", params.shared, "tokens"),) if params.shared else ()),
        *((Fact("seed", params.seed),) if is_drawn else ()),
    )


def _meaning(steps: Sequence[EngineStep], requests: int) -> str:
    left = f" The first {SHOWN_LANES} of {requests} are drawn." if requests > SHOWN_LANES else ""
    out = (
        "First tokens in steps from arrival, the rest in tokens or blocks. A step that reads much "
        f"takes longer than one that only writes. Left out: priorities, drafts, hybrids.{left}"
    )
    lost = next((step for step in steps if step.preempted), None)
    if lost is None:
        return f"Who runs is served first; nobody was thrown out. {out}"
    names = " and ".join(map(name_of, lost.preempted))
    return (
        f"In step {lost.number + 1} no block was free, so the last to be let in, {names}, lost all "
        f"of theirs: back at the head of the queue, to be read again. {out}"
    )


def _controls(
    params: Scheduler, step: EngineStep, steps: Sequence[EngineStep]
) -> tuple[Control, ...]:
    budget, blocks = params.max_num_batched_tokens, params.num_gpu_blocks_override
    chance = Knob("Other workload", "seed", str(params.seed + 1), is_main=True)
    place = steps.index(step)
    return that_fit(
        params,
        Knob("By chance", "workload", "") if params.workload.strip() else chance,
        *(Knob("Next step", "step", str(one.number + 1)) for one in steps[place + 1 : place + 2]),
        *(
            Knob("Step before", "step", str(one.number + 1))
            for one in steps[max(0, place - 1) : place]
        ),
        Knob("Twice the budget", "max_num_batched_tokens", str(budget * 2)),
        Knob("Half the budget", "max_num_batched_tokens", str(budget // 2)),
        Knob("More blocks", "num_gpu_blocks_override", str(blocks + 8)),
        Knob("Fewer blocks", "num_gpu_blocks_override", str(blocks - 4)),
        Knob("One more at once", "max_num_seqs", str(params.max_num_seqs + 1)),
        Knob("One fewer at once", "max_num_seqs", str(params.max_num_seqs - 1)),
        Knob("Share 64 first", "shared", "0" if params.shared else "64"),
        Entry("Own workload", "workload", 300),
    )


INSTRUMENT = Instrument(
    name="scheduler",
    line="Requests through vLLM's step rule: token budget, chunks, blocks, preemption.",
    topic=Topic.SERVING,
    lesson=8,
    params=Scheduler,
    run=run,
    asks=asking(
        "How often is a request thrown out, to be read again?",
        ("never", "once", "more often"),
        fact("preempted"),
        (1, 2),
    ),
    tries=(
        Try("step", "who moves in the next step?"),
        Try("seed", "another day at the server"),
    ),
)
