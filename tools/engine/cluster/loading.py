"""A load put on a server: requests sent when they arrive, not when the one before is answered.

Used by `cluster` alone. A generator that waits for answers would send less the slower the server
gets, and would measure a calm that its users don't have.
"""

import asyncio
import time
from collections.abc import Sequence

from tools.engine.serving import (
    MOST_IN_FLIGHT,
    MOST_LOAD,
    MOST_LOAD_S,
    Arrival,
    LoadedAnswer,
    LoadRound,
    Serving,
)
from tools.errors import BadInput, EngineError, Unavailable

PATIENCE_S = 420.0  # for all rounds and their answers


async def put_under_load(
    server: Serving, rounds: Sequence[Sequence[Arrival]], most_in_flight: int = MOST_IN_FLIGHT
) -> tuple[LoadRound, ...]:
    """Send rounds one after the other; see `serving.Serving.under_load`."""
    _require_bounds(rounds)
    await server.ready()
    done: list[LoadRound] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            for arrivals in rounds:
                done.append(await _round(server, arrivals, most_in_flight))
    except TimeoutError:
        raise Unavailable(
            f"The load was not answered in {PATIENCE_S:.0f} s, and was given up. Choose lower "
            "rates, or fewer requests."
        ) from None
    _require_an_answer([one for each in done for one in each.answers])
    return tuple(done)


async def _round(server: Serving, arrivals: Sequence[Arrival], most_in_flight: int) -> LoadRound:
    before = await server.metrics()
    room, start_s = asyncio.Semaphore(most_in_flight), time.perf_counter()
    tasks = [asyncio.create_task(_sent(server, one, start_s, room)) for one in arrivals]
    try:
        answers = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    after = await server.metrics()
    counted = after.since(before) if before and after else None
    return LoadRound(tuple(answers), counted, most_in_flight)


async def _sent(
    server: Serving, arrival: Arrival, start_s: float, room: asyncio.Semaphore
) -> LoadedAnswer:
    """Send a request when it arrives, or as soon after as there is room."""
    arrived_s = start_s + arrival.at_s
    await asyncio.sleep(max(0.0, arrived_s - time.perf_counter()))
    is_held = room.locked()
    async with room:
        try:
            timed = await server.stream_timed(arrival.prompt, arrival.tokens)
        except EngineError as failure:
            return LoadedAnswer(arrived_s, None, str(failure), is_held)
    return LoadedAnswer(arrived_s, timed, is_held=is_held)


def _require_bounds(rounds: Sequence[Sequence[Arrival]]) -> None:
    count = sum(map(len, rounds))
    if not 1 <= count <= MOST_LOAD or not all(rounds):
        raise BadInput(f"A load has 1 to {MOST_LOAD} requests, not {count:,}.")
    lasts_s = sum(arrivals[-1].at_s for arrivals in rounds)
    if lasts_s > MOST_LOAD_S:
        raise BadInput(
            f"They would arrive for {lasts_s:.0f} s; {MOST_LOAD_S:.0f} is the limit. Choose higher "
            "rates, or fewer requests."
        )


def _require_an_answer(answers: Sequence[LoadedAnswer]) -> None:
    if not any(one.timed for one in answers):
        raise Unavailable(f"No request was answered. {answers[0].failure}")
