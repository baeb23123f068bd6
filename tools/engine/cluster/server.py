"""A model server over HTTP: JSON in, JSON out, and every way of failing told apart.

Used by `cluster` alone. The openai client carries the connection pool, the key and the retry.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import openai
from httpx2 import Response

from tools.engine.cluster.events import Bounds, Events, Watched
from tools.engine.cluster.refusals import (
    GO_ON,
    broken_off,
    error_in,
    is_page,
    reason_in,
    refusal,
    web_page,
)
from tools.engine.cluster.wire import wire, without_password
from tools.engine.patience import OutOfPatience
from tools.errors import Nonsense, Unavailable

CONNECT_TIMEOUT_S = 5.0
STREAM_TIMEOUT_S = 180.0  # of waiting in a whole stream
BETWEEN_S = 30.0  # from one event to the next, once a token has come; never more than a call's


class Server:
    """One OpenAI-compatible server."""

    def __init__(
        self, base_url: str, api_key: str | None = None, *, timeout_s: float = 20.0
    ) -> None:
        """Remember the address; nothing is sent yet.

        Args:
            base_url: Up to and including /v1.
            api_key: Sent as a bearer token; without one, nothing from the environment is sent.
            timeout_s: For a whole call, its one retry included; in a stream, for the first token.
        """
        self.base_url = base_url.rstrip("/")
        self.root_url = self.base_url.removesuffix("/v1")
        self.shown_url = without_password(self.base_url)
        self.host = urlsplit(base_url).netloc.rpartition("@")[2] or base_url
        self._timeout_s, self._between_s = timeout_s, min(timeout_s, BETWEEN_S)
        self._client = openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=api_key or "EMPTY",
            organization="",
            project="",
            timeout=openai.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            max_retries=1,
            http_client=wire(self.host),
        )

    async def post(self, path: str, body: dict[str, Any], *, at_root: bool = False) -> Any:
        """Send JSON to a path below /v1, or below the server's root; return the JSON answer.

        Raises:
            Unavailable: no answer, or a refusal; see `refusals`.
            Nonsense: the answer is not JSON.
            TooLong: the prompt is too long for the model.
        """
        return await self._ask("POST", path, body, at_root=at_root)

    async def get(self, path: str, *, at_root: bool = False) -> Any:
        """Return the JSON at a path; raises as `post`."""
        return await self._ask("GET", path, None, at_root=at_root)

    async def get_text(self, path: str) -> str:
        """Return the text at a path below the server's root; raises as `post`."""
        with self._failures_told(optional=path):
            async with asyncio.timeout(self._timeout_s):
                return await self._client.get(f"{self.root_url}/{path}", cast_to=str)

    @asynccontextmanager
    async def stream(self, path: str, body: dict[str, Any]) -> AsyncIterator[Events]:
        """Send JSON to a path below /v1; give the events of the answer as they come.

        The server is told to stop, by closing the connection, when the context is left.

        Raises:
            Unavailable, Nonsense, BadInput: as `post`, when it is entered or an event is awaited;
                no token for as long as a call may take, a longer gap than `BETWEEN_S` after it,
                and too much waiting in all, are Unavailable.
                What the caller raises in the context is left as it is.
        """
        bounds = Bounds(self._timeout_s, self._between_s, STREAM_TIMEOUT_S)
        with self._failures_told():
            events = await bounds.wait(
                self._client.post(
                    f"{self.base_url}/{path}",
                    cast_to=object,
                    body=body | {"stream": True},
                    options={"max_retries": 0},  # a second try would be timed from the first
                    stream=True,
                    stream_cls=Watched,
                )
            )
            events.whole = await bounds.wait(self._whole(events.response))
        async with events:
            yield Events(events, bounds, self._failures_told)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, *, at_root: bool
    ) -> Any:
        url = f"{self.root_url if at_root else self.base_url}/{path}"
        optional = path if at_root else None
        with self._failures_told(optional=optional):
            async with asyncio.timeout(self._timeout_s):
                if method == "GET":
                    answer = await self._client.get(url, cast_to=object)
                else:
                    answer = await self._client.post(url, cast_to=object, body=body)
            if isinstance(answer, str) and is_page(answer):
                raise web_page(self.host, optional=optional)
            read = json.loads(answer) if isinstance(answer, str) else answer
        if wrong := error_in(read):
            raise refusal(self.host, *wrong, optional=optional)
        return read

    async def _whole(self, response: Response) -> str | None:
        """Return an answer that is no stream, though one was asked for; raise what it says."""
        kind = response.headers.get("content-type", "")
        if not kind.startswith(("application/json", "text/html")):
            return None
        text = (await response.aread()).decode(errors="replace")
        if is_page(text):
            raise web_page(self.host)
        if text.lstrip().startswith(("data:", "event:", ":")):
            return None
        if wrong := error_in(json.loads(text)):
            raise refusal(self.host, *wrong)
        return text

    @contextmanager
    def _failures_told(
        self, *, has_begun: bool = False, optional: str | None = None
    ) -> Iterator[None]:
        """Turn what the client raises into what a person can be told: around its calls alone.

        Args:
            has_begun: Part of the answer has come already.
            optional: The path that is asked, if not all servers have it.
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
            body, status = refused.body, refused.status_code
            if isinstance(body, str) and is_page(body) and status < 500 and status != 429:
                raise web_page(self.host, status=status, optional=optional) from refused
            raise refusal(self.host, status, reason_in(body), optional=optional) from refused
        except (openai.OpenAIError, ValueError, RecursionError) as garbled:
            if type(garbled) is openai.APIError:  # an error in the midst of a stream
                raise broken_off(self.host, garbled.body) from garbled
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
            waited = f"{self._between_s:g} s"
            return f"The model server at {self.host} fell silent for {waited}. {GO_ON}"
        return f"The model server at {self.host} gave no answer in {waited}. {GO_ON}"
