"""Being told to stop: SIGTERM and Ctrl-C, also where an event loop takes no signals (Windows)."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

TellSignal = Callable[[signal.Signals], object]


@contextmanager
def stop_on_signal(tell: TellSignal = lambda number: None) -> Iterator[asyncio.Event]:
    """Give what SIGTERM and SIGINT set, until left. Needs the main thread, and a running loop.

    Args:
        tell: Told which signal it was, on the loop.
    """
    stop = asyncio.Event()

    def ring(number: signal.Signals) -> None:
        tell(number)
        stop.set()

    with ExitStack() as until_left:
        for number in (signal.SIGTERM, signal.SIGINT):
            _listen(number, ring, until_left)
        yield stop


def _listen(number: signal.Signals, ring: TellSignal, until_left: ExitStack) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(number, ring, number)  # the loop lets go of it when it closes
    except NotImplementedError:
        former = signal.signal(number, lambda *_: loop.call_soon_threadsafe(ring, number))
        until_left.callback(signal.signal, number, former)
