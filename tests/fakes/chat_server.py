"""A real HTTP server on this machine that streams chat completions as it is scripted to."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.listening import listening

Script = Callable[[dict[str, Any]], "Turn"]


@dataclass(frozen=True)
class Turn:
    """What one completion says, and how it goes wrong."""

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()  # name, arguments as they are written
    status: int = 200
    reason: str = ""
    is_cut: bool = False  # ends without a word
    is_garbled: bool = False  # sends what is no chunk
    hangs: bool = False  # says its text, then nothing, until the client leaves
    piece: int = 7  # characters a chunk
    pace_s: float = 0.0  # between chunks, for those who time it
    chunks: tuple[Any, ...] = ()  # sent as they are, after the text: events, or bytes of the stream
    end: str | None = ""  # the reason given at the end; "" for the usual one
    is_done: bool = True  # [DONE] comes at the end


@dataclass
class ChatServer:
    """What it was asked, and what it says."""

    script: Script
    base_url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0  # streams that the client closed
    open: int = 0
    hanging: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def context(self) -> str:
        """Everything that the model was ever told."""
        return "\n".join(json.dumps(body, ensure_ascii=False) for body in self.bodies)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path != "/v1/chat/completions":
            return web.json_response({"detail": "Not Found"}, status=404)
        body = await request.json()
        self.bodies.append(body)
        turn = self.script(body)
        if turn.status != 200:
            return web.json_response({"error": {"message": turn.reason}}, status=turn.status)
        if not body.get("stream"):
            message = {"role": "assistant", "content": turn.text}
            return web.json_response({"choices": [{"message": message, "finish_reason": "stop"}]})
        self.open += 1
        try:
            return await self.stream(request, turn)
        except (asyncio.CancelledError, ConnectionError):
            self.left += 1
            raise
        finally:
            self.open -= 1

    async def stream(self, request: web.Request, turn: Turn) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        for first in range(0, len(turn.text), turn.piece):
            await say(answer, {"content": turn.text[first : first + turn.piece]})
            if turn.pace_s:
                await asyncio.sleep(turn.pace_s)
        for chunk in turn.chunks:
            await answer.write(chunk if isinstance(chunk, bytes) else sent(chunk))
        if turn.is_garbled:
            await answer.write(b'data: {"choices": [{"delta": 7}]}\n\n')
        if turn.hangs:
            self.hanging.set()
            await asyncio.Event().wait()
        for place, (name, arguments) in enumerate(turn.calls):
            head = {"index": place, "id": f"c{place}", "function": {"name": name, "arguments": ""}}
            await say(answer, {"tool_calls": [head]})
            for first in range(0, len(arguments), 50):
                part = {"index": place, "function": {"arguments": arguments[first : first + 50]}}
                await say(answer, {"tool_calls": [part]})
        if not turn.is_cut:
            usual = "tool_calls" if turn.calls else "stop"
            await say(answer, {}, usual if turn.end == "" else turn.end)
            await answer.write(b'data: {"choices": [], "usage": {"total_tokens": 42}}\n\n')
            await answer.write(b"data: [DONE]\n\n" if turn.is_done else b"")
        return answer


async def say(answer: web.StreamResponse, delta: dict[str, Any], end: str | None = None) -> None:
    """Send one chunk."""
    await answer.write(sent(delta_of(delta, end)))


def delta_of(delta: dict[str, Any] | None, end: str | None = None) -> dict[str, Any]:
    """Return an event with one delta."""
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": end}]}


def sent(event: Any) -> bytes:
    """Return an event as it goes over the wire."""
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def refusing(says: str, status: int, *parts: str, text: str = "ok") -> Script:
    """Refuse whatever has one of these parts, in these words; else say a text."""

    def script(body: dict[str, Any]) -> Turn:
        found = [part for part in parts if part in body]
        return Turn(status=status, reason=says.format(*found)) if found else Turn(text)

    return script


def in_turn(*turns: Turn) -> Script:
    """Say one after the other; the last again and again."""
    left = list(turns)

    def script(body: dict[str, Any]) -> Turn:
        return left.pop(0) if len(left) > 1 else left[0]

    return script


@asynccontextmanager
async def chat_server(script: Script) -> AsyncIterator[ChatServer]:
    """Serve on a free port of 127.0.0.1 until left; a client that leaves ends its handler."""
    server = ChatServer(script)
    everything = web.route("*", "/{tail:.*}", server.answer)
    async with listening(everything, ends_when_left=True) as address:
        server.base_url = f"{address}/v1"
        yield server
