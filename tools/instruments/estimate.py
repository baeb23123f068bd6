"""What an estimate of capacity shows: where memory goes, what it comes to, the server's word."""

from dataclasses import dataclass, replace

from tools.algorithms.capacity import Deployment, MemorySplit, Speed, cost_per_million, speed_of
from tools.engine.base import OF_A_SERVER, Engine
from tools.engine.kv_pool import KvPool
from tools.engine.serving import serving
from tools.errors import EngineError
from tools.exhibit.exhibit import Bar, Bars, Curve, Part, Prose, Series, Table
from tools.models import short_count

GIB = 2**30
LEFT_OUT = (
    "An estimate. Memory beside weights and cache is a guess (vLLM measures it at its start), so "
    "are 0.6 of the arithmetic while reading and 8 µs an exchange; the rest was measured on H100 "
    "and B200. Left out: queues and bursts, prefix hits, drafting, a vision tower at work."
)
_POINTS = 12  # of the curve


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of a deployment.

    Attributes:
        prompt: Tokens that are read for an answer.
        answer: Tokens that are written.
        gap_s: The most from token to token; 0 for no limit.
        price_per_hour: Of each GPU.
        busy: Share of the paid time at that load.
    """

    prompt: int
    answer: int
    gap_s: float
    price_per_hour: float
    busy: float

    @property
    def held(self) -> int:
        """What a sequence holds on average: its prompt, and half of its answer."""
        return self.prompt + -(-self.answer // 2)


def memory_bars(memory: MemorySplit) -> Bars:
    """Return where the memory of each GPU goes."""
    cache = max(0.0, memory.cache)
    free = max(0.0, memory.whole - memory.weights - memory.beside - cache)
    parts = {"weights": memory.weights, "beside": memory.beside, "cache": cache, "free": free}
    whole = max(memory.whole, memory.weights)
    return Bars(
        tuple(
            Bar(name, size / whole, _gib(size), is_rest=name == "free")
            for name, size in parts.items()
        )
    )


def _gib(size: float) -> str:
    """Return a size so that its name has room beside it on a phone."""
    count = size / GIB
    return f"{count:.1f} GiB" if count < 99.95 else f"{count:.0f} GiB"


def estimates(wishes: Wishes, deployment: Deployment, held: int, speed: Speed) -> Table:
    """Return what so many sequences at once come to."""
    gpus = deployment.setup.gpus
    price = cost_per_million(wishes.price_per_hour, gpus, speed.written_per_s, wishes.busy)
    rows = (
        ("cache holds", f"{held:,}"),
        ("at once", f"{speed.at_once:,}"),
        ("first token", f"{1000 * speed.first_token_s:.3g} ms"),
        ("gap", f"{1000 * speed.gap_s:.3g} ms"),
        ("requests", f"{speed.requests_per_s:.3g}/s"),
        ("written", f"{short_count(speed.written_per_s)}/s"),
        ("$ a million", f"{price:.3g}"),
    )
    return Table(("estimate", ""), rows)


def gap_curve(wishes: Wishes, deployment: Deployment, held: int, speed: Speed) -> Curve:
    """Return the gap between tokens by how many are served at once, as far as the cache goes."""
    places = sorted({round(held ** (n / (_POINTS - 1))) for n in range(_POINTS)})
    points = tuple(
        (float(n), 1000 * speed_of(deployment, wishes.prompt, wishes.answer, n).gap_s)
        for n in places
    )
    now = ((float(speed.at_once), 1000 * speed.gap_s),)
    series = [Series("gap between tokens", points), Series("here", now, is_joined=False)]
    if wishes.gap_s and len(places) > 1:
        limit = 1000 * wishes.gap_s
        ends = ((1.0, limit), (float(held), limit))
        series.append(Series(f"your limit, {limit:g} ms", ends))
    return Curve(tuple(series), "sequences at once", "ms", has_dots=False)


async def server_says(engine: Engine, memory: MemorySplit, tokens: int) -> tuple[Part, ...]:
    """Return what the connected server says of its cache, and what that comes to for this mix."""
    if not engine.capabilities() >= OF_A_SERVER:
        return ()
    try:
        pool = await serving(engine).kv_pool()
    except EngineError as failed:
        return (Prose(f"What the connected server says of itself is missing: {failed}"),)
    return (Prose(server_said(pool, memory, tokens, engine.model)),)


def server_said(pool: KvPool | None, memory: MemorySplit, tokens: int, model: str) -> str:
    """Return a server's own account of its cache in a sentence.

    Args:
        pool: The account.
        memory: Of the estimate: its layers are grouped alike if it is the same model.
        tokens: That a sequence holds on average.
        model: What the server serves.
    """
    if pool is None or pool.blocks is None or pool.block_tokens is None:
        return f"The connected server ({model}) doesn't tell what its cache holds; vLLM would."
    cut = replace(memory.pool, block_tokens=pool.block_tokens)
    many = "" if pool.engines == 1 else f"{pool.engines} engines of "
    said = [
        f"The connected server ({model}) says: {many}{pool.blocks:,} blocks of "
        f"{pool.block_tokens} tokens"
    ]
    if pool.tokens is not None and pool.concurrency is not None:
        longest = round(pool.tokens / pool.concurrency)
        said.append(f"{pool.tokens:,} tokens, {pool.concurrency:.2f} sequences of {longest:,}")
    holds = pool.engines * (pool.blocks // cut.blocks_of(tokens))
    said.append(f"so {holds:,} of yours if it serves this model")
    return ", ".join(said) + "."
