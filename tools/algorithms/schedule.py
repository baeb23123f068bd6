"""Requests on slots over time, batched in two ways: in lock step, or as slots come free.

One step makes one token for each request that is in a slot. Nothing else takes time.

Source:
    Yu et al. 2022, *Orca*, OSDI '22: iteration-level scheduling against request-level.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What somebody asked for: when, in steps from the start, and how many tokens."""

    name: str
    arrival: int
    length: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A request in its slot. `released` is when the slot is free again, `end` its last token."""

    request: BatchRequest
    slot: int
    start: int
    released: int

    @property
    def end(self) -> int:
        """The step after its last token."""
        return self.start + self.request.length

    @property
    def waited(self) -> int:
        """Steps from its arrival to its first."""
        return self.start - self.request.arrival


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """All requests, each in its slot."""

    placed: tuple[Placed, ...]
    slots: int

    @property
    def steps(self) -> int:
        """When the last one is done."""
        return max(one.end for one in self.placed)

    @property
    def utilization(self) -> float:
        """The share of slots and steps that made a token, from the first step to the last."""
        return sum(one.request.length for one in self.placed) / (self.slots * self.steps)

    @property
    def mean_wait(self) -> float:
        """Mean steps from arrival to the first step."""
        return sum(one.waited for one in self.placed) / len(self.placed)


def workload(requests: int, longest: int, spread: int, seed: int) -> tuple[BatchRequest, ...]:
    """Return requests of 1 to `longest` tokens that arrive within `spread` steps, by arrival."""
    dice = random.Random(seed)
    lengths = [dice.randint(1, longest) for _ in range(requests)]
    return arriving(lengths, spread, dice)


def arriving(lengths: Sequence[int], spread: int, dice: random.Random) -> tuple[BatchRequest, ...]:
    """Return a request for each length, in this order, arriving within `spread` steps."""
    arrivals = sorted(dice.randint(0, spread) for _ in lengths)
    earliest = arrivals[0]  # time begins with the first
    return tuple(
        BatchRequest(_name(place), arrival - earliest, length)
        for place, (arrival, length) in enumerate(zip(arrivals, lengths, strict=True))
    )


def static(requests: Sequence[BatchRequest], slots: int) -> BatchPlan:
    """Run a batch until its longest is done, then fill all slots again with who has come."""
    placed: list[Placed] = []
    waiting, now = list(requests), 0
    while waiting:
        now = max(now, waiting[0].arrival)
        batch = [one for one in waiting if one.arrival <= now][:slots]
        free_at = now + max(one.length for one in batch)
        placed += [Placed(one, slot, now, free_at) for slot, one in enumerate(batch)]
        waiting, now = waiting[len(batch) :], free_at
    return BatchPlan(tuple(placed), slots)


def continuous(requests: Sequence[BatchRequest], slots: int) -> BatchPlan:
    """Give each slot to the next in line as soon as it is free."""
    placed: list[Placed] = []
    free_at = [0] * slots
    for one in requests:
        slot = min(range(slots), key=lambda place: (max(free_at[place], one.arrival), place))
        start = max(free_at[slot], one.arrival)
        free_at[slot] = start + one.length
        placed.append(Placed(one, slot, start, free_at[slot]))
    return BatchPlan(tuple(placed), slots)


def _name(place: int) -> str:
    return chr(ord("A") + place)
