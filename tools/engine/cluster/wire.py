"""The HTTP client below `server`: bounded answers, no way to another host. Used by it alone.

What it refuses it raises as the `EngineError` that is told.
"""

import json
import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import openai
from httpx2 import AsyncByteStream, AsyncClient, Response

from tools.engine.cluster.refusals import sent_on
from tools.errors import Nonsense

MOST_BYTES = 8_000_000  # of one answer, or of one stream in all


def wire(host: str) -> AsyncClient:
    """Return an httpx client for one server, to be given to the openai client.

    httpx follows redirects, and takes the key off where they lead to another host; the prompt
    would go along. One to the same host, such as from http to https, is followed.

    Args:
        host: Who is asked, with a port where there is one.
    """

    async def bounded(response: Response) -> None:
        if response.has_redirect_location:
            where = urlsplit(str(response.request.url.join(response.headers["location"])))
            if where.hostname != urlsplit(str(response.request.url)).hostname:
                raise sent_on(host, response.status_code, where.netloc.rpartition("@")[2])
        if isinstance(response.stream, AsyncByteStream):
            kind = response.headers.get("content-type", "")
            response.stream = _Bounded(response.stream, host, "text/event-stream" in kind)

    headers = {"Accept-Encoding": "identity"}  # what is counted is what is read
    return openai.DefaultAsyncHttpxClient(event_hooks={"response": [bounded]}, headers=headers)


def without_password(url: str) -> str:
    """Return an address as it can be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


_EMPTY_LINE = re.compile(rb"\n\r?\n")


class _Bounded(AsyncByteStream):
    """The bytes of an answer, up to a bound: whatever answers may never come to an end.

    Events end with an empty line. Some servers leave out the last one, and who reads by the rule
    would drop the event before it; so it is put there, if that event is whole.
    """

    def __init__(self, stream: AsyncByteStream, host: str, is_events: bool) -> None:
        self._stream, self._host, self._is_events = stream, host, is_events

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read, tail = 0, bytearray()  # the tail: what came after the last empty line
        async for some in self._stream:
            read += len(some)
            if read > MOST_BYTES:
                most = f"{MOST_BYTES // 1_000_000} MB"
                raise Nonsense(f"The model server at {self._host} sent more than {most} at once.")
            if self._is_events:
                _keep_tail(tail, some)
            yield some
        if _is_event(bytes(tail.rstrip().rpartition(b"\n")[2])):
            yield b"\n\n"

    async def aclose(self) -> None:
        await self._stream.aclose()


def _keep_tail(tail: bytearray, some: bytes) -> None:
    """Put bytes behind a tail, and cut it behind its last empty line; only what is new is read."""
    seen = max(0, len(tail) - 2)
    tail += some
    end = max((found.end() for found in _EMPTY_LINE.finditer(tail, seen)), default=0)
    del tail[:end]


def _is_event(line: bytes) -> bool:
    """Tell whether a line without an end is an event, and not half of one."""
    said = line.removeprefix(b"data:").strip()
    try:
        return line.startswith(b"data:") and (said == b"[DONE]" or bool(json.loads(said)))
    except ValueError:
        return False
