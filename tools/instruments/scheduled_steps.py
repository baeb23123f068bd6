"""What an engine's steps look like: a lane a request, one step in full, the sums of all."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tools.algorithms.scheduling import EngineStep, QueuedRequest, StepShare
from tools.exhibit.exhibit import Lane, Span, Table, Timeline

SHOWN_LANES = 12
_ROWS = 6
_WAITS, _READS, _WRITES, _AGAIN = range(4)  # kinds of spans
_CALLED = ("waits", "reads", "writes", "reads again")


def timeline(asked: Sequence[QueuedRequest], steps: Sequence[EngineStep]) -> Timeline:
    """Return a lane a request, from its arrival to its last token."""
    shares: list[dict[int, StepShare]] = [{} for _ in asked]
    for step in steps:
        for share in step.shares:
            shares[share.request][step.number] = share
    lanes = [
        Lane(name_of(place), tuple(_spans(asked[place], shares[place])))
        for place in range(min(len(asked), SHOWN_LANES))
    ]
    return Timeline(tuple(lanes), "steps")


def name_of(place: int) -> str:
    """Return A to Z, then AA and so on."""
    rest, last = divmod(place, 26)
    return f"{name_of(rest - 1) if rest else ''}{chr(ord('A') + last)}"


def step_table(step: EngineStep, budget: int) -> Table:
    """Return who got what of one step's budget, and what was left of it."""
    rows = [(name_of(one.request), f"{one.tokens:,}", _does(one)) for one in step.shares[:_ROWS]]
    if late := step.shares[_ROWS:]:
        rows.append((f"+{len(late)}", f"{sum(one.tokens for one in late):,}", ""))
    rows += [(name_of(place), "0", "thrown out") for place in step.preempted]
    spent = sum(one.tokens for one in step.shares)
    rows.append(("", f"{budget - spent:,}", "left over"))
    return Table((f"#{step.number + 1}", "gets", ""), tuple(rows))


def sums_table(asked: Sequence[QueuedRequest], steps: Sequence[EngineStep], budget: int) -> Table:
    """Return what all steps came to."""
    shares = [share for step in steps for share in step.shares]
    given = sum(share.tokens for share in shares)
    firsts = {
        share.request: step.number
        for step in reversed(steps)
        for share in step.shares
        if share.writes
    }
    waits = [firsts[place] + 1 - one.arrival for place, one in enumerate(asked)]
    again = sum(share.tokens for share in shares if share.is_again)
    rows = (
        ("steps", f"{len(steps):,}"),
        ("budget used", f"{given / (len(steps) * budget):.0%}"),
        ("most at once", str(max(step.running for step in steps))),
        ("most blocks", f"{max(step.used_blocks for step in steps):,}"),
        ("first token", f"{sum(waits) / len(waits):.1f}"),
        ("worst first", str(max(waits))),
        ("read again", f"{again:,}"),
    )
    return Table(("all steps", ""), rows)


def _spans(asked: QueuedRequest, shares: dict[int, StepShare]) -> Iterator[Span]:
    """Yield what a request does, steps of one kind joined."""
    kinds = [
        (number, _kind(asked, shares.get(number)))
        for number in range(asked.arrival, max(shares) + 1)
    ]
    for kind, group in groupby(kinds, key=lambda one: one[1]):
        numbers = [number for number, _ in group]
        yield Span(numbers[0], numbers[-1] + 1, _CALLED[kind], kind)


def _kind(asked: QueuedRequest, share: StepShare | None) -> int:
    if share is None:
        return _WAITS
    if share.is_again:
        return _AGAIN
    return _WRITES if share.start >= asked.prompt_tokens else _READS


def _does(share: StepShare) -> str:
    if share.is_again:
        return "reads again"
    if share.tokens == 1 and share.writes:
        return "writes"
    return "reads, writes" if share.writes else "reads"
