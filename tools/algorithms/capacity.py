"""What fits on some GPUs, for how many at once, how fast and at what price: an estimate.

Memory follows vLLM's own sums but for what it measures at its start; times follow the roofline with
the share of it that was measured elsewhere. Nothing here knows queues, bursts, or prefix hits.

Source:
    Memory: vLLM 0.32.0, `Worker.determine_available_memory`; budgets: `get_batch_defaults` in
    engine/arg_utils.py. Times: Llama-3.1-8B's gap between tokens on an H100 (6.44 ms + 4.37e-5 ms a
    token) and a B200 (3.93 ms + 1.80e-5 ms), vLLM's blog of 2026-04-22, is nine tenths of the
    memory's speed and `STEP_S` beside, to 7 %.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from tools.algorithms.kv_pool import Pool, pool_of
from tools.algorithms.roofline import Setup, decode_bound, prefill_bound
from tools.gpus import Gpu
from tools.shape.activations import most_live
from tools.shape.precision import Precision, weight_bytes
from tools.shape.shape import Shape
from tools.shape.weights import ROUTED, share_of_experts, weight_counts

Split = Literal[
    "tp", "ep"
]  # every matrix over all GPUs; or experts over all, attention a copy each
MEMORY_REACHED = 0.9  # of the memory's speed
ARITHMETIC_REACHED = 0.6  # of the operations, while prompts are read: an assumption
STEP_S = 1.6e-3  # of each pass, whatever is in it: launches, sampling
EXCHANGE_S = 8e-6  # of each exchange among GPUs, however little: an assumption
BESIDE_BYTES = 2**30  # of the driver's context, graphs and libraries: an assumption
_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Deployment:
    """A model on GPUs, as vLLM would be told to serve it.

    Attributes:
        setup: The model, its precisions, and the GPUs.
        split: How the GPUs share it.
        memory_share: `--gpu-memory-utilization`.
        longest: `--max-model-len`, tokens.
        beside_bytes: On each GPU, for all but weights and cache; None to estimate it.
    """

    setup: Setup
    split: Split = "tp"
    memory_share: float = 0.92
    longest: int = 8_192
    beside_bytes: float | None = None

    @property
    def ranks(self) -> int:
        """Copies of attention, each with a cache of its own."""
        return self.setup.gpus if self.split == "ep" else 1

    @property
    def attention_gpus(self) -> int:
        """GPUs that share one copy of attention."""
        return self.setup.gpus // self.ranks


@dataclass(frozen=True, slots=True)
class MemorySplit:
    """Where the memory of each GPU goes, bytes."""

    whole: float
    weights: float
    beside: float
    cache: float  # below 0 where it doesn't fit
    pool: Pool
    blocks: int  # of each rank


@dataclass(frozen=True, slots=True)
class Speed:
    """What some sequences at once come to.

    Attributes:
        at_once: Sequences.
        first_token_s: From sending to the first token, where nobody waits.
        gap_s: Between tokens, the reading of others' prompts included.
        requests_per_s: Finished.
        written_per_s: Tokens of all answers.
    """

    at_once: int
    first_token_s: float
    gap_s: float
    requests_per_s: float
    written_per_s: float


def step_budget(gpu: Gpu) -> tuple[int, int]:
    """Return vLLM's own `max_num_batched_tokens` and `max_num_seqs` on a GPU."""
    if gpu.memory_bytes >= 160 * _GIB:
        return 16_384, 1_024
    if gpu.memory_bytes >= 70 * _GIB and gpu.name != "A100":
        return 8_192, 1_024
    return 2_048, 256


def memory_of(deployment: Deployment) -> MemorySplit:
    """Return where the memory of each GPU goes, and how its cache is cut."""
    setup = deployment.setup
    weights, beside = _weights_on_each(deployment), _beside(deployment)
    cache = deployment.memory_share * setup.gpu.memory_bytes - weights - beside
    pool = pool_of(setup.shape, setup.number_bytes, deployment.attention_gpus)
    return MemorySplit(
        setup.gpu.memory_bytes, weights, beside, cache, pool, max(0, pool.blocks_in(cache))
    )


def concurrency_at_longest(deployment: Deployment, memory: MemorySplit) -> float:
    """Return what vLLM's start-up line says of each rank: sequences of the longest length."""
    budget, _ = step_budget(deployment.setup.gpu)
    return memory.pool.concurrency(memory.blocks, deployment.longest, 2 * budget)


def longest_that_fits(deployment: Deployment, memory: MemorySplit) -> int:
    """Return the longest sequence that the cache holds one of; vLLM starts with no longer one."""
    budget, _ = step_budget(deployment.setup.gpu)
    low, high = 0, deployment.setup.shape.context
    while low < high:
        middle = (low + high + 1) // 2
        if memory.pool.blocks_of(middle, 2 * budget) <= memory.blocks:
            low = middle
        else:
            high = middle - 1
    return low


def held_at_once(deployment: Deployment, memory: MemorySplit, tokens: int) -> int:
    """Return how many sequences of some tokens the cache holds, over all ranks."""
    return deployment.ranks * (memory.blocks // memory.pool.blocks_of(tokens))


def speed_of(deployment: Deployment, prompt: int, answer: int, at_once: int) -> Speed:
    """Return what sequences at once come to, if each reads a prompt and writes an answer.

    Reading a prompt holds up the others of its rank for as long as it takes. In all, a request is
    inside for `n` readings and its own steps, which Little's law makes a rate of.

    Args:
        deployment: What serves them.
        prompt: Tokens, all of them to be read.
        answer: Tokens.
        at_once: Sequences over all ranks, 1 or more.
    """
    on_each = math.ceil(at_once / deployment.ranks)
    reading, step = prefill_s(deployment, prompt), step_s(deployment, prompt + answer // 2, at_once)
    inside = on_each * reading + answer * step
    rate = at_once / inside
    gap = (inside - reading) / answer
    return Speed(at_once, reading + step, gap, rate, rate * answer)


def most_within(
    deployment: Deployment, prompt: int, answer: int, most: int, gap_s: float | None
) -> int:
    """Return how many sequences keep the gap between tokens within a limit; 0 where none does.

    Args:
        deployment: What serves them.
        prompt: Tokens.
        answer: Tokens.
        most: To try.
        gap_s: The limit; None for none.
    """
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if gap_s is None or speed_of(deployment, prompt, answer, middle).gap_s <= gap_s:
            low = middle
        else:
            high = middle - 1
    return low


def cost_per_million(price_per_hour: float, gpus: int, tokens_per_s: float, busy: float) -> float:
    """Return what a million tokens cost, if the GPUs are busy for a share of the time that's paid.

    Args:
        price_per_hour: Of each GPU.
        gpus: How many.
        tokens_per_s: While they are busy.
        busy: Above 0, up to 1.
    """
    return price_per_hour * gpus / (3600 * tokens_per_s * busy) * 1e6


def step_s(deployment: Deployment, context: int, at_once: int) -> float:
    """Return how long a step takes that gives each of some sequences one more token."""
    on_each = math.ceil(at_once / deployment.ranks)
    bound = decode_bound(_one_rank(deployment, context), on_each)
    read = bound.memory_s + _other_experts_s(deployment, on_each, at_once)
    work = max(read / MEMORY_REACHED, bound.compute_s / ARITHMETIC_REACHED)
    return work + STEP_S + _exchange_s(deployment, on_each, passes=1)


def prefill_s(deployment: Deployment, prompt: int) -> float:
    """Return how long reading a prompt takes, in chunks of a step's budget."""
    budget, _ = step_budget(deployment.setup.gpu)
    passes = math.ceil(prompt / budget)
    setup = _one_rank(deployment, 0)
    bound = prefill_bound(setup, prompt)
    again = (passes - 1) * bound.weight_bytes / (setup.gpus * setup.gpu.bytes_per_s)
    work = max((bound.memory_s + again) / MEMORY_REACHED, bound.compute_s / ARITHMETIC_REACHED)
    return work + passes * STEP_S + _exchange_s(deployment, prompt, passes=passes)


def _one_rank(deployment: Deployment, context: int) -> Setup:
    """Return the setup of one copy of attention, which has all experts if it is alone."""
    return replace(deployment.setup, gpus=deployment.attention_gpus, context=context)


def _weights_on_each(deployment: Deployment) -> float:
    setup = deployment.setup
    whole = weight_bytes(setup.shape, setup.precision)
    experts = _expert_bytes(setup.shape, setup.precision)
    if deployment.split == "ep":
        return whole - experts + experts / setup.gpus
    copies = max(1.0, setup.gpus / setup.shape.kv_heads)
    counts = weight_counts(setup.shape)
    copied = (counts["k"] + counts["v"]) * setup.precision.matrix / 8
    return (whole + (copies - 1) * copied) / setup.gpus


def _beside(deployment: Deployment) -> float:
    """Return what a pass needs at its fullest, logits of all sequences, and the assumption."""
    if deployment.beside_bytes is not None:
        return deployment.beside_bytes
    setup = deployment.setup
    budget, sequences = step_budget(setup.gpu)
    live = 2 * most_live(setup.shape, budget) / deployment.attention_gpus
    logits = 4 * sequences * setup.shape.vocabulary
    return live + logits + BESIDE_BYTES


def _expert_bytes(shape: Shape, precision: Precision) -> float:
    counts = weight_counts(shape)
    bits = {"experts": precision.expert, "expert_bias": precision.rest}
    return sum(counts.get(part, 0) * bits[part] / 8 for part in ROUTED)


def _other_experts_s(deployment: Deployment, on_each: int, at_once: int) -> float:
    """Return by how much reading differs where experts are spread: each GPU has but its own.

    One rank's bound reads all experts that its own tokens go to. Spread out, a GPU reads of its
    experts those that anybody's tokens go to.
    """
    setup, experts = deployment.setup, deployment.setup.shape.experts
    if deployment.split == "tp" or experts is None:
        return 0.0
    alone = share_of_experts(experts, on_each)
    spread = share_of_experts(experts, at_once) / setup.gpus
    return (spread - alone) * _expert_bytes(setup.shape, setup.precision) / setup.gpu.bytes_per_s


def _exchange_s(deployment: Deployment, tokens: int, *, passes: int) -> float:
    """Return how long GPUs wait for each other in some passes over so many tokens in all.

    Tensor parallel: two sums over all GPUs a layer, by a ring. Experts spread: each token's vector
    goes to its experts and back.
    """
    setup, shape = deployment.setup, deployment.setup.shape
    if setup.gpus == 1:
        return 0.0
    vector = 2 * shape.width
    if deployment.split == "tp":
        exchanges, sent = 2 * shape.layers, 2 * (setup.gpus - 1) / setup.gpus * vector
    else:
        used = shape.experts.used if shape.experts else 1
        exchanges, sent = 2 * shape.expert_layers, used * vector
    moved = exchanges * tokens * sent / setup.gpu.link_bytes_per_s
    return passes * exchanges * EXCHANGE_S + moved
