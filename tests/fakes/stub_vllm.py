"""A small server on this machine that streams and counts as vLLM does: a word is a token."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from aiohttp import web

from tests.fakes.listening import listening
from tests.fakes.servers import LyingServer, completion, honest

UNSET = object()
LABELS = 'engine="0",model_name="served"'
POOL = (  # some of the labels that vLLM 0.32.0 gives `make cluster`, as recorded on 2026-11-29
    'block_size="128",cache_dtype="auto",effective_attention_block_size="128",engine="0",'
    'gpu_memory_utilization="0.92",kv_cache_max_concurrency="22.75",'
    'kv_cache_memory_bytes="2147483648",kv_cache_size_tokens="46592",num_gpu_blocks="364",'
    'num_gpu_blocks_override="None"'
)
BOUNDS = ("0.1", "0.5", "+Inf")


@dataclass
class StubVllm:
    """What it counts. A prompt's words are found in its cache as far as an earlier one has them."""

    base_url: str = ""
    running: int = 0
    most_running: int = 0
    left: int = 0  # streams that the client closed
    queries: int = 0
    hits: int = 0
    made: int = 0  # tokens sent
    ended: int = 0  # requests answered to the end
    preemptions: int = 0
    rejected: int = 0
    block_size: int | None = 8  # told in the counters; the cache itself compares words
    blocks: int = 364
    prompts: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    event: Any = UNSET  # said in place of every event
    has_metrics: bool = True
    has_usage: bool = True
    has_ids: bool = True
    most_tokens: int = 1000
    token_s: float = 0.0  # that it takes for each
    inside_s: float = 0.0  # of all requests together, by its own clock
    refuses_after: int | None = None  # answers 503 to all requests that come after so many
    opens_at: int | None = None  # answers nothing before so many are there
    gate: asyncio.Event = field(default_factory=asyncio.Event)  # before each first token
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    others: LyingServer = field(default_factory=LyingServer)

    def __post_init__(self) -> None:
        self.gate.set()
        honest(self.others)
        models = {"data": [{"id": "served", "max_model_len": 2048}]}
        self.others.says("/v1/models", models)
        self.others.says("/version", {"version": "0.32.0"})

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/metrics":
            return web.Response(text=self.page(), status=200 if self.has_metrics else 404)
        if request.path != "/v1/completions":
            return await self.others.answer(request)
        body = await request.json()
        self.bodies.append(body)
        if not body.get("stream"):
            rule = body.get("structured_outputs")
            scores = {"1": {"logprob": -1.5, "rank": 1}}
            read = {"prompt_logprobs": [None, scores]} if body.get("prompt_logprobs") else {}
            said = {"text": rule["choice"][0]} if rule else {}
            return web.json_response(completion(**said, **read))
        if self.refuses_after is not None and len(self.bodies) > self.refuses_after:
            self.rejected += 1
            return web.json_response({"message": "queue full"}, status=503)
        self.count(+1)
        came_s = time.perf_counter()
        try:
            return await self.stream(request, body)
        except asyncio.CancelledError:
            self.left += 1
            raise
        finally:
            self.inside_s += time.perf_counter() - came_s
            self.count(-1)

    def count(self, change: int) -> None:
        self.running += change
        self.most_running = max(self.most_running, self.running)
        if self.opens_at == self.running:
            self.gate.set()
        self.changed.set()

    async def until_running(self, number: int) -> None:
        """Wait until that many requests are being answered."""
        async with asyncio.timeout(5):
            while self.running != number:
                self.changed.clear()
                await self.changed.wait()

    async def stream(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        words = self.look_up(body["prompt"])
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        await self.gate.wait()
        for number in range(min(body["max_tokens"], self.most_tokens)):
            await asyncio.sleep(self.token_s)
            choice = {"index": 0, "text": f" w{number}"}
            choice |= {"token_ids": [number]} if self.has_ids else {}
            await self.say(answer, {"choices": [choice]} if self.event is UNSET else self.event)
            self.made += 1
        self.ended += 1
        if self.has_usage:
            await self.say(answer, {"choices": [], "usage": {"prompt_tokens": words}})
        await answer.write(b"data: [DONE]\n\n")
        return answer

    @staticmethod
    async def say(answer: web.StreamResponse, event: dict[str, Any]) -> None:
        await answer.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    def look_up(self, prompt: str) -> int:
        words = len(prompt.split())
        self.hits += max((_same_start(prompt, earlier) for earlier in self.prompts), default=0)
        self.queries += words
        self.prompts.append(prompt)
        return words

    def page(self) -> str:
        """A page as vLLM 0.32.0 writes it, cut down to what is read and some of the rest."""
        lines = [
            "# HELP python_info Python platform information",
            "# TYPE python_info gauge",
            'python_info{implementation="CPython",version="3.11.7"} 1.0',
            "# TYPE vllm:num_requests_running gauge",
            f"vllm:num_requests_running{{{LABELS}}} {self.running}.0",
            "# TYPE vllm:num_requests_waiting gauge",
            f"vllm:num_requests_waiting{{{LABELS}}} 0.0",
            "# TYPE vllm:kv_cache_usage_perc gauge",
            f"vllm:kv_cache_usage_perc{{{LABELS}}} {self.running / 32}",
            "# TYPE vllm:prefix_cache_queries_total counter",
            f"vllm:prefix_cache_queries_total{{{LABELS}}} {self.queries}.0",
            "# TYPE vllm:prefix_cache_hits_total counter",
            f"vllm:prefix_cache_hits_total{{{LABELS}}} {self.hits}.0",
            "# TYPE vllm:num_preemptions_total counter",
            f"vllm:num_preemptions_total{{{LABELS}}} {self.preemptions}.0",
            "# TYPE vllm:prompt_tokens_total counter",
            f"vllm:prompt_tokens_total{{{LABELS}}} {self.queries}.0",
            "# TYPE vllm:generation_tokens_total counter",
            f"vllm:generation_tokens_total{{{LABELS}}} {self.made}.0",
            "# TYPE vllm:request_success_total counter",
            f'vllm:request_success_total{{{LABELS},finished_reason="length"}} {self.ended}.0',
            f'vllm:request_success_total{{{LABELS},finished_reason="abort"}} {self.left}.0',
            "# TYPE vllm:admission_rejections_total counter",
            'vllm:admission_rejections_total{model_name="served",reason="max_num_queued_reqs"}'
            f" {self.rejected}.0",
            "# TYPE vllm:iteration_tokens_total histogram",
            f'vllm:iteration_tokens_total_bucket{{{LABELS},le="1.0"}} {self.made}.0',
            f'vllm:iteration_tokens_total_bucket{{{LABELS},le="+Inf"}} {self.made}.0',
            f"vllm:iteration_tokens_total_count{{{LABELS}}} {self.made}.0",
            f"vllm:iteration_tokens_total_sum{{{LABELS}}} {self.made + self.queries}.0",
        ]
        if self.block_size:
            pool = POOL.replace('block_size="128"', f'block_size="{self.block_size}"', 1)
            pool = pool.replace('num_gpu_blocks="364"', f'num_gpu_blocks="{self.blocks}"')
            lines.append("# TYPE vllm:cache_config_info gauge")
            lines.append(f"vllm:cache_config_info{{{pool}}} 1.0")
        for name, counts in HISTOGRAMS.items():
            lines.append(f"# TYPE vllm:{name} histogram")
            lines += [
                f'vllm:{name}_bucket{{{LABELS},le="{bound}"}} {count}.0'
                for bound, count in zip(BOUNDS, counts, strict=True)
            ]
            lines.append(f"vllm:{name}_count{{{LABELS}}} {counts[-1]}.0")
        lines.append(f"vllm:e2e_request_latency_seconds_sum{{{LABELS}}} {self.inside_s}")
        return "\n".join(lines) + "\n"


HISTOGRAMS = {
    "time_to_first_token_seconds": (50, 100, 100),
    "inter_token_latency_seconds": (90, 100, 100),
    "request_queue_time_seconds": (0, 0, 0),
    "e2e_request_latency_seconds": (0, 60, 100),
}


def _same_start(prompt: str, earlier: str) -> int:
    """How many words two prompts begin with alike."""
    pairs = zip(prompt.split(), earlier.split(), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@asynccontextmanager
async def stub_vllm() -> AsyncIterator[StubVllm]:
    """Serve on a free port of 127.0.0.1 until left; a client that leaves ends its handler."""
    stub = StubVllm()
    everything = web.route("*", "/{tail:.*}", stub.answer)
    async with listening(everything, ends_when_left=True) as address:
        stub.base_url = f"{address}/v1"
        yield stub
