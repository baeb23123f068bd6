"""So many seconds of waiting, spent a piece at a time.

A bound around a stream's whole consumer would cancel whoever holds the piece that came last: what
they do with it takes as long as it takes. So each wait is bound by itself, by what is left.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

Piece = TypeVar("Piece")


class OutOfPatience(Exception):
    """All the waiting that was allowed has been done."""


class Patience:
    """What is left of a budget of waiting."""

    def __init__(self, most_s: float) -> None:
        """Begin with `most_s` seconds; what is done between two waits costs nothing."""
        self.most_s = self._left_s = most_s

    async def spend_on(self, piece: Awaitable[Piece]) -> Piece:
        """Wait for a piece, no longer than what is left.

        Raises:
            OutOfPatience: it didn't come; the wait for it was cancelled.
        """
        clock = asyncio.get_running_loop()
        began = clock.time()
        try:
            async with asyncio.timeout(self._left_s) as bound:
                return await piece
        except TimeoutError:
            if not bound.expired():
                raise  # the piece's own
            raise OutOfPatience from None
        finally:
            self._left_s = max(0.0, self._left_s - (clock.time() - began))
