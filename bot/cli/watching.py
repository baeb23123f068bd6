"""A course's folder, watched: each save counts once, editor leftovers don't."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bot.cli.console import fail

_LOOKS_MS = 500  # how long a look lasts; a save ends it at once
_MISSING = "watchfiles is missing. Run: pip install 'hunch-tutor[workshop]'"


def saves(folder: Path) -> Iterator[None]:
    """Yield once it watches, and again after each save, until Ctrl-C."""
    try:
        from watchfiles import watch
    except ImportError:
        fail(_MISSING)
    looks = watch(folder, raise_interrupt=False, rust_timeout=_LOOKS_MS, yield_on_timeout=True)
    next(looks)  # from here on no save is missed
    yield
    yield from (None for changes in looks if changes)


async def saved(folder: Path) -> AsyncIterator[None]:
    """Yield once it watches, and again after each save, until it is cancelled."""
    try:
        from watchfiles import awatch
    except ImportError:
        fail(_MISSING)
    looks = awatch(folder, rust_timeout=_LOOKS_MS, yield_on_timeout=True)
    await anext(looks)
    yield
    async for changes in looks:
        if changes:
            yield
