"""As much of Discord as a bot needs to log in, sync its commands, be clicked and answer.

Not a simulation: it writes down what it is told, and says what Discord would say next. The real
discord.py talks to it over a real socket; `launch.py` points it here.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.listening import listening
from tests.run import payloads
from tests.run.discord_faults import Fault, met, refusal

PATIENCE_S = 60.0
HEARTBEAT_MS = 41_250


@dataclass(slots=True)
class Request:
    """One request as it came in: `at` is `time.perf_counter()`, `status` the answer's, if any."""

    method: str
    path: str
    body: Any
    at: float
    status: int = 0


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class DiscordStub:
    """The stand-in, while it is served.

    Attributes:
        url: Of the REST interface, to be `discord.http.Route.BASE`.
        is_token_refused: Answer 401 to everything.
        close_code: Close each connection with this code when it identifies; None: don't.
        holds_login: Never answer the first request.
        requests: All that came in, in order.
        identified: The payload of each IDENTIFY.
        ready_at: When the last READY was sent.
        closed_with: The code of each connection that the bot closed.
        resumed: The payload of each RESUME.
        faults: What goes wrong, the first that fits first.
        garbles: The number of an event that never comes whole.
        edits: While it isn't set, no edit of an answer is answered.
    """

    url: str = ""
    is_token_refused: bool = False
    close_code: int | None = None
    holds_login: bool = False
    requests: list[Request] = field(default_factory=list)
    identified: list[dict[str, Any]] = field(default_factory=list)
    ready_at: float = 0.0
    closed_with: list[int | None] = field(default_factory=list)
    resumed: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    garbles: int = 0
    edits: asyncio.Event = field(default_factory=_set)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _sent: list[dict[str, Any]] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _next_id: int = 9_000

    @property
    def gateway(self) -> str:
        """Where the WebSocket is."""
        return self.url.replace("http://", "ws://").replace("/api/v10", "/gateway")

    async def request(self, method: str, path: str, nth: int = 1) -> Request:
        """Wait for the nth request of a method to a path (a regular expression), and return it."""
        await self.until(lambda: len(self.asked(method, path)) >= nth)
        return self.asked(method, path)[nth - 1]

    async def done(self, method: str, path: str, nth: int = 1) -> Request:
        """Wait for the nth request that was answered well, and return it."""

        def found() -> list[Request]:
            return [r for r in self.asked(method, path) if 200 <= r.status < 300]

        await self.until(lambda: len(found()) >= nth)
        return found()[nth - 1]

    def asked(self, method: str, path: str) -> list[Request]:
        """Return the requests of a method to a path (a regular expression) so far."""
        return [r for r in self.requests if r.method == method and re.fullmatch(path, r.path)]

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so; looked at whenever anything has come in."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(is_so)

    async def interact(self, payload: dict[str, Any]) -> str:
        """Let a learner do something; return the path that its answers go to."""
        self._next_id += 1
        number, token = str(self._next_id), f"token-{self._next_id}"
        data = payload | {"id": number, "token": token, "application_id": payloads.BOT_ID}
        await self.dispatch("INTERACTION_CREATE", data)
        return f"/interactions/{number}/{token}/callback"

    async def answer_to(self, callback: str) -> Request:
        """Wait for the card that follows an interaction's acknowledgement."""
        token = callback.split("/")[3]
        return await self.request(
            "PATCH", f"/webhooks/{payloads.BOT_ID}/{token}/messages/@original"
        )

    @property
    def sequence(self) -> int:
        """The number of the last event."""
        return len(self._sent)

    async def dispatch(self, event: str, data: Any, *, garbled: bool = False) -> None:
        """Send an event over the newest connection; it is kept for who resumes."""
        self._sent.append({"op": 0, "t": event, "s": self.sequence + 1, "d": data})
        text = self._text(self._sent[-1])
        await self.frame(text[:-9] if garbled else text)

    def _text(self, event: dict[str, Any]) -> str:
        whole = json.dumps(event)
        return whole[:-9] if event["s"] == self.garbles else whole

    async def frame(self, text: str) -> None:
        """Send whatever this is, once."""
        await self._sockets[-1].send_str(text)

    async def cut(self, code: int) -> None:
        """Close the newest connection with a code."""
        await self._sockets[-1].close(code=code)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        noted = Request(request.method, path, await _body_of(request), _now())
        await self._note(lambda: self.requests.append(noted))
        if self.holds_login:
            await asyncio.Event().wait()
        if noted.method == "PATCH":
            await self.edits.wait()
        answer = self._answer_of(noted, request)
        if answer is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        await self._note(lambda: setattr(noted, "status", answer.status))
        return answer

    def _answer_of(self, noted: Request, request: web.Request) -> web.Response | None:
        """Do what is asked for, unless it is to fail; None: answer nothing."""
        if self.is_token_refused:
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        fault = met(self.faults, noted.method, noted.path)
        if fault and not fault.is_done:
            return _json(fault.body, fault.status) if fault.status else None
        if noted.path.endswith("/callback"):
            if noted.path in self._taken:
                return _json(refusal(40060), status=400)
            self._taken.add(noted.path)
        if fault:
            return _json(fault.body, fault.status) if fault.status else None
        return _answer(noted.method, noted.path, noted.body, request.query)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": HEARTBEAT_MS}})
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._hear(socket, json.loads(frame.data))
        self._sockets.remove(socket)
        await self._note(lambda: self.closed_with.append(socket.close_code))
        return socket

    async def _hear(self, socket: web.WebSocketResponse, told: dict[str, Any]) -> None:
        match told["op"]:
            case 1:
                await socket.send_json({"op": 11, "d": None})
            case 2 if self.close_code:
                await socket.close(code=self.close_code)
            case 2:
                self.ready_at = time.perf_counter()
                await self.dispatch("READY", payloads.ready(told["d"]["shard"], self.gateway))
                await self._note(lambda: self.identified.append(told["d"]))
            case 6:
                for missed in self._sent[told["d"]["seq"] :]:
                    await socket.send_str(self._text(missed))
                await self.dispatch("RESUMED", {})
                await self._note(lambda: self.resumed.append(told["d"]))

    async def _note(self, write: Callable[[], None]) -> None:
        async with self._news:
            write()
            self._news.notify_all()


@asynccontextmanager
async def serving(stub: DiscordStub) -> AsyncIterator[DiscordStub]:
    """Serve the stand-in on a free port of this machine."""
    gateway = web.get("/gateway", stub._gateway)
    rest = web.route("*", "/api/v10/{rest:.*}", stub._rest)
    async with listening(gateway, rest) as address:
        stub.url = f"{address}/api/v10"
        try:
            yield stub
        finally:
            for socket in tuple(stub._sockets):
                await socket.close()


def _answer(method: str, path: str, body: Any, query: Any) -> web.Response:
    match method, path.split("/")[1:]:
        case "GET", ["users", "@me"]:
            return _json(payloads.BOT)
        case "GET", ["users", number]:
            return _json(payloads.LEARNER | {"id": number})
        case "POST", ["users", "@me", "channels"]:
            return _json(payloads.inbox(body["recipient_id"]))
        case "GET", ["channels", number]:
            return _json(payloads.CHANNEL | {"id": number})
        case "GET", ["oauth2", "applications", "@me"]:
            return _json(payloads.APPLICATION)
        case "PUT", ["applications", _, "commands"]:
            return _json([payloads.synced(c, n) for n, c in enumerate(body)])
        case "POST", ["interactions", number, _, "callback"] if query.get("with_response"):
            return _json(payloads.callback_response(number, body["type"]))
        case "POST", ["interactions", _, _, "callback"]:
            return web.Response(status=204)
        case "PATCH", ["webhooks", _, _, "messages", _]:
            return _json(payloads.message(body))
        case "POST", ["webhooks", _, _]:
            return _json(payloads.message(body) | {"id": "6002"})
        case "POST", ["channels", number, "messages"]:
            return _json(payloads.message(body) | {"channel_id": number})
    return _json({"message": "404: Not Found", "code": 0}, status=404)


def _json(body: Any, status: int = 200) -> web.Response:
    text = json.dumps(body).encode()  # no charset: discord.py compares the whole header
    return web.Response(body=text, status=status, content_type="application/json")


async def _body_of(request: web.Request) -> Any:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        return json.loads(str(form["payload_json"]))
    text = await request.text()
    return json.loads(text) if text else None


def _now() -> float:
    return time.perf_counter()
