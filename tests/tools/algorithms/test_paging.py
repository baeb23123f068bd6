"""Blocks by reference count and hash, against a pool told over from vLLM's source."""

import hashlib
import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.algorithms.reference_scheduler import Pool
from tools.algorithms.block_tables import laid_out
from tools.algorithms.paging import BlockPool, block_hashes

HEAD = tuple(range(100, 109))
A, B, C = (*HEAD, 1, 2), (*HEAD, 3, 4, 5), (7, *HEAD, 1, 2)  # 11, 12 and 12 tokens


@pytest.mark.against("blocks", by="vLLM 0.32.0's block pool, told over")
@given(st.integers(0, 10_000))
def test_blocks_come_and_go_as_in_vllms_pool(seed: int) -> None:
    dice = random.Random(seed)
    size = dice.randint(3, 20)
    has_cache = dice.random() < 0.8
    ours, theirs = BlockPool(size, has_cache=has_cache), Pool(size, has_cache)
    held: list[list[int]] = []
    for _ in range(40):
        if held and dice.random() < 0.4:
            blocks = held.pop(dice.randrange(len(held)))
            ours.give_back(blocks)
            theirs.free_blocks(blocks[::-1])
        elif has_cache and dice.random() < 0.4:
            found = ours.found([dice.randrange(6)], 1)
            ours.share(found)
            theirs.touch(found)
            held.append(found)
        else:
            count = dice.randint(0, ours.free)
            blocks = ours.take(count)
            assert blocks == theirs.get_new_blocks(count)
            for block in blocks:
                if has_cache and dice.random() < 0.6:
                    name = dice.randrange(6)
                    ours.keep(block, by=name)
                    theirs.hash[block] = name
                    theirs.cached.append((name, block))
            held.append(blocks)
        assert list(ours.next_out(size)) == theirs.free
        for name in range(6):
            kept = theirs.get_cached_block(name)
            assert ours.found([name], 1) == ([] if kept is None else [kept])


def test_a_hash_stands_for_its_block_and_all_before_it() -> None:
    first, second = block_hashes(A, 4)
    assert block_hashes((*HEAD, 9, 9), 4) == (first, second)  # the rest fills no block
    changed = block_hashes((0, *A[1:]), 4)
    assert changed[0] != first
    assert changed[1] != second  # though its own four tokens are the same


@pytest.mark.against("blocks", by="hashlib, by vLLM's rule")
def test_a_hash_is_vllms_own() -> None:
    """sha256 over the pickled (parent, tokens, extra keys); the first parent is its NONE_HASH."""
    none = hashlib.sha256(pickle.dumps("vllm-none-hash", protocol=5)).digest()
    expected = hashlib.sha256(pickle.dumps((none, (1, 2), None), protocol=5)).digest()
    assert block_hashes([1, 2, 3], 2) == (expected,)


def test_equal_beginnings_share_blocks_and_what_follows_does_not() -> None:
    found = laid_out([A, B, C], 4, 17)
    one, two, three = found.tables
    assert (one.blocks, two.blocks, three.blocks) == ((1, 2, 3), (1, 2, 4), (5, 6, 7))
    assert [table.found for table in found.tables] == [0, 8, 0]
    assert [table.open_tokens for table in found.tables] == [3, 0, 0]
    assert found.users[:8] == (0, 2, 2, 1, 1, 1, 1, 1)
    assert found.in_use == 7
    assert 3 not in found.kept  # its three tokens fill no block


def test_a_whole_prompt_sent_again_still_runs_its_last_block() -> None:
    found = laid_out([B, B], 4, 17)
    assert [table.found for table in found.tables] == [0, 8]  # of 12, and 12 are kept


def test_what_is_let_go_is_kept_until_others_take_it_the_tail_first() -> None:
    """A's blocks are 1 2 3: the open one goes first, then those never used, then 2, then 1."""
    ended = laid_out([A], 4, 6, ended=1)
    assert ended.next_out == (3, 4, 5, 2, 1)
    assert (ended.in_use, ended.tables[0].found_again) == (0, 8)
    for taken, again in ((3, 8), (4, 4), (5, 0)):
        after = laid_out([A], 4, 6, ended=1, taken=taken)
        assert after.tables[0].found_again == again


def test_what_does_not_fit_is_not_laid_out() -> None:
    assert laid_out([A], 4, 4).in_use == 3
    for size, taken in ((3, 0), (4, 1)):
        with pytest.raises(ValueError, match="blocks wanted"):
            laid_out([A], 4, size, taken=taken)
    with pytest.raises(ValueError, match="3 blocks wanted, 2 are free"):
        BlockPool(3).take(3)
