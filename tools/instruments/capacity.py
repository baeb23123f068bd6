"""Will it fit, and for how many? Memory, sequences at once, times and price of a deployment."""

from typing import Annotated, Literal

from pydantic import Field

from tools.algorithms.capacity import (
    Deployment,
    MemorySplit,
    Speed,
    Split,
    concurrency_at_longest,
    held_at_once,
    longest_that_fits,
    memory_of,
    most_within,
    speed_of,
    step_budget,
)
from tools.algorithms.roofline import Setup
from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine
from tools.errors import BadInput
from tools.exhibit.exhibit import Control, Exhibit, Fact, Knob, Origin, Part, Prose, Provenance
from tools.gpus import GPUS
from tools.instrument import Instrument, Params, Topic, Try, Turning, set_parameter
from tools.instruments.bandwidth import GpuName, RooflinePrecision
from tools.instruments.estimate import (
    GIB,
    LEFT_OUT,
    Wishes,
    estimates,
    gap_curve,
    memory_bars,
    server_says,
)
from tools.instruments.your_model import (
    AUTO,
    Config,
    model_menu,
    on_your_model,
    own_config,
    sized,
    subject,
)
from tools.knobs import menu, that_fit
from tools.shape.kept import NUMBER_BYTES
from tools.shape.precision import PRECISIONS, precision_of
from tools.shape.shape import Shape

INSTEAD = "llama-3.1-8b"
_MIXES = {"500": "a question", "2000": "a chat", "8000": "documents", "30000": "an agent"}
_GPU_COUNTS = {"1": "one", "2": "two", "4": "half a node", "8": "a node"}


class Capacity(Params):
    """What a learner may choose."""

    config: Config = Field(
        AUTO, description="Which model: a name, a config.json, or auto for the connected one."
    )
    gpu: GpuName = Field("H100", description="Which GPU.")
    gpus: Annotated[int, Field(ge=1, le=64)] = Field(1, description="How many of it.")
    split: Split = Field(
        "tp", description="tp: all share each matrix. ep: experts spread, attention copied."
    )
    precision: RooflinePrecision = Field("native", description="How each weight is kept.")
    kv: Literal["bfloat16", "fp8"] = Field("bfloat16", description="How the cache is kept.")
    prompt_tokens: Annotated[int, Field(ge=1, le=10_000_000)] = Field(
        2_000, description="Tokens of a prompt that have to be read."
    )
    answer_tokens: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        300, description="Tokens of an answer."
    )
    max_model_len: Annotated[int, Field(ge=0, le=10_485_760)] = Field(
        0, description="As vLLM has it: the longest sequence; 0 for what the model was made for."
    )
    ttft_ms: Annotated[float, Field(ge=0, le=600_000)] = Field(
        2_000, description="Most milliseconds to the first token, no queue; 0 for no limit."
    )
    itl_ms: Annotated[float, Field(ge=0, le=60_000)] = Field(
        50, description="Most milliseconds from token to token; 0 for no limit."
    )
    price: Annotated[float, Field(gt=0, le=1_000)] = Field(
        3.0, description="Dollars an hour for each GPU: yours, not ours."
    )
    busy: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="Share of the paid time at that load."
    )
    memory_share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.92, description="vLLM's gpu_memory_utilization."
    )
    beside_gib: Annotated[float, Field(ge=0, le=100)] = Field(
        0.0, description="GiB a GPU for all but weights and cache, if you know; 0 to guess."
    )


async def run(engine: Engine, params: Capacity) -> Exhibit:
    """Estimate what a deployment holds, how fast and at what price; ask the server for its own.

    Raises:
        BadInput: the model can't be split like that, or wasn't made for so many tokens.
    """
    about = subject(params.config, INSTEAD)
    deployment, wishes = _deployment(params, about.shape), _wishes(params)
    memory = memory_of(deployment)
    held = held_at_once(deployment, memory, wishes.held) if _fits(wishes, memory) else 0
    speed = _best(wishes, deployment, held)
    shown: tuple[Part, ...] = ()
    if speed is not None:
        shown = (
            estimates(wishes, deployment, held, speed),
            gap_curve(wishes, deployment, held, speed),
        )
    verdict = _verdict(params, deployment, memory, held, speed)
    return Exhibit(
        title=f"{about.shape.name} on {params.gpus} × {params.gpu}",
        parts=(
            Prose(f"{about.note}{verdict}"),
            memory_bars(memory),
            *shown,
            *await server_says(engine, memory, wishes.held),
            Prose(LEFT_OUT),
        ),
        provenance=Provenance(Origin.COMPUTED),
        facts=_facts(deployment, memory),
        controls=_controls(params, about.shape),
    )


async def turned(engine: Engine, params: Capacity, turning: Turning) -> Params:
    """Return parameters with a knob turned; another model gets what it can be split and asked.

    Raises:
        pydantic.ValidationError: there is no such parameter, or the value doesn't fit.
    """
    after = await set_parameter(params, turning)
    if turning.knob != "config" or not isinstance(after, Capacity):
        return after
    shape = subject(after.config, INSTEAD).shape
    split = after.split if shape.experts else "tp"
    gpus = next(n for n in range(after.gpus, 0, -1) if split == "ep" or shape.heads % n == 0)
    answer = min(after.answer_tokens, shape.context // 2)
    room = min(after.max_model_len or shape.context, shape.context)
    return after.model_copy(
        update={
            "split": split,
            "gpus": gpus,
            "answer_tokens": answer,
            "prompt_tokens": min(after.prompt_tokens, room - answer),
            "max_model_len": min(after.max_model_len, shape.context),
        }
    )


def _wishes(params: Capacity) -> Wishes:
    return Wishes(
        params.prompt_tokens,
        params.answer_tokens,
        params.itl_ms / 1000,
        params.price,
        params.busy,
    )


def _deployment(params: Capacity, shape: Shape) -> Deployment:
    """Return what is to be served.

    Raises:
        BadInput: vLLM would not begin with it.
    """
    needed = params.prompt_tokens + params.answer_tokens
    longest, made_for = params.max_model_len or shape.context, f"made for {shape.context:,} tokens"
    if needed > shape.context:
        raise BadInput(f"{shape.name} was {made_for}; you ask {needed:,}.")
    if needed > longest:
        raise BadInput(f"You ask {needed:,} tokens, more than max_model_len {longest:,}.")
    if longest > shape.context:
        raise BadInput(f"{shape.name} was {made_for}, not {longest:,}.")
    if params.split == "ep" and shape.experts is None:
        raise BadInput(f"{shape.name} has no experts to spread. Choose split tp.")
    if params.split == "tp" and shape.heads % params.gpus:
        raise BadInput(f"{params.gpus} GPUs can't share {shape.heads} heads evenly. {_even(shape)}")
    setup = Setup(
        shape, precision_of(shape, params.precision), NUMBER_BYTES[params.kv], GPUS[params.gpu],
        params.gpus,
    )  # fmt: skip
    beside = params.beside_gib * GIB or None
    return Deployment(setup, params.split, params.memory_share, longest, beside)


def _even(shape: Shape) -> str:
    fitting = [str(count) for count in (1, 2, 3, 4, 5, 6, 8, 16) if shape.heads % count == 0]
    return f"Take {', '.join(fitting[:-1])} or {fitting[-1]}."


def _fits(wishes: Wishes, memory: MemorySplit) -> bool:
    return memory.blocks >= memory.pool.blocks_of(wishes.prompt + wishes.answer)


def _best(wishes: Wishes, deployment: Deployment, held: int) -> Speed | None:
    """Return the most at once that the cache, vLLM's own limit and the gap allow; None for none."""
    _, most = step_budget(deployment.setup.gpu)
    try_most = min(held, most * deployment.ranks)
    limit = wishes.gap_s or None
    at_once = most_within(deployment, wishes.prompt, wishes.answer, try_most, limit)
    return speed_of(deployment, wishes.prompt, wishes.answer, at_once) if at_once else None


def _verdict(
    params: Capacity, deployment: Deployment, memory: MemorySplit, held: int, speed: Speed | None
) -> str:
    """Return in a sentence or two whether it fits, and for how many."""
    mix = f"{params.prompt_tokens:,} + {params.answer_tokens:,} tokens"
    if memory.cache <= 0:
        return f"It doesn't fit. {_needs(params, deployment)}"
    if not held:
        return f"The weights fit, but the cache holds not one sequence of {mix}."
    if speed is None:
        return (
            f"It fits, {held:,} sequences of {mix}, but not even one keeps {params.itl_ms:g} ms "
            "from token to token."
        )
    by = "the cache" if speed.at_once == held else "the gap" if params.itl_ms else "max_num_seqs"
    said = f"It fits: about {speed.at_once:,} sequences of {mix} at once; {by} sets the limit."
    if params.ttft_ms and 1000 * speed.first_token_s > params.ttft_ms:
        said += f" But a prompt takes longer to read than {params.ttft_ms:g} ms."
    if (fits := longest_that_fits(deployment, memory)) < deployment.longest:
        said += f" vLLM won't start with max_model_len {deployment.longest:,}; {fits:,} would do."
    return said


def _needs(params: Capacity, deployment: Deployment) -> str:
    """Return how many of these GPUs would do, or that none of those asked would."""
    for count in (2, 3, 4, 5, 6, 8, 16, 32, 64):
        shape = deployment.setup.shape
        if count > params.gpus and (params.split == "ep" or shape.heads % count == 0):
            larger = _deployment(params.model_copy(update={"gpus": count}), shape)
            if _fits(_wishes(params), memory_of(larger)):
                return f"It takes {count} × {params.gpu}."
    return f"Not even 64 × {params.gpu} would do."


def _facts(deployment: Deployment, memory: MemorySplit) -> tuple[Fact, ...]:
    """Return what vLLM's start-up line would say of each rank."""
    if memory.cache <= 0:
        return (Fact("weights", f"{memory.weights / GIB:.1f}", "GiB a GPU"),)
    several = concurrency_at_longest(deployment, memory)
    return (
        Fact("vLLM would say", f"{int(several * deployment.longest):,} tokens, {several:.2f}x"),
        Fact("for", deployment.longest, "tokens a request"),
        Fact("block", memory.pool.block_tokens, "tokens"),
        *((Fact("copies of attention", deployment.ranks),) if deployment.ranks > 1 else ()),
    )


def _controls(params: Capacity, shape: Shape) -> tuple[Control, ...]:
    kept = {"native": f"as published: {shape.native}"} | {
        name: found.means for name, found in PRECISIONS.items() if name != "mxfp4"
    }
    gpus = {gpu.name: f"{gpu.memory_mib / 1024:.0f} GiB" for gpu in GPUS.values()}
    prompts = {
        n: said for n, said in _MIXES.items() if int(n) + params.answer_tokens <= shape.context
    }
    counts = {n: said for n, said in _GPU_COUNTS.items() if shape.heads % int(n) == 0}
    other = "ep" if params.split == "tp" else "tp"
    return that_fit(
        params,
        Knob("FP8 cache", "kv", "fp8"),
        Knob("16-bit cache", "kv", "bfloat16"),
        *((Knob("Spread experts" if other == "ep" else "Share matrices", "split", other),)
          if shape.experts else ()),
        Knob("Half the gap", "itl_ms", f"{params.itl_ms / 2:g}"),
        own_config(),
        model_menu(shape, sized),
        menu("GPU", "gpu", gpus, params.gpu),
        *((menu("GPUs", "gpus", counts, params.gpus),) if len(counts) > 1 else ()),
        menu("Precision", "precision", kept, params.precision),
        *((menu("Prompt", "prompt_tokens", prompts, params.prompt_tokens),)
          if len(prompts) > 1 else ()),
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="capacity",
    line="Will it fit, and for how many? A model on GPUs: memory, sequences at once, times, price.",
    topic=Topic.COST,
    lesson=11,
    params=Capacity,
    run=run,
    asks=ranges("How many tokens fit in its cache?", fact("vLLM would say"), (20_000, 100_000)),
    wants=frozenset({Capability.METRICS, Capability.STREAM}),
    settle=on_your_model,
    turn=turned,
    tries=(
        Try("kv", "half the cache, about twice the sequences", "fp8"),
        Try("gpus", "more GPUs, more room"),
    ),
)
