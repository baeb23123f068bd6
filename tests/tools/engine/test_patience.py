"""Waiting that is bound piece by piece, and never bounds who holds a piece."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.hand_clock import HandClock
from tools.engine.patience import OutOfPatience, Patience


async def never() -> None:
    await asyncio.Event().wait()


async def test_what_is_done_between_two_waits_costs_nothing() -> None:
    clock, patience = HandClock(), Patience(60)
    for _ in range(3):
        assert await patience.spend_on(asyncio.sleep(0, "piece")) == "piece"
        await clock.passes(100)


async def test_many_short_waits_use_up_the_budget_of_all() -> None:
    clock, patience = HandClock(), Patience(60)
    for _ in range(2):
        await patience.spend_on(clock.passes(25))
    with pytest.raises(OutOfPatience):
        await patience.spend_on(clock.passes(25))


async def test_a_piece_that_never_comes_is_given_up_and_told_so() -> None:
    clock, patience = HandClock(), Patience(60)
    told: list[str] = []

    async def hangs() -> None:
        try:
            await clock.passes(61)
            await never()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    with pytest.raises(OutOfPatience):
        await patience.spend_on(hangs())
    assert told == ["cancelled"]


async def test_a_piece_that_is_there_is_taken_though_nothing_is_left() -> None:
    clock, patience = HandClock(), Patience(60)
    await patience.spend_on(clock.passes(59.9))

    async def there() -> str:
        return "piece"

    with pytest.raises(OutOfPatience):
        await patience.spend_on(clock.passes(1))
    assert await patience.spend_on(there()) == "piece"


async def test_a_piece_s_own_timeout_stays_its_own() -> None:
    async def fails() -> None:
        raise TimeoutError("another clock")

    with pytest.raises(TimeoutError, match="another clock"):
        await Patience(60).spend_on(fails())


async def test_who_is_cancelled_while_waiting_is_cancelled() -> None:
    waiting = asyncio.create_task(Patience(60).spend_on(never()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_stream_s_end_is_no_timeout() -> None:
    async def one() -> AsyncIterator[str]:
        yield "piece"

    patience, pieces = Patience(60), one()
    assert await patience.spend_on(anext(pieces, None)) == "piece"
    assert await patience.spend_on(anext(pieces, None)) is None
