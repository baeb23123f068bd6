"""The KV cache as a map of blocks: who holds which, what is shared, what is evicted next."""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from tools.algorithms.block_tables import BlockMap, laid_out
from tools.algorithms.paging import most_hits
from tools.algorithms.workload import fresh_text
from tools.asking import asking, fact
from tools.engine.base import OF_A_SERVER, Capability, Engine
from tools.engine.prompts import clean_prompt
from tools.engine.serving import HOW_TO_SERVE, BlockEvent, Serving, serving
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Part,
    Prose,
    Provenance,
    Table,
)
from tools.instrument import Instrument, Topic, Try
from tools.instruments.block_parts import PROMPT_NAMES, counts, grid, hashes, stored, tables
from tools.instruments.looking import live
from tools.instruments.measuring import MeasurementParams, again, measured, token_ids
from tools.knobs import that_fit

HEAD = "You are a tutor for engineers who run models."
MOST_BLOCKS = 64
MOST_HEAD = 1600  # words
EVENTS = (
    "What a server holds, block by block, only its KV events tell: start it with "
    '--kv-events-config \'{"enable_kv_cache_events": true, "publisher": "zmq"}\', and set '
    "HUNCH_KV_EVENTS to where it publishes them (tcp://host:5557)."
)
_DICE = random.SystemRandom()


class Blocks(MeasurementParams):
    """What a learner may choose."""

    first: Annotated[str, Field(max_length=1000)] = Field(
        f"{HEAD} What is a pod?", description="The prompt that comes first: A."
    )
    second: Annotated[str, Field(max_length=1000)] = Field(
        f"{HEAD} What is a node?", description="Then B; what it begins with alike is shared."
    )
    third: Annotated[str, Field(max_length=1000)] = Field(
        f"Monday. {HEAD} What is a pod?", description="Then C, which may be left empty."
    )
    block_size: Annotated[int, Field(ge=1, le=256)] = Field(
        4, description="Tokens in a block; on a GPU vLLM has 16."
    )
    num_gpu_blocks: Annotated[int, Field(ge=2, le=MOST_BLOCKS)] = Field(
        24, description="Blocks there are; block 0 is never used."
    )
    ended: Annotated[int, Field(ge=0, le=3)] = Field(
        0, description="How many of them are done, A first: their blocks are free, and kept."
    )
    taken: Annotated[int, Field(ge=0, le=MOST_BLOCKS)] = Field(
        0, description="Blocks that others have taken since."
    )
    show: Literal["map", "hashes", "server"] = Field(
        "map", description="The map, the chain of hashes, or what the connected server counts."
    )

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts that there are."""
        return tuple(filter(str.strip, (self.first, self.second, self.third)))


async def run(engine: Engine, params: Blocks) -> Exhibit:
    """Lay the prompts into blocks; for `server`, send them and count what it finds.

    Raises:
        BadInput: a prompt can't be used, or they don't fit in so many blocks.
        Missing: there is no server that counts.
        EngineError: the engine gave no usable answer.
    """
    if not params.prompts:
        raise BadInput("Give at least one prompt.")
    if params.show == "server":
        return await _on_the_server(engine, params)
    ids = [await token_ids(engine, clean_prompt(text)) for text in params.prompts]
    try:
        found = laid_out(ids, params.block_size, params.num_gpu_blocks, params.ended, params.taken)
    except ValueError:
        raise BadInput(
            f"They don't fit in {params.num_gpu_blocks - 1} blocks of {params.block_size} tokens: "
            "a scheduler would let the last one wait. Choose more blocks, or take fewer."
        ) from None
    return exhibit(found, params, engine)


def exhibit(found: BlockMap, params: Blocks, engine: Engine) -> Exhibit:
    """Return the map or the chain of hashes, the block tables, and what would hit now."""
    picture: Part = hashes(found) if params.show == "hashes" else grid(found)
    return Exhibit(
        title="The KV cache in blocks",
        parts=(
            Prose(_first_line(params)),
            picture,
            tables(found),
            counts(found),
            Prose(_meaning(found, params)),
        ),
        provenance=live(engine),
        facts=facts(found, params),
        controls=_controls(engine, params),
    )


def facts(found: BlockMap, params: Blocks) -> tuple[Fact, ...]:
    """Return how many blocks are in use, how many sharing has spared, who goes next."""
    alone = sum(len(one.blocks) for one in found.tables)
    distinct = len({block for one in found.tables for block in one.blocks})
    return (
        Fact("in use", found.in_use, f"of {params.num_gpu_blocks - 1} blocks"),
        Fact("spared by sharing", alone - distinct, "blocks"),
        Fact("handed out next", " ".join(map(str, found.next_out[:4])) or "none"),
        Fact("rule", "vLLM 0.32"),
    )


async def _on_the_server(engine: Engine, params: Blocks) -> Exhibit:
    """Send each prompt behind a head that no cache knows; hold the counts against the rule."""
    if not engine.capabilities() >= OF_A_SERVER:
        raise Missing(
            f"{engine.model} ({engine.name}) shows no counters (/metrics of vLLM). {HOW_TO_SERVE}"
        )
    server = serving(engine)
    await server.ready()
    before = await server.metrics()
    size = before.block_size if before else None
    if size is None:
        raise Missing("This server doesn't tell the size of its blocks: vLLM 0.32 does.")
    head = fresh_text(min(size + size // 2, MOST_HEAD), _DICE)
    texts = [f"{head} {text}" for text in params.prompts]
    ids = [await token_ids(engine, text) for text in texts]
    began = time.perf_counter()
    counted, events = await _sent(server, texts)
    source = measured(engine, began)
    rule = laid_out(ids, size, 1 + sum(-(-len(one) // size) for one in ids))
    return _beside(rule, counted, events, params, source, engine)


async def _sent(
    server: Serving, texts: Sequence[str]
) -> tuple[list[int | None], tuple[BlockEvent, ...] | None]:
    """Send each prompt; return what was found of each, and the KV events where they can be had."""
    watch = server.block_watch()
    if watch is None:
        return [await _counted(server, text) for text in texts], None
    async with watch as seen:
        counted = [await _counted(server, text) for text in texts]
        return counted, await seen.settled()


async def _counted(server: Serving, text: str) -> int | None:
    """Return how many tokens of a prompt the server has found in its cache."""
    before = await server.metrics()
    await server.stream_timed(text, 1)
    after = await server.metrics()
    hits = after.since(before).prefix_hits if before and after else None
    return None if hits is None else round(hits)


def _beside(
    rule: BlockMap,
    counted: Sequence[int | None],
    events: Sequence[BlockEvent] | None,
    params: Blocks,
    source: Provenance,
    engine: Engine,
) -> Exhibit:
    """Return what the rule says, beside what the server has counted, and stored."""
    rows = [
        (name, f"{one.tokens:,}", f"{one.found:,}", "–" if hits is None else f"{hits:,}")
        for name, one, hits in zip(PROMPT_NAMES, rule.tables, counted, strict=False)
    ]
    agree = sum(one.found == hits for one, hits in zip(rule.tables, counted, strict=True))
    kept = {event.hash for event in events or () if event.is_kept and event.hash is not None}
    live_parts = () if events is None else (stored(rule, kept),)
    return Exhibit(
        title="The rule, and what the server counts",
        parts=(
            Prose("Your prompts behind a beginning that no cache knew, sent one after the other."),
            Table(("", "tokens", "rule", "server"), tuple(rows)),
            *live_parts,
            Prose(_comparison(rule, events)),
        ),
        provenance=source,
        facts=(
            Fact("KV block", rule.block_size, "tokens"),
            Fact("as the rule says", agree, f"of {len(rows)}"),
        ),
        controls=_controls(engine, params),
    )


def _comparison(rule: BlockMap, events: Sequence[BlockEvent] | None) -> str:
    repeat = most_hits(rule.tables[0].tokens, rule.block_size)
    found = (
        f"Found in the cache, in tokens. A block holds {rule.block_size:,} here, so a repeat of A "
        f"would find {repeat:,}. Others' requests count too."
    )
    if events is None:
        return f"{found} {EVENTS}"
    dropped = sum(not event.is_kept for event in events)
    return (
        f"{found} By its KV events the server keeps the blocks with these hashes, worked out here "
        f"from the tokens alone; meanwhile it has dropped {dropped}."
    )


def _first_line(params: Blocks) -> str:
    count = {1: "One prompt", 2: "Two prompts", 3: "Three prompts"}[len(params.prompts)]
    what = "and their hashes" if params.show == "hashes" else "a square each"
    return f"{count} in blocks of {params.block_size}, {what}."


def _meaning(found: BlockMap, params: Blocks) -> str:
    return " ".join(_sentences(found, params))


def _sentences(found: BlockMap, params: Blocks) -> Iterator[str]:
    if params.show == "map":
        yield "Framed: handed out next. In brackets: not full."
    else:
        yield (
            "SHA-256 over the hash before, these tokens, and nothing else: one other token early "
            "on changes all that follow."
        )
    if any(one.open_tokens for one in found.tables):
        yield "An open block has no hash, so nobody finds it."
    if params.ended and found.next_out:
        yield "Freed blocks keep what they hold until they are handed out, the end of a text first."


def _controls(engine: Engine, params: Blocks) -> tuple[Control, ...]:
    counts_ = engine.capabilities() >= OF_A_SERVER
    if params.show == "server":
        return that_fit(params, again("Send again", params), Knob("Map", "show", "map"))
    other = "map" if params.show == "hashes" else "hashes"
    return that_fit(
        params,
        Knob("One more ends", "ended", str(params.ended + 1), is_main=True),
        Knob("All run", "ended", "0"),
        Knob("Others take 8", "taken", str(params.taken + 8)),
        Knob("Take none", "taken", "0"),
        Knob("Hashes" if other == "hashes" else "Map", "show", other),
        Knob("Blocks of 16", "block_size", "16"),
        Knob("Blocks of 4", "block_size", "4"),
        *((Knob("Ask the server", "show", "server"),) if counts_ else ()),
        Entry("First prompt", "first", 1000),
        Entry("Second prompt", "second", 1000),
        Entry("Third prompt", "third", 1000),
    )


INSTRUMENT = Instrument(
    name="blocks",
    line="The KV cache as a map: block tables, shared beginnings, hashes, what is evicted next.",
    topic=Topic.SERVING,
    lesson=8,
    params=Blocks,
    run=run,
    asks=asking(
        "Some prompts begin alike. How many blocks does that spare?",
        ("none", "one to three", "four or more"),
        fact("spared by sharing"),
        (1, 4),
    ),
    needs=frozenset({Capability.TOKENIZE}),
    tries=(
        Try("ended", "its blocks go back, but stay known"),
        Try("show", "the other way to look at them"),
    ),
)
