"""Letting go of several things: each is closed, whatever becomes of the others."""

from collections.abc import Awaitable, Callable, Sequence

import structlog

log = structlog.get_logger()

Close = Callable[[], Awaitable[None] | None]


async def close_all(**closers: Close) -> None:
    """Close each in turn, and log what can't be, by its name here.

    Raises:
        BaseException: as `raise_all`, after all were tried; a cancellation waits until then too.
    """
    failures = []
    for name, close in closers.items():
        try:
            if (closing := close()) is not None:
                await closing
        except BaseException as failure:  # noqa: BLE001 - raised again, after the others
            report(name, failure)
            failures.append(failure)
    raise_all(failures)


def report(name: str, failure: BaseException) -> None:
    """Log once that something could not be closed; note on the failure what it was."""
    is_new = not getattr(failure, "__notes__", ())
    failure.add_note(f"while closing: {name}")
    if is_new and isinstance(failure, Exception):
        log.error("could not be closed", what=name, exc_info=failure)


def raise_all(failures: Sequence[BaseException]) -> None:
    """Raise what went wrong, if anything did.

    Raises:
        BaseException: the first that is no Exception, such as a cancellation; else the only one;
            else an ExceptionGroup of all.
    """
    for failure in failures:
        if not isinstance(failure, Exception):
            raise failure
    several = [one for one in failures if isinstance(one, Exception)]
    if len(several) > 1:
        group = ExceptionGroup("several things could not be closed", several)
        group.add_note("each is in the log")
        raise group
    if several:
        raise several[0]
