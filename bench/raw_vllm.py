"""A real vLLM, asked without anything of Hunch between."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.serve_vllm import MODEL, running

TIMEOUT_S = 120.0
_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=2)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Give the address of a server: one started here, or that which HUNCH_TEST_CLUSTER names."""
    if there := os.environ.get("HUNCH_TEST_CLUSTER"):
        yield there
        return
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    with (
        tempfile.TemporaryDirectory() as log,
        running(folder, port, log=Path(log) / "vllm.log", tell=lambda text: None) as cluster,
    ):
        yield cluster.url


class RawVllm:
    """A client that asks for completions, and does nothing else."""

    def __init__(self, url: str) -> None:
        """Connect when first asked."""
        self._client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, limits=_LIMITS)

    async def __aenter__(self) -> "RawVllm":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def __call__(self, text: str, tokens: int = 1) -> Any:
        """Let the server append so many tokens, each with the eight likeliest."""
        body = {
            "model": MODEL,
            "prompt": text,
            "max_tokens": tokens,
            "min_tokens": tokens,
            "temperature": 0,
            "logprobs": 8,
            "return_tokens_as_token_ids": True,
            "return_token_ids": True,
        }
        answer = await self._client.post("/completions", json=body)
        return answer.raise_for_status().json()
