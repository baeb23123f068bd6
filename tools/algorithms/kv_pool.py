"""How vLLM cuts a GPU's cache memory into blocks, and how many of those a sequence holds.

Layers that keep alike form a group; all groups draw blocks from one pool, and a block is as many
layers deep as the smallest group. A model whose layers are all alike has one group.

Source:
    vLLM 0.32.0: `_get_kv_cache_groups_uniform_page_size` and `get_max_concurrency_…` in
    v1/core/kv_cache_utils.py, `max_memory_usage_bytes` of each spec in v1/kv_cache_interface.py,
    `_align_hybrid_block_size` in platforms/interface.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tools.shape.kept import layer_numbers, state_bytes
from tools.shape.shape import Mixer, Shape

BLOCK_TOKENS = 16  # on a GPU, where recurrent states don't ask for more
STATES_KEPT = 2  # blocks a sequence holds in a group of recurrent layers, with prefix caching on
_UNEVEN = 1.5  # up to this many times as many layers, the smaller group is filled up instead


@dataclass(frozen=True, slots=True)
class Pool:
    """How the cache of one GPU is cut.

    Attributes:
        block_tokens: Of one block; a recurrent group's holds one state instead.
        block_bytes: Of one block, in all layers of its group.
        groups: How many groups there are of each mixer.
        window: Tokens that windowed layers see; 0 where there are none.
        is_chunked: They see those of their own chunk.
    """

    block_tokens: int
    block_bytes: int
    groups: Mapping[Mixer, int]
    window: int = 0
    is_chunked: bool = False

    def blocks_in(self, pool_bytes: float) -> int:
        """Return how many blocks some memory makes."""
        return int(pool_bytes // self.block_bytes)

    def blocks_of(self, tokens: int, in_flight: int = 1) -> int:
        """Return how many blocks a sequence of some tokens holds.

        Args:
            tokens: Of the sequence.
            in_flight: Of those the ones that a step may still be working on: one while it is
                written; vLLM's estimate at the start takes two whole budgets.
        """
        held = {
            "F": _whole(tokens, self.block_tokens),
            "S": self._in_window(tokens, in_flight),
            "R": STATES_KEPT,
        }
        return sum(held[mixer] * count for mixer, count in self.groups.items())

    def concurrency(self, blocks: int, longest: int, in_flight: int) -> float:
        """Return how many sequences of the longest length fit: vLLM's `Maximum concurrency`."""
        return blocks / self.blocks_of(longest, in_flight)

    def _in_window(self, tokens: int, in_flight: int) -> int:
        if self.is_chunked:
            return _whole(min(tokens, self.window + in_flight), self.block_tokens)
        seen = min(tokens, self.window - 1 + in_flight)
        return _whole(seen, self.block_tokens) + 1  # a window may begin inside a block


def pool_of(
    shape: Shape, number_bytes: int, gpus: int = 1, block_tokens: int = BLOCK_TOKENS
) -> Pool:
    """Return how vLLM cuts the cache of each of some GPUs.

    Args:
        shape: The model.
        number_bytes: Of each number in the cache.
        gpus: How many share each matrix (tensor parallel).
        block_tokens: The least that a block may hold: 128 on a processor.
    """
    each = layer_numbers(shape, gpus) * number_bytes
    if recurrent := shape.layers_of("R"):
        state = state_bytes(shape, gpus) // recurrent
        block_tokens *= _whole(state, block_tokens * each)
    layers = {mixer: count for mixer in _MIXERS if (count := shape.layers_of(mixer))}
    deep, most = min(layers.values()), max(layers.values())
    if most < _UNEVEN * deep:
        deep = most
    groups = {mixer: _whole(count, deep) for mixer, count in layers.items()}
    return Pool(
        block_tokens,
        deep * block_tokens * each,
        MappingProxyType(groups),
        shape.window,
        shape.is_chunked,
    )


_MIXERS: tuple[Mixer, ...] = ("F", "S", "R")


def _whole(count: int, of: int) -> int:
    return -(-count // of)
