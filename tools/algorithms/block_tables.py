"""Prompts laid into a KV cache, one after the other: who shares which blocks, what is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.algorithms.paging import BlockPool, block_hashes, most_hits


@dataclass(frozen=True, slots=True)
class BlockTable:
    """One prompt's blocks, in the order of its text.

    Attributes:
        tokens: How many it has.
        open_tokens: How many last ones fill no block, so that nobody can find them.
        blocks: The numbers of its blocks.
        hashes: Of its whole blocks.
        found: How many of its first tokens were there already.
        found_again: How many would be found if it were sent once more now.
    """

    tokens: int
    open_tokens: int
    blocks: tuple[int, ...]
    hashes: tuple[bytes, ...]
    found: int
    found_again: int


@dataclass(frozen=True, slots=True)
class BlockMap:
    """All blocks, and the prompts in them.

    Attributes:
        block_size: Tokens in a block.
        tables: A prompt each, in the order of their arrival.
        users: How many prompts hold each block, from block 0 on.
        kept: Blocks that can be found by their hash.
        next_out: Free blocks, the first to be handed out first.
    """

    block_size: int
    tables: tuple[BlockTable, ...]
    users: tuple[int, ...]
    kept: frozenset[int]
    next_out: tuple[int, ...]

    @property
    def in_use(self) -> int:
        """How many blocks somebody holds."""
        return sum(count > 0 for count in self.users)


def laid_out(
    prompts: Sequence[Sequence[int]], block_size: int, size: int, ended: int = 0, taken: int = 0
) -> BlockMap:
    """Return where prompts lie that come one after the other.

    Args:
        prompts: Token ids of each, at least one.
        block_size: Tokens in a block.
        size: How many blocks there are, one of them never used.
        ended: So many of the first ones are then done, in their order, and give theirs back.
        taken: So many blocks others take after that.

    Raises:
        ValueError: they don't fit.
    """
    pool = BlockPool(size)
    named = [block_hashes(ids, block_size) for ids in prompts]
    placed = [
        _placed(pool, len(ids), hashes, block_size)
        for ids, hashes in zip(prompts, named, strict=True)
    ]
    for blocks, _ in placed[:ended]:
        pool.give_back(blocks)
    pool.take(taken)
    tables = [
        BlockTable(
            tokens=len(ids),
            open_tokens=len(ids) % block_size,
            blocks=tuple(blocks),
            hashes=hashes,
            found=found * block_size,
            found_again=len(_found(pool, len(ids), hashes, block_size)) * block_size,
        )
        for ids, hashes, (blocks, found) in zip(prompts, named, placed, strict=True)
    ]
    users = tuple(pool.users(block) for block in range(size))
    kept = frozenset(block for block in range(size) if pool.is_kept(block))
    return BlockMap(block_size, tuple(tables), users, kept, pool.next_out(size))


def _placed(
    pool: BlockPool, tokens: int, hashes: Sequence[bytes], block_size: int
) -> tuple[list[int], int]:
    """Give a prompt its blocks; return them, and how many were there already."""
    found = _found(pool, tokens, hashes, block_size)
    pool.share(found)
    blocks = found + pool.take(-(-tokens // block_size) - len(found))
    for place in range(len(found), len(hashes)):
        pool.keep(blocks[place], by=hashes[place])
    return blocks, len(found)


def _found(pool: BlockPool, tokens: int, hashes: Sequence[bytes], block_size: int) -> list[int]:
    return pool.found(hashes, most_hits(tokens, block_size) // block_size)
