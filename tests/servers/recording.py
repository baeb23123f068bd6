"""What a live server answers while it is asked what it can do: taken down once, played back.

`python -m tests.servers.recording URL MODEL VERSION FILE` takes it down.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from tests.fakes.listening import listening
from tests.fakes.servers import LyingServer, serving
from tools.engine.cluster.cluster import ClusterEngine

RECORDED = Path(__file__).with_name("recorded")
MOST_CHARACTERS = 100_000  # of one answer; counters are long


async def record(url: str, model: str) -> list[dict[str, Any]]:
    """Ask a live server through a proxy; return all that it said."""
    said: list[dict[str, Any]] = []
    root = url.removesuffix("/v1")

    async def passed_on(request: web.Request) -> web.Response:
        body = await request.text()
        address = f"{root}{request.path}"
        async with ClientSession() as client:
            kind = {"Content-Type": "application/json"}
            answer = await client.request(request.method, address, data=body or None, headers=kind)
            text = _without_buckets((await answer.text())[:MOST_CHARACTERS])
        asked = json.loads(body) if body else None
        told = {"status": answer.status, "kind": answer.content_type, "text": text}
        said.append({"path": request.path, "body": asked, **told})
        return web.Response(text=text, status=answer.status, content_type=answer.content_type)

    async with listening(web.route("*", "/{tail:.*}", passed_on)) as address:
        engine = ClusterEngine(f"{address}/v1", model, timeout_s=120)
        await engine.find_out()
        await engine.close()
    return sorted(said, key=lambda one: (one["path"], json.dumps(one["body"])))


def _without_buckets(text: str) -> str:
    """Leave out of a page of counters what is most of it and not read: buckets, births, help."""
    left_out = ("_bucket{", "_created", "# HELP")
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not any(sign in line for sign in left_out))


def recorded(name: str) -> tuple[str, list[dict[str, Any]]]:
    """Return which version was recorded, and what it said."""
    found = json.loads((RECORDED / f"{name}.json").read_text())
    return found["version"], found["said"]


@asynccontextmanager
async def replayed(said: list[dict[str, Any]]) -> AsyncIterator[LyingServer]:
    """Answer as the recorded server did; what it wasn't asked is a failure of the test."""

    async def answer(request: web.Request) -> web.Response:
        asked = await request.json() if request.can_read_body else None
        for one in said:
            if (one["path"], one["body"]) == (request.path, asked):
                return web.Response(
                    text=one["text"], status=one["status"], content_type=one["kind"]
                )
        raise AssertionError(f"{request.path} was not recorded with {asked}: record it anew")

    async with serving(answer) as server:
        yield server


if __name__ == "__main__":
    address, name, of, to = sys.argv[1:]
    taken = {"version": of, "said": asyncio.run(record(address, name))}
    Path(to).write_text(json.dumps(taken, indent=1) + "\n", encoding="utf-8")
