"""Which expert takes each token: load, imbalance, and what expert parallelism moves.

Experts lie on the ranks in a row, as evenly as it goes; tokens too, in contiguous shares. A token's
vector goes once to each other rank that has one of its experts (dispatch), and one sum comes back
from there (combine), as DeepEP's high-throughput kernels do; its low-latency ones send a copy for
each expert.

Source:
    vLLM 0.32.0: model_executor/layers/fused_moe/expert_map_manager.py (determine_expert_map,
    "linear"), forward_context.py (_compute_sp_num_tokens: the shares of tokens where attention is
    tensor parallel), distributed/eplb/eplb_state.py (balancedness). DeepEP: arXiv:2412.19437,
    section 3.2.2.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

ExpertChoices = Sequence[Sequence[int]]  # of one layer: experts of each token, shape (tokens, used)
VECTOR_BYTES = 2  # of each number that travels: bfloat16, both ways


@dataclass(frozen=True, slots=True)
class Mixture:
    """How a model's experts are built.

    Attributes:
        name: The model's.
        count: Routed experts in each layer that has them.
        used: How many of those take one token.
        layers: Layers that have experts.
        width: Numbers of the vector that travels; None where nobody knows.
    """

    name: str
    count: int
    used: int
    layers: int
    width: int | None


@dataclass(frozen=True, slots=True)
class RankWork:
    """One rank's part of a layer.

    Attributes:
        tokens: That live on it.
        pairs: Token and expert, that it computes.
        gets: Vectors that come from other ranks, to be computed.
        sends: Vectors of its own tokens that go to other ranks.
    """

    tokens: int
    pairs: int
    gets: int
    sends: int


def loads(choices: ExpertChoices, count: int) -> tuple[int, ...]:
    """Return how many tokens each expert takes, shape (count,)."""
    taken = Counter(expert for chosen in choices for expert in chosen)
    return tuple(taken[expert] for expert in range(count))


def imbalance(found: Sequence[int]) -> float:
    """Return the most over the mean: 1 is even; 0 where there is nothing at all."""
    return max(found) * len(found) / sum(found) if any(found) else 0.0


def balancedness(layers: Sequence[Sequence[int]]) -> float:
    """Return mean over most, both summed over the layers first, as vLLM logs it; 1 is even.

    Args:
        layers: Pairs on each rank, shape (layers, ranks).
    """
    means = sum(sum(ranks) / len(ranks) for ranks in layers)
    mosts = sum(max(ranks) for ranks in layers)
    return means / mosts if mosts else 0.0


def rank_of_experts(count: int, ranks: int) -> tuple[int, ...]:
    """Return the rank that has each expert: in a row, the first ranks one more where they must."""
    each, more = divmod(count, ranks)
    return tuple(rank for rank in range(ranks) for _ in range(each + (rank < more)))


def rank_of_tokens(tokens: int, ranks: int) -> tuple[int, ...]:
    """Return the rank that each token lives on: shares of equal size, rounded up, in order."""
    share = -(-tokens // ranks)
    return tuple(token // share for token in range(tokens))


def rank_work(choices: ExpertChoices, count: int, ranks: int) -> tuple[RankWork, ...]:
    """Return what each rank does of a layer, shape (ranks,)."""
    has, homes = rank_of_experts(count, ranks), rank_of_tokens(len(choices), ranks)
    pairs: Counter[int] = Counter()
    gets: Counter[int] = Counter()
    sends: Counter[int] = Counter()
    for home, chosen in zip(homes, choices, strict=True):
        pairs.update(has[expert] for expert in chosen)
        others = {has[expert] for expert in chosen} - {home}
        gets.update(others)
        sends[home] += len(others)
    at_home = Counter(homes)
    return tuple(
        RankWork(at_home[rank], pairs[rank], gets[rank], sends[rank]) for rank in range(ranks)
    )


def moved_bytes(copies: int, width: int) -> int:
    """Return what so many vectors take there and back."""
    return 2 * copies * width * VECTOR_BYTES
