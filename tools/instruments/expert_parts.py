"""What a mixture of experts looks like at work: choices, load, ranks, what a batch reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.algorithms.experts import (
    ExpertChoices,
    Mixture,
    balancedness,
    imbalance,
    loads,
    moved_bytes,
    rank_of_experts,
    rank_work,
)
from tools.exhibit.exhibit import Fact, Grid, Table
from tools.instruments.looking import decimal
from tools.shape.shape import Experts
from tools.shape.weights import share_of_experts

_TOKENS = 6  # rows of the first table: all that leaves the first button in sight
_CHOICES = 13  # columns of a phone for a token's experts
_ACROSS = 16  # experts in a row of the picture
_RANKS = 8
_BATCHES = (1, 8, 64, 512)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown.

    Attributes:
        mixture: Whose experts.
        labels: Of the tokens.
        layers: Which experts each token goes to, shape (layers, tokens, used).
        weights: What each counts for, of the same shape; None where a server doesn't tell.
        place: The layer that is looked at, from 0.
        ep: Ranks.
    """

    mixture: Mixture
    labels: tuple[str, ...]
    layers: tuple[tuple[tuple[int, ...], ...], ...]
    weights: tuple[tuple[tuple[float, ...], ...], ...] | None
    place: int
    ep: int

    @property
    def layer(self) -> ExpertChoices:
        """The choices of the layer that is looked at, shape (tokens, used)."""
        return self.layers[self.place]

    @property
    def loads(self) -> tuple[int, ...]:
        """Tokens of each expert in that layer."""
        return loads(self.layer, self.mixture.count)


def choices(shown: Shown) -> Table:
    """Return the first tokens, and who takes each: the heaviest expert first."""
    rows = tuple(
        (label, _that_fit(chosen))
        for label, chosen in zip(shown.labels[:_TOKENS], shown.layer, strict=False)
    )
    return Table(("token", "experts"), rows)


def by_rank(shown: Shown) -> Grid:
    """Return the layer's load, a cell an expert: each rank begins a row of its own."""
    found, has = shown.loads, rank_of_experts(shown.mixture.count, shown.ep)
    rows: list[tuple[int, range]] = []
    for rank in range(shown.ep):
        first, held = has.index(rank), has.count(rank)
        starts = range(first, first + held, _ACROSS)
        rows += [(rank, range(at, min(at + _ACROSS, first + held))) for at in starts]
    across = max(len(experts) for _, experts in rows)
    busiest = found.index(max(found))
    lit = next(n for n, (_, experts) in enumerate(rows) if busiest in experts)
    return Grid(
        values=tuple(
            tuple(found[e] for e in experts) + (None,) * (across - len(experts))
            for _, experts in rows
        ),
        rows=tuple(_row_name(rank, experts, shown.ep) for rank, experts in rows),
        columns=tuple(f"+{n}" for n in range(across)),
        high=max(found),
        row_title="rank: its experts" if shown.ep > 1 else "experts",
        column_title="tokens that each expert takes",
        lit=(lit, busiest - rows[lit][1].start),
    )


def by_layer(shown: Shown) -> Grid:
    """Return all layers, a cell a rank (an expert, where there is one rank): 1 is an even share."""
    count = shown.mixture.count
    found = [
        [one.pairs for one in rank_work(layer, count, shown.ep)]
        if shown.ep > 1
        else list(loads(layer, count))
        for layer in shown.layers
    ]
    values = tuple(tuple(n * len(layer) / sum(layer) for n in layer) for layer in found)
    return Grid(
        values=values,
        rows=tuple(str(n) for n in range(1, len(values) + 1)),
        columns=tuple(map(str, range(len(values[0])))),
        high=max(map(max, values)),
        row_title="layer",
        column_title=f"times an even share, by {'rank' if shown.ep > 1 else 'expert'}",
    )


def ranks(shown: Shown) -> Table:
    """Return what each rank computes, gets and sends in the layer; of many, the busiest."""
    work = rank_work(shown.layer, shown.mixture.count, shown.ep)
    order = sorted(range(shown.ep), key=lambda rank: -work[rank].pairs)
    shown_ranks = sorted(order[:_RANKS])
    rows = tuple(
        (str(rank), f"{work[rank].pairs:,}", f"{work[rank].gets:,}", f"{work[rank].sends:,}")
        for rank in shown_ranks
    )
    return Table(("rank", "work", "in", "out"), rows, lit=shown_ranks.index(order[0]))


def batches(mixture: Mixture) -> Table:
    """Return how many experts a layer reads for a batch, all being equally likely."""
    experts = Experts(mixture.count, mixture.used, 0)
    shares = ((tokens, share_of_experts(experts, tokens)) for tokens in _BATCHES)
    rows = tuple(
        (str(tokens), f"{share * mixture.count:.0f}", f"{share:.0%}") for tokens, share in shares
    )
    return Table(("batch", "reads", "of all"), rows)


def meaning(shown: Shown) -> str:
    """Return in a few sentences what an operator has of it."""
    mixture = shown.mixture
    memory = (
        f"All {mixture.count} experts must be in memory, though a token uses {mixture.used}: a "
        "large batch reads nearly all (last table, as if all were equally likely)."
    )
    if shown.ep == 1:
        return f"On one rank nothing moves; take more to see what would. {memory}"
    work = rank_work(shown.layer, mixture.count, shown.ep)
    pairs = [one.pairs for one in work]
    return (
        f"The step waits for the busiest rank: {pairs.index(max(pairs))}, with "
        f"{imbalance(pairs):.2f} times an even share of the work (a token at an expert). "
        f"{_moves(mixture, sum(one.sends for one in work))} {memory}"
    )


def facts(shown: Shown) -> tuple[Fact, ...]:
    """Return the sums: busiest expert, imbalance, idle experts, balance and bytes over ranks."""
    found, tokens = shown.loads, len(shown.labels)
    most = max(found)
    first = shown.weights and [one[0] for one in shown.weights[shown.place]]
    return (
        Fact("busiest", f"expert {found.index(most)}", f"{most} of {tokens} tokens"),
        Fact("imbalance", round(imbalance(found), 2), "times the mean"),
        Fact("idle", found.count(0), f"of {len(found)} experts"),
        *((Fact("first choice weighs", f"{sum(first) / len(first):.0%}"),) if first else ()),
        *(_over_ranks(shown) if shown.ep > 1 else ()),
    )


def _over_ranks(shown: Shown) -> tuple[Fact, ...]:
    """Return what all layers come to on several ranks."""
    mixture = shown.mixture
    work = [rank_work(layer, mixture.count, shown.ep) for layer in shown.layers]
    balance = balancedness([[one.pairs for one in layer] for layer in work])
    copies = sum(one.sends for layer in work for one in layer)
    moved = decimal(moved_bytes(copies, mixture.width)) if mixture.width else f"{copies:,} vectors"
    return (
        Fact("balancedness", round(balance, 2), f"over {shown.ep} ranks"),
        Fact("moved", moved, f"in {mixture.layers} layers"),
    )


def _moves(mixture: Mixture, copies: int) -> str:
    """Say what travels in the layer."""
    bytes_ = (
        f": {decimal(moved_bytes(copies, mixture.width))} there and back, at 16 bits"
        if mixture.width
        else ""
    )
    return (
        f"The tokens lie on the ranks in equal shares; {copies:,} vectors go to another rank, one "
        f"for each token and rank{bytes_}."
    )


def _that_fit(chosen: Sequence[int]) -> str:
    """Return a token's experts; where they are too many for a phone, the first of them."""
    whole = " ".join(map(str, chosen))
    if len(whole) <= _CHOICES:
        return whole
    cut = whole[: _CHOICES - 1]  # the space behind the last number, or what is before it
    return f"{cut[: cut.rindex(' ')]} …"


def _row_name(rank: int, experts: range, ep: int) -> str:
    held = f"{experts.start}–{experts.stop - 1}"
    return f"{rank}: {held}" if ep > 1 else held
