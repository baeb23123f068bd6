"""The KV cache in blocks: who holds which, what is kept by its hash, what is evicted next.

One kind of attention layers, all of them over the whole text, so one block table a sequence. A
block is full or it has no hash; a hash stands for the block's tokens and all that come before them.

Source:
    vLLM 0.32.0: v1/core/block_pool.py, kv_cache_utils.py (FreeKVCacheBlockQueue, hash_block_tokens)
    and single_type_kv_cache_manager.py (FullAttentionManager). Kwon et al. 2023, arXiv:2309.06180.
"""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from itertools import islice

_SEED = "vllm-none-hash"  # what the first block of a sequence is chained to, hashed


def most_hits(tokens: int, block_size: int) -> int:
    """Return the most tokens of a prompt that a prefix cache can spare.

    Only whole blocks are kept, and the last token is always run: its scores are wanted.
    """
    return (tokens - 1) // block_size * block_size


def block_hashes(ids: Sequence[int], block_size: int) -> tuple[bytes, ...]:
    """Return the hash of each whole block, chained: vLLM's own SHA-256 where nothing is salted.

    Args:
        ids: Tokens of a text, in order.
        block_size: Tokens in a block.
    """
    parent, found = _sha256(_SEED), []
    for end in range(block_size, len(ids) + 1, block_size):
        parent = _sha256((parent, tuple(ids[end - block_size : end]), None))
        found.append(parent)
    return tuple(found)


class BlockPool:
    """All blocks of a cache: those in use by number of users, and the free ones in order.

    A freed block keeps what it holds until it is handed out again: first those without a hash, the
    last freed of them first; then those with one, the first freed first.

    Attributes:
        size: How many blocks there are, the one that is never used included.
    """

    def __init__(self, size: int, *, has_cache: bool = True) -> None:
        """Make blocks 0 to `size` - 1, all but block 0 free.

        Args:
            size: At least 2.
            has_cache: Whether blocks are found again by their hash.
        """
        self.size, self.has_cache = size, has_cache
        self._users = [0] * size
        self._hash: list[Hashable | None] = [None] * size
        self._free: OrderedDict[int, None] = OrderedDict.fromkeys(range(1, size))
        self._kept: dict[Hashable, dict[int, None]] = {}  # equal blocks may exist twice

    @property
    def free(self) -> int:
        """How many blocks can be handed out."""
        return len(self._free)

    @property
    def in_use(self) -> int:
        """How many blocks somebody holds."""
        return self.size - 1 - len(self._free)

    def users(self, block: int) -> int:
        """Return how many sequences hold a block."""
        return self._users[block]

    def is_kept(self, block: int) -> bool:
        """Tell whether a block can be found by its hash."""
        return self._hash[block] is not None

    def next_out(self, most: int) -> tuple[int, ...]:
        """Return the free blocks that will be handed out next, in order."""
        return tuple(islice(self._free, most))

    def found(self, hashes: Iterable[Hashable], most: int) -> list[int]:
        """Return the blocks that hold the first `most` hashes, up to the first that is missing."""
        blocks: list[int] = []
        if not self.has_cache:
            return blocks
        for wanted in islice(hashes, most):
            same = self._kept.get(wanted)
            if same is None:
                break
            blocks.append(next(iter(same)))
        return blocks

    def evictable(self, blocks: Sequence[int]) -> int:
        """Return how many of some blocks nobody holds: to use them takes them off the free ones."""
        return sum(self._users[block] == 0 for block in blocks)

    def share(self, blocks: Iterable[int]) -> None:
        """Let one more sequence hold blocks that were `found`."""
        for block in blocks:
            if self._users[block] == 0:
                del self._free[block]
            self._users[block] += 1

    def take(self, count: int) -> list[int]:
        """Hand out free blocks in order; what they held is gone.

        Raises:
            ValueError: there are fewer. Ask `free` first.
        """
        if count > len(self._free):
            raise ValueError(f"{count} blocks wanted, {len(self._free)} are free")
        blocks = [self._free.popitem(last=False)[0] for _ in range(count)]
        for block in blocks:
            self._users[block] = 1
            if self._hash[block] is not None:
                self._forget(block)
        return blocks

    def keep(self, block: int, by: Hashable) -> None:
        """Let a block that has become full be found by its hash from now on."""
        if self.has_cache:
            self._hash[block] = by
            self._kept.setdefault(by, {})[block] = None

    def give_back(self, blocks: Sequence[int]) -> None:
        """Let go of a sequence's blocks, in their order: its last one will be evicted first."""
        unnamed = []
        for block in reversed(blocks):
            self._users[block] -= 1
            if self._users[block]:
                continue
            self._free[block] = None
            if self._hash[block] is None:
                unnamed.append(block)
        for block in reversed(unnamed):
            self._free.move_to_end(block, last=False)

    def _forget(self, block: int) -> None:
        by = self._hash[block]
        self._hash[block] = None
        same = self._kept[by]
        del same[block]
        if not same:
            del self._kept[by]


def _sha256(of: object) -> bytes:
    return hashlib.sha256(pickle.dumps(of, protocol=5)).digest()
