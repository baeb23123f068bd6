"""The events of one streamed answer, and how long each is waited for. Used by `server` alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, Self, TypeVar

import openai
from openai._streaming import ServerSentEvent

from tools.engine.patience import OutOfPatience, Patience

_KEEPALIVES = frozenset({"ping", "keepalive", "keep-alive", "heartbeat"})
Waited = TypeVar("Waited")


class Bounds:
    """How long is waited: for the first token, between two, and in all."""

    def __init__(self, first_s: float, between_s: float, most_s: float) -> None:
        """Begin to count.

        Args:
            first_s: From the request to the first token, the server's queue included.
            between_s: From one event to the next after that.
            most_s: Of all the waiting.
        """
        self.has_begun = False  # a token has come
        self._first, self._all = Patience(first_s), Patience(most_s)
        self._between_s = between_s

    async def wait(self, piece: Awaitable[Waited]) -> Waited:
        """Wait for something of the answer.

        Raises:
            TimeoutError: it didn't come in time.
            OutOfPatience: there has been too much waiting in all.
        """
        return await self._all.spend_on(self._soon(piece))

    async def _soon(self, piece: Awaitable[Waited]) -> Waited:
        if self.has_begun:
            async with asyncio.timeout(self._between_s):
                return await piece
        try:
            return await self._first.spend_on(piece)
        except OutOfPatience:
            raise TimeoutError from None


class Watched(openai.AsyncStream[Any]):
    """The client's stream, which keeps to itself whether [DONE] came, and stumbles over pings.

    Attributes:
        whole: The answer, where a server gives no stream though one was asked for.
        is_done: The server said that this was all.
    """

    whole: str | None = None
    is_done = False

    async def _iter_events(self) -> AsyncIterator[ServerSentEvent]:
        if self.whole is not None:
            self.is_done = True
            yield ServerSentEvent(data=self.whole)
            return
        async for event in super()._iter_events():
            if event.data.lstrip().startswith("[DONE]"):
                self.is_done = True
                return
            if event.data.strip() and event.event not in _KEEPALIVES:
                yield event


class Events:
    """The events, each waited for within bounds; the failures told."""

    def __init__(
        self,
        events: Watched,
        bounds: Bounds,
        failures_told: Callable[..., AbstractContextManager[None]],
    ) -> None:
        """Take a stream that is open."""
        self._events, self._bounds = events, bounds
        self._failures_told = failures_told

    @property
    def is_done(self) -> bool:
        """Whether the server said that this was all."""
        return self._events.is_done

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        with self._failures_told(has_begun=self._bounds.has_begun):
            event = await self._bounds.wait(anext(self._events))
        self._bounds.has_begun = self._bounds.has_begun or _holds_a_token(event)
        return event


def _holds_a_token(event: Any) -> bool:
    """Tell whether an event holds more than the role, which some send before they compute."""
    choices = event.get("choices") if isinstance(event, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(first, dict):
        return False
    delta = first.get("delta")
    held = {**delta, "role": None} if isinstance(delta, dict) else {"text": first.get("text")}
    return any(held.values())
