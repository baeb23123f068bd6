"""A model server over HTTP: JSON in, JSON out, and every way of failing told apart.

Used by `cluster` alone. The openai client carries the connection pool, the key and the retry.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import openai

from tools.engine.patience import OutOfPatience, Patience
from tools.errors import BadInput, EngineError, Nonsense, Unavailable
from tools.exhibit.visible import visible_prompt

CONNECT_TIMEOUT_S = 5.0
STREAM_TIMEOUT_S = 180.0  # of waiting in a whole stream; each gap is bound like a call
GO_ON = "Try again in a moment."


class NoSuchPath(Unavailable):
    """The server answers, but not at this address (404 or 405)."""


class Refused(Unavailable):
    """The server answers, and won't do what it was asked."""


class Server:
    """One OpenAI-compatible server."""

    def __init__(
        self, base_url: str, api_key: str | None = None, *, timeout_s: float = 20.0
    ) -> None:
        """Remember the address; nothing is sent yet.

        Args:
            base_url: Up to and including /v1.
            api_key: Sent as a bearer token; without one, nothing from the environment is sent.
            timeout_s: For a whole call, its one retry included.
        """
        self.base_url = base_url.rstrip("/")
        self.root_url = self.base_url.removesuffix("/v1")
        self.shown_url = _without_password(self.base_url)
        self.host = urlsplit(base_url).netloc.rpartition("@")[2] or base_url
        self._timeout_s = timeout_s
        self._client = openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=api_key or "EMPTY",
            organization="",
            project="",
            timeout=openai.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            max_retries=1,
        )

    async def post(self, path: str, body: dict[str, Any], *, at_root: bool = False) -> Any:
        """Send JSON to a path below /v1, or below the server's root; return the JSON answer.

        Raises:
            Unavailable: no answer, or a refusal; `NoSuchPath` for a missing one.
            Nonsense: the answer is not JSON.
            BadInput: the prompt is too long for the model.
        """
        return await self._ask("POST", path, body, at_root=at_root)

    async def get(self, path: str, *, at_root: bool = False) -> Any:
        """Return the JSON at a path; raises as `post`."""
        return await self._ask("GET", path, None, at_root=at_root)

    async def get_text(self, path: str) -> str:
        """Return the text at a path below the server's root; raises as `post`."""
        with self._failures_told():
            async with asyncio.timeout(self._timeout_s):
                return await self._client.get(f"{self.root_url}/{path}", cast_to=str)

    @asynccontextmanager
    async def stream(self, path: str, body: dict[str, Any]) -> AsyncIterator[AsyncIterator[Any]]:
        """Send JSON to a path below /v1; give the events of the answer as they come.

        The server is told to stop, by closing the connection, when the context is left.

        Raises:
            Unavailable, Nonsense, BadInput: as `post`, when it is entered or an event is awaited;
                a gap of longer than a call may take, and too much waiting in all, are Unavailable.
                What the caller raises in the context is left as it is.
        """
        patience = Patience(STREAM_TIMEOUT_S)
        with self._failures_told():
            events = await patience.spend_on(
                self._client.post(
                    f"{self.base_url}/{path}",
                    cast_to=object,
                    body=body | {"stream": True},
                    options={"max_retries": 0},  # a second try would be timed from the first
                    stream=True,
                    stream_cls=openai.AsyncStream[Any],
                )
            )
        async with events:
            yield _Told(events, patience, self._failures_told)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, *, at_root: bool
    ) -> Any:
        url = f"{self.root_url if at_root else self.base_url}/{path}"
        with self._failures_told():
            async with asyncio.timeout(self._timeout_s):
                if method == "GET":
                    answer = await self._client.get(url, cast_to=object)
                else:
                    answer = await self._client.post(url, cast_to=object, body=body)
            return json.loads(answer) if isinstance(answer, str) else answer

    @contextmanager
    def _failures_told(self, *, has_begun: bool = False) -> Iterator[None]:
        """Turn what the client raises into what a person can be told: around its calls alone.

        Args:
            has_begun: Part of the answer has come already.
        """
        try:
            yield
        except (TimeoutError, openai.APITimeoutError, OutOfPatience) as late:
            raise Unavailable(self._lateness(late, has_begun=has_begun)) from late
        except openai.APIConnectionError as down:
            raise Unavailable(
                f"The model server at {self.host} can't be reached. {GO_ON}"
            ) from down
        except openai.APIStatusError as refused:
            raise self._refusal(refused) from refused
        except (openai.OpenAIError, ValueError, RecursionError) as garbled:
            if type(garbled) is openai.APIError:  # an error in the midst of a stream
                text = f"The model server at {self.host} broke off its answer. {GO_ON}"
                raise Unavailable(text) from garbled
            raise Nonsense(
                f"The model server at {self.host} sent something that isn't JSON. {GO_ON}"
            ) from garbled

    def _lateness(self, late: Exception, *, has_begun: bool) -> str:
        """Return which of the bounds was hit, in words."""
        waited = f"{self._timeout_s:g} s"
        if isinstance(late, OutOfPatience):
            ended = f"had not come to its end after {STREAM_TIMEOUT_S:g} s of waiting"
            return f"The answer of the model server at {self.host} {ended}. {GO_ON}"
        if type(late.__cause__).__name__ == "ConnectTimeout":  # of whichever httpx openai stands on
            waited = f"{min(CONNECT_TIMEOUT_S, self._timeout_s):g} s"
            return f"The model server at {self.host} can't be reached in {waited}. {GO_ON}"
        if has_begun:
            return f"The model server at {self.host} fell silent for {waited}. {GO_ON}"
        return f"The model server at {self.host} gave no answer in {waited}. {GO_ON}"

    def _refusal(self, refused: openai.APIStatusError) -> EngineError | BadInput:
        """Return what a status code of 400 or above means for the person who asked."""
        status, reason = refused.status_code, _reason(refused.body)
        match status:
            case 404 | 405:
                return NoSuchPath(reason or f"The model server at {self.host} has no such address.")
            case 401 | 403:
                text = f"The model server at {self.host} refused the key ({status}). "
                return Unavailable(f"{text}Check HUNCH_MODEL_KEY.")
            case 429:
                return Unavailable(f"The model server at {self.host} is busy (429). {GO_ON}")
            case 400 | 413 | 422 if _is_about_length(reason):
                return BadInput(f"The prompt is too long for the model. The server says: {reason}")
            case _ if status >= 500:
                return Unavailable(f"The model server at {self.host} failed ({status}). {GO_ON}")
            case _:
                said = f": {reason}" if reason else ""
                text = (
                    f"The model server at {self.host} refused the request ({status}){said}. {GO_ON}"
                )
                return Refused(text)


class _Told:
    """The events of one answer, each waited for within bounds; the failures told."""

    def __init__(
        self,
        events: openai.AsyncStream[Any],
        patience: Patience,
        failures_told: Callable[..., AbstractContextManager[None]],
    ) -> None:
        self._events, self._patience = events, patience
        self._failures_told = failures_told
        self._has_begun = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        with self._failures_told(has_begun=self._has_begun):
            event = await self._patience.spend_on(anext(self._events))
        self._has_begun = True
        return event


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _reason(body: object) -> str:
    """Return the message in an error body, made visible and cut to one line; may be empty."""
    found = body
    for key in ("error", "message"):
        if isinstance(found, dict) and key in found:
            found = found[key]
    if not isinstance(found, str) or "<html" in found.lower():
        return ""
    line = visible_prompt(" ".join(found.split())).rstrip(".")
    return line if len(line) <= 200 else f"{line[:199]}…"


def _is_about_length(reason: str) -> bool:
    said = reason.lower()
    return any(sign in said for sign in ("context length", "too long", "max_model_len", "maximum"))
