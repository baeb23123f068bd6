"""A stream of tokens from a server, each of them timed. Used by `cluster` alone."""

import time

from tools.engine.cluster import answers
from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.served_model import ServedModel
from tools.engine.cluster.stopwatch import Stopwatch
from tools.engine.serving import Timed
from tools.errors import BadInput, Unavailable

MAX_STREAMED = 256


async def streamed(asked: ServedModel, prompt: str, tokens: int) -> Timed:
    """Generate exactly so many tokens and time each; see `serving.Serving`.

    Raises:
        BadInput: no such number of tokens.
        EngineError: the server doesn't answer.
    """
    if not 1 <= tokens <= MAX_STREAMED:
        raise BadInput(f"Ask for 1 to {MAX_STREAMED} tokens, not {tokens}.")
    body = asked.timed_body(await asked.harmless(prompt), tokens)
    watch = Stopwatch(time.perf_counter(), tokens)
    try:
        async with asked.stream(body) as events:
            async for event in events:
                watch.saw(answers.read_chunk(event), time.perf_counter())
    except NoSuchPath as missing:
        raise Unavailable(await asked.what_is_served()) from missing
    return watch.timed()
