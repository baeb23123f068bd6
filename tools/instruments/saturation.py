"""What gives way first when more requests come: told from the answers and the server's counters."""

from collections.abc import Sequence

from tools.algorithms.load import LoadResult, middle
from tools.algorithms.workload import milliseconds
from tools.engine.metrics import Histogram, Metrics

ATTAINED = 0.9  # of the requests must be good, or the rate is too high
_MOSTLY = 0.5  # a part of the wait that is more than this is what it comes from
_FULL = 0.95  # of all blocks


def verdict(found: Sequence[LoadResult]) -> str:
    """Say from which rate on answers are late, and what they wait for there."""
    late = next((one for one in found if one.good_share < ATTAINED), None)
    if late is None:
        return (
            f"Nothing saturates: at {found[-1].rate:g} a second {found[-1].good_share:.0%} are "
            "still good."
        )
    return f"From {late.rate:g} a second on only {late.good_share:.0%} are good: {_cause(late)}"


def _cause(late: LoadResult) -> str:
    """Return what the answers of a rate wait for, the surest sign first."""
    counted = late.counted
    if counted is None:
        return "this server shows no counters (/metrics of vLLM) that would say why."
    if counted.rejected:
        return f"{counted.rejected:.0f} were refused: max_num_queued_reqs or _tokens is reached."
    if counted.preemptions:
        return f"the KV cache is short: {counted.preemptions:.0f} times one lost its blocks."
    first_s = middle(late.firsts_s)
    queue_s, server_s = _mean(counted.queued), _mean(counted.first_token)
    if queue_s > _MOSTLY * first_s:
        full = _share_of_blocks(late, counted)
        what = "blocks of the KV cache" if full >= _FULL else "max_num_seqs or the token budget"
        return f"they wait {milliseconds(queue_s)} ms in the queue, for {what}."
    if first_s - server_s > _MOSTLY * first_s:
        return (
            f"{milliseconds(first_s - server_s)} ms pass before the engine's clock starts: the "
            "API server, the network, or this machine."
        )
    return "the engine's steps take long; nobody queues, so it is arithmetic or memory speed."


def _share_of_blocks(late: LoadResult, counted: Metrics) -> float:
    """Return about how much of the cache those inside at the most take up; 0 if unknown."""
    if not counted.blocks or not counted.block_size or not counted.read_tokens:
        return 0.0
    each = (counted.read_tokens + late.tokens) / late.asked
    blocks = late.most * -(-each // counted.block_size)
    return float(blocks / (counted.blocks - 1))


def _mean(seen: Histogram | None) -> float:
    return (seen.mean or 0.0) if seen else 0.0
