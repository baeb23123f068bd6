"""Being told to stop: SIGTERM, Ctrl-C, a closed terminal; also where loops take none (Windows)."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

TellSignal = Callable[[signal.Signals], object]


@contextmanager
def stop_on_signal(tell: TellSignal = lambda number: None) -> Iterator[asyncio.Event]:
    """Give what SIGTERM, SIGINT and SIGHUP set, until left. Needs the main thread and a loop.

    A SIGHUP that whoever started it had ignored (nohup) stays ignored.

    Args:
        tell: Told which signal it was, on the loop.
    """
    stop = asyncio.Event()

    def ring(number: signal.Signals) -> None:
        tell(number)
        stop.set()

    with ExitStack() as until_left:
        for number in _stops():
            _listen(number, ring, until_left)
        yield stop


def _stops() -> list[signal.Signals]:
    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
    stops = [signal.SIGTERM, signal.SIGINT]
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        stops.append(hangup)
    return stops


def _listen(number: signal.Signals, ring: TellSignal, until_left: ExitStack) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(number, ring, number)  # the loop lets go of it when it closes
    except NotImplementedError:
        former = signal.signal(number, lambda *_: loop.call_soon_threadsafe(ring, number))
        until_left.callback(signal.signal, number, former)
