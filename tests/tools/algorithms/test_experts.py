import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.algorithms.experts import (
    balancedness,
    imbalance,
    loads,
    moved_bytes,
    rank_of_experts,
    rank_of_tokens,
    rank_work,
)

# how many experts each rank has by determine_expert_map of vLLM 0.32.0, in a row;
# tests/cluster/test_experts.py asks the one that is installed
HELD_IN_VLLM = {
    (32, 4): [8, 8, 8, 8],
    (32, 5): [7, 7, 6, 6, 6],
    (128, 6): [22, 22, 21, 21, 21, 21],
    (256, 8): [32] * 8,
    (256, 24): [11] * 16 + [10] * 8,
    (8, 3): [3, 3, 2],
    (16, 16): [1] * 16,
}
SIZES = st.tuples(st.integers(1, 40), st.integers(1, 12), st.integers(1, 4), st.integers(1, 12))


def some_choices(tokens: int, count: int, used: int) -> list[list[int]]:
    dice = random.Random(f"{tokens} {count} {used}")
    return [dice.sample(range(count), used) for _ in range(tokens)]


@pytest.mark.parametrize("sizes", HELD_IN_VLLM)
def test_experts_lie_where_vllm_lays_them(sizes: tuple[int, int]) -> None:
    has = rank_of_experts(*sizes)
    assert [has.count(rank) for rank in range(sizes[1])] == HELD_IN_VLLM[sizes]
    assert list(has) == sorted(has)


def test_tokens_lie_in_equal_shares_rounded_up() -> None:
    # vLLM 0.32.0, _compute_sp_num_tokens: (9 + 4 - 1) // 4 on each, the last ones padding
    assert rank_of_tokens(9, 4) == (0, 0, 0, 1, 1, 1, 2, 2, 2)
    assert rank_of_tokens(2, 8) == (0, 1)


@pytest.mark.against("experts", by="vLLM 0.32.0's own balancedness")
def test_balancedness_is_what_vllm_logs() -> None:
    # _compute_eplb_load_stats of vLLM 0.32.0 on the same loads
    found = balancedness([[5, 11, 4, 8], [0, 0, 28, 0], [7, 7, 7, 7]])
    assert found == pytest.approx(0.45652174949645996, abs=1e-6)
    assert balancedness([[0, 0]]) == 0


def test_imbalance_is_one_where_all_is_even() -> None:
    assert imbalance([3, 3, 3]) == 1
    assert imbalance([9, 0, 0]) == 3
    assert imbalance([0, 0]) == 0


@pytest.mark.against("experts", by="numpy's sums")
@given(SIZES)
def test_sums_are_those_that_numpy_counts(sizes: tuple[int, int, int, int]) -> None:
    tokens, count, used, ranks = sizes[0], *sorted(sizes[1:3], reverse=True), sizes[3]
    ranks = min(ranks, count)
    layer = some_choices(tokens, count, used)
    goes = np.zeros((tokens, count), int)
    for token, chosen in enumerate(layer):
        goes[token, chosen] = 1
    has = np.eye(ranks, dtype=int)[list(rank_of_experts(count, ranks))]
    home = np.eye(ranks, dtype=int)[list(rank_of_tokens(tokens, ranks))]
    copies = ((goes @ has) > 0) & (home == 0)  # shape (tokens, ranks)
    work = rank_work(layer, count, ranks)
    assert list(loads(layer, count)) == goes.sum(0).tolist()
    assert [one.pairs for one in work] == (goes @ has).sum(0).tolist()
    assert [one.gets for one in work] == copies.sum(0).tolist()
    assert [one.sends for one in work] == (home.T @ copies.sum(1)).tolist()
    assert [one.tokens for one in work] == home.sum(0).tolist()
    assert sum(one.pairs for one in work) == tokens * used


def test_a_vector_goes_once_to_a_rank_whatever_it_meets_there() -> None:
    first, second = rank_work([[2, 3], [0, 3]], count=4, ranks=2)
    assert (first.pairs, first.gets, first.sends) == (1, 1, 1)
    assert (second.pairs, second.gets, second.sends) == (3, 1, 1)


def test_on_one_rank_nothing_moves() -> None:
    (alone,) = rank_work(some_choices(20, 8, 2), count=8, ranks=1)
    assert (alone.pairs, alone.gets, alone.sends) == (40, 0, 0)


def test_a_vector_takes_two_bytes_a_number_each_way() -> None:
    assert moved_bytes(10, 2_880) == 10 * 2_880 * 2 * 2
