"""SIGTERM and Ctrl-C, with an event loop that takes signals and with one that doesn't."""

import asyncio
import signal
from collections.abc import Callable, Iterator

import pytest

from bot.signals import stop_on_signal

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
INTERACTIVE = (signal.SIG_DFL, signal.default_int_handler, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _started_interactively() -> Iterator[None]:
    """Handle signals as a start from a terminal does; one in the background ignores Ctrl-C."""
    inherited = [signal.signal(*one) for one in zip(STOPS, INTERACTIVE, strict=True)]
    yield
    for number, handler in zip(STOPS, inherited, strict=True):
        signal.signal(number, handler)


class LikeWindows(asyncio.SelectorEventLoop):
    """A loop that takes no signal handlers, as those of Windows."""

    def add_signal_handler(self, *_: object) -> None:
        raise NotImplementedError


async def stopped_by(number: signal.Signals) -> tuple[bool, list[str]]:
    told: list[str] = []
    with stop_on_signal(lambda number: told.append(number.name)) as stop:
        was_set = stop.is_set()
        signal.raise_signal(number)
        async with asyncio.timeout(10):
            await stop.wait()
    return was_set, told


@pytest.mark.parametrize("number", STOPS)
@pytest.mark.parametrize("make_loop", [asyncio.SelectorEventLoop, LikeWindows])
def test_a_signal_stops_it_on_any_loop(
    make_loop: Callable[[], asyncio.AbstractEventLoop], number: signal.Signals
) -> None:
    before = [signal.getsignal(one) for one in STOPS]
    with asyncio.Runner(loop_factory=make_loop) as runner:
        assert runner.run(stopped_by(number)) == (False, [number.name])
    assert [signal.getsignal(one) for one in STOPS] == before


def test_a_hangup_that_was_ignored_from_the_start_stays_so() -> None:
    async def is_ignored() -> bool:
        with stop_on_signal():
            return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert asyncio.run(is_ignored())


def test_where_a_loop_takes_no_signals_the_former_handlers_come_back_when_it_is_left() -> None:
    async def left() -> list[object]:
        inside = [signal.getsignal(one) for one in STOPS]
        with stop_on_signal():
            assert [signal.getsignal(one) for one in STOPS] != inside
        return [inside, [signal.getsignal(one) for one in STOPS]]

    with asyncio.Runner(loop_factory=LikeWindows) as runner:
        inside, after = runner.run(left())
    assert after == inside
