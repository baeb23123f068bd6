"""A real HTTP server on this machine that answers as it is told to, truly or not."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.listening import listening
from tools.engine.byte_signs import alphabet

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PIECES = {  # a vocabulary in which every text can be spelt: words, and each byte
    **dict(enumerate((b"The", b" cat", b" sat", b" on", b" it", b" the", b" Ku", b" `"), start=1)),
    9: b" container",
    10: b"\xe7",
    11: b"\xe6",
    **dict(enumerate((b"<|im_start|>", b"<|im_end|>", b"user", b"{}", b"A:"), start=90)),
    **{100 + byte: bytes([byte]) for byte in range(256) if byte not in (0xE6, 0xE7)},
}
WORDS = {number: raw.decode(errors="replace") for number, raw in PIECES.items()}
LOGPROBS = {7: -1.45, 8: -2.09, 9: -3.25, 10: -4.0, 11: -4.1}
_IDS = {raw: number for number, raw in PIECES.items()}
_LONGEST = max(map(len, _IDS))
_SIGNS = {byte: sign for sign, byte in alphabet().items()}


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


def cut(text: str) -> list[int]:
    """Cut a text into that vocabulary's ids, the longest piece first."""
    raw, ids = text.encode(), []
    while raw:
        size = next(n for n in range(_LONGEST, 0, -1) if raw[:n] in _IDS)
        ids.append(_IDS[raw[:size]])
        raw = raw[size:]
    return ids


def honest(server: LyingServer) -> LyingServer:
    """Let every path answer as vLLM does, on that vocabulary."""
    server.paths["/v1/completions"] = lambda body: web.json_response(_completed(body))
    server.paths["/tokenize"] = lambda body: web.json_response(_tokenized(body))
    server.says("/v1/models", {"data": [{"id": "served"}]})

    def detokenize(body: Any) -> web.Response:
        raw = b"".join(PIECES.get(number, b"?") for number in body["tokens"])
        return web.json_response({"prompt": raw.decode(errors="replace")})

    server.paths["/detokenize"] = detokenize
    return server


def _completed(body: Any) -> dict[str, Any]:
    sent = body["prompt"]
    ids = sent if isinstance(sent, list) else cut(sent)
    by_text = {WORDS[number]: value for number, value in reversed(LOGPROBS.items())}
    logprobs = completion()["choices"][0]["logprobs"]
    if not body.get("return_tokens_as_token_ids"):
        logprobs = {"tokens": [" Ku"], "token_logprobs": [-1.45], "top_logprobs": [by_text]}
    return completion(prompt_token_ids=ids, logprobs=logprobs)


def _tokenized(body: Any) -> dict[str, Any]:
    return told(cut(body["prompt"]))


def told(ids: list[int]) -> dict[str, Any]:
    """Return what /tokenize says of those ids."""
    spelt = ["".join(_SIGNS[byte] for byte in PIECES[number]) for number in ids]
    return {"tokens": ids, "count": len(ids), "token_strs": spelt}


@asynccontextmanager
async def serving(handler: Handler | None = None) -> AsyncIterator[LyingServer]:
    """Serve on a free port of 127.0.0.1 until left; by `handler` if there is one."""
    server = LyingServer()
    async with listening(web.route("*", "/{tail:.*}", handler or server.answer)) as address:
        server.base_url = f"{address}/v1"
        yield server
