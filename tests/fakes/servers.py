"""A real HTTP server on this machine that answers as it is told to, truly or not."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.listening import listening

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
WORDS = {7: " Ku", 8: " `", 9: " container", 10: "\ufffd", 11: "\ufffd"}
LOGPROBS = {7: -1.45, 8: -2.09, 9: -3.25, 10: -4.0, 11: -4.1}


@dataclass
class LyingServer:
    """What is said at each path, and what was asked."""

    base_url: str = ""
    paths: dict[str, Callable[[Any], web.StreamResponse]] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def says(self, path: str, content: Any, status: int = 200) -> None:
        """Let a path answer with JSON (NaN and all)."""
        text = json.dumps(content)
        self.says_text(path, text, status, "application/json")

    def says_text(self, path: str, text: str, status: int = 200, kind: str = "text/html") -> None:
        """Let a path answer with any text."""
        self.paths[path] = lambda body: web.Response(text=text, status=status, content_type=kind)

    def bodies(self, path: str) -> list[Any]:
        """What was sent to a path."""
        return [body for asked, body in self.asked if asked == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.path, body))
        found = self.paths.get(request.path)
        if found is None:
            return web.json_response({"detail": "Not Found"}, status=404)
        return found(body)


def completion(**changes: Any) -> dict[str, Any]:
    """What vLLM answers to one token asked for."""
    choice = {
        "index": 0,
        "text": " Ku",
        "finish_reason": "length",
        "prompt_token_ids": [1, 2, 3],
        "logprobs": {
            "tokens": ["token_id:7"],
            "token_logprobs": [-1.45],
            "top_logprobs": [{f"token_id:{n}": value for n, value in LOGPROBS.items()}],
        },
    }
    return {"id": "x", "object": "text_completion", "choices": [choice | changes]}


def honest(server: LyingServer) -> LyingServer:
    """Let every path answer as vLLM does."""
    server.says("/v1/completions", completion())
    server.says("/tokenize", {"tokens": [1, 2, 3], "token_strs": ["The", "Ġcat", "Ġsat"]})
    server.says("/v1/models", {"data": [{"id": "served"}]})

    def detokenize(body: Any) -> web.Response:
        return web.json_response({"prompt": WORDS.get(body["tokens"][0], "?")})

    server.paths["/detokenize"] = detokenize
    return server


@asynccontextmanager
async def serving(handler: Handler | None = None) -> AsyncIterator[LyingServer]:
    """Serve on a free port of 127.0.0.1 until left; by `handler` if there is one."""
    server = LyingServer()
    async with listening(web.route("*", "/{tail:.*}", handler or server.answer)) as address:
        server.base_url = f"{address}/v1"
        yield server
