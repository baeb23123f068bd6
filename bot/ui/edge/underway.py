"""Presses and commands that are being worked on: no more than fit, and none cut off at a stop."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, cast

import discord

from bot.domain.errors import NotNow

MOST = 400  # at once; each holds about a hundred kilobytes
MOST_EACH = 8  # of one person
DRAIN_S, LAST_WORDS_S = 5.0, 1.0  # to finish at a stop, and then to tell who wasn't served

_FULL = "Very many are pressing right now. Nothing was taken: press again in a moment."
_HASTY = "I'm still busy with your last presses. Nothing was taken: press again in a moment."
_STOPPING = "I'm being restarted. Nothing was taken: press again in a moment."
_CUT_OFF = (
    "I was restarted in the middle of this. What you had locked in is kept: press again, or ask"
    " for it once more."
)


class Underway:
    """What is being worked on."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._of_each: Counter[int] = Counter()
        self._is_stopping = False

    def __len__(self) -> int:
        return len(self._tasks)

    @asynccontextmanager
    async def one(self, person_id: int) -> AsyncIterator[None]:
        """Work on one thing inside.

        Raises:
            NotNow: nothing new is taken; or it was cut off at a stop.
        """
        self._refuse(person_id)
        task = asyncio.current_task()
        assert task is not None  # whoever awaits is one
        self._tasks.add(task)
        self._of_each[person_id] += 1
        try:
            yield
        except asyncio.CancelledError:
            if self._is_stopping and task.uncancel() == 0:
                raise NotNow(_CUT_OFF) from None
            raise
        finally:
            self._leave(task, person_id)

    async def drain(self) -> None:
        """Take nothing new, let the rest finish; cut off what takes too long, and say so."""
        self._is_stopping = True
        others = self._tasks - {asyncio.current_task()}
        if not others:
            return
        _, late = await asyncio.wait(others, timeout=DRAIN_S)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=LAST_WORDS_S)

    def _refuse(self, person_id: int) -> None:
        if self._is_stopping:
            raise NotNow(_STOPPING)
        if len(self._tasks) >= MOST:
            raise NotNow(_FULL)
        if self._of_each[person_id] >= MOST_EACH:
            raise NotNow(_HASTY)

    def _leave(self, task: asyncio.Task[Any], person_id: int) -> None:
        self._tasks.discard(task)
        self._of_each[person_id] -= 1
        if not self._of_each[person_id]:
            del self._of_each[person_id]


class _HasUnderway(Protocol):
    """A client that knows what it is working on."""

    underway: Underway


def working_on(interaction: discord.Interaction[Any]) -> AbstractAsyncContextManager[None]:
    """Work on what was pressed or typed inside; see `Underway.one`."""
    underway = cast(_HasUnderway, interaction.client).underway
    return underway.one(interaction.user.id)
