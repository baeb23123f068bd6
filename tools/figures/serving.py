"""Figures of serving many at once: batches, the blocks of a cache, chunks of a long prompt."""

from collections.abc import Mapping
from typing import Any

from tools.figures.figure import Figure


def batch_step_ratio(of: Mapping[str, float]) -> float:
    """Return how many times as many bytes a decode step reads for a batch as for one chat.

    The weights are read once for all; each chat's keys and values are its own. It bounds the time
    of a step as long as memory is the limit.

    Args:
        of: The `parameters` that a step reads and the `bytes` of each, the `batch`, and for every
            chat its `tokens` and the cache's `bytes_per_token`.
    """
    weights = of["parameters"] * of["bytes"]
    chat = of["tokens"] * of["bytes_per_token"]
    return (weights + of["batch"] * chat) / (weights + chat)


def batch_gain(of: Mapping[str, float]) -> float:
    """Return how many times the tokens a second a batch makes, by the bytes of a step.

    Args:
        of: As `batch_step_ratio`.
    """
    return of["batch"] / batch_step_ratio(of)


def continuous_steps(of: Mapping[str, Any]) -> int:
    """Return the steps until all are done where a free slot goes to the next in line.

    Args:
        of: `lengths` in tokens, all there from the start; one token a step each; and the `slots`.

    Source:
        Yu et al. 2022, *Orca*, OSDI '22.
    """
    ends = [0] * of["slots"]
    for length in of["lengths"]:
        ends[ends.index(min(ends))] += length
    return max(ends)


def static_steps(of: Mapping[str, Any]) -> int:
    """Return the steps until all are done where each batch waits for its longest.

    Args:
        of: As `continuous_steps`.
    """
    lengths, slots = of["lengths"], of["slots"]
    return sum(max(lengths[at : at + slots]) for at in range(0, len(lengths), slots))


def prefix_hits(of: Mapping[str, int]) -> int:
    """Return the most tokens of a repeated prompt that a prefix cache can spare.

    Only full blocks are kept, and the last token is always run, for its scores.

    Args:
        of: `tokens` of the prompt and of a `block`.

    Source:
        vLLM 0.32.0, v1/core/kv_cache_manager.py, get_computed_blocks.
    """
    return (of["tokens"] - 1) // of["block"] * of["block"]


def hybrid_block(of: Mapping[str, int]) -> int:
    """Return the tokens in a block of a hybrid: as many as outweigh one layer's recurrent state.

    Args:
        of: `value_heads`, `key_heads` and `head_size` of the recurrent layers, the `convolution`'s
            width, and `kv_heads` and `kv_head_size` of attention. States have 32 bits, all else 16.

    Source:
        vLLM 0.32.0, platforms/interface.py, _align_hybrid_block_size, and
        model_executor/layers/mamba/mamba_utils.py, gated_delta_net_state_shape.
    """
    size = of["head_size"]
    mixed = (2 * of["key_heads"] + of["value_heads"]) * size
    state = of["value_heads"] * size * size * 4 + mixed * (of["convolution"] - 1) * 2
    sixteen_tokens = 16 * 2 * of["kv_heads"] * of["kv_head_size"] * 2
    return 16 * -(-state // sixteen_tokens)


def chunk_ms(of: Mapping[str, float]) -> float:
    """Return the ms that a chunk takes, and with it a step of everybody who writes.

    Args:
        of: The `budget` in tokens, and how many tokens are read `per_second`.
    """
    return of["budget"] / of["per_second"] * 1000


FIGURES: tuple[Figure, ...] = (
    batch_step_ratio,
    batch_gain,
    continuous_steps,
    static_steps,
    prefix_hits,
    hybrid_block,
    chunk_ms,
)
