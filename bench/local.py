"""The embedded engine against plain transformers, vLLM and llama.cpp, on the same weights."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.figure import Figure, of_runs
from bench.prompts import LENGTH, prompts
from bench.raw_vllm import RawVllm, served
from bench.serve_vllm import model_cache
from bench.timed import in_turns, milliseconds, ratios
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure

ROUNDS = 15
GROWN = 24  # tokens that a sequence grows by
LEARNERS = 16
REST_S = 1.0  # the threads of a server go on spinning for a while, ours do not
Ask = Callable[[], Awaitable[Any]]


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Return milliseconds, tokens per second and the ratios that have goals."""
    return asyncio.run(_measure(rounds))


async def _measure(rounds: int) -> list[Figure]:
    folder = await asyncio.to_thread(ensure, model_cache())
    engine = LocalEngine(lambda: folder, model=EMBEDDED.name)
    try:
        fresh = prompts(1)
        ours = await in_turns({"fresh": lambda: engine.next_token(Prompt(next(fresh)), 8)}, rounds)
        plain = await asyncio.to_thread(_Plain, folder)
        grown = await in_turns({"ours": _growing(engine), "plain": _off(plain.grow)}, rounds // 3)
        per_s = {name: [1000 * GROWN / ms for ms in runs] for name, runs in grown.items()}
        return [
            of_runs(f"local: next token, {LENGTH} tokens", ours["fresh"], "ms"),
            *await _appending(engine, rounds),
            of_runs("local: decoding", per_s["ours"], "tokens/s"),
            of_runs("local: transformers' generate", per_s["plain"], "tokens/s"),
            of_runs(
                "local: decoding, times generate",
                ratios(per_s["ours"], per_s["plain"]),
                "×",
                None,
                2,
            ),
            *await _together(engine, rounds // 3),
            *await _beside_vllm(engine, folder, rounds),
            *await asyncio.to_thread(_llama_cpp, median(ours["fresh"]), median(per_s["ours"])),
        ]
    finally:
        await engine.close()


def _growing(engine: LocalEngine) -> Ask:
    """Return the loop by hand: predict, append, predict again."""
    fresh = prompts(2)

    async def grow() -> None:
        prompt = Prompt(next(fresh))
        for _ in range(GROWN):
            best = (await engine.next_token(prompt, 1)).top[0].token.id
            prompt = Prompt(prompt.text, (*prompt.appended, best))

    return grow


async def _appending(engine: LocalEngine, rounds: int) -> list[Figure]:
    """Append a token to 200 others: against reading all of them."""
    fresh = prompts(3)
    whole, more = [], []
    for _ in range(max(3, rounds // 3)):
        text = "".join(next(fresh) for _ in range(25))
        whole.append(await milliseconds(lambda text=text: engine.next_token(Prompt(text), 8)))
        after = Prompt(text, (17_012,))
        more.append(await milliseconds(lambda after=after: engine.next_token(after, 8)))
    return [
        of_runs("local: 200 tokens, first read", whole, "ms"),
        of_runs("local: one more appended to them", more, "ms"),
    ]


async def _together(engine: LocalEngine, rounds: int) -> list[Figure]:
    """Sixteen learners, each with a prompt and four tokens appended, at once and one by one."""
    fresh = prompts(4)

    async def loop(text: str) -> None:
        prompt = Prompt(text)
        for _ in range(5):
            best = (await engine.next_token(prompt, 8)).top[0].token.id
            prompt = Prompt(prompt.text, (*prompt.appended, best))

    async def at_once() -> None:
        await asyncio.gather(*(loop(next(fresh)) for _ in range(LEARNERS)))

    async def in_line() -> None:
        for _ in range(LEARNERS):
            await loop(next(fresh))

    found = await in_turns({"line": in_line, "once": at_once}, max(3, rounds), warming=1)
    name = f"local: {LEARNERS} at once, times the throughput of one by one"
    return [of_runs(name, ratios(found["line"], found["once"]), "×", None, 2)]


async def _beside_vllm(engine: LocalEngine, folder: Path, rounds: int) -> list[Figure]:
    """Ask us and a vLLM on this machine in turns, for one token and for some more."""
    fresh = prompts(6)
    with served(folder) as url:
        async with RawVllm(url) as raw:
            first = await in_turns(
                {
                    "ours": lambda: engine.next_token(Prompt(next(fresh)), 8),
                    "vllm": lambda: raw(next(fresh)),
                },
                rounds,
                rest_s=REST_S,
            )
            grown = await in_turns(
                {"ours": _growing(engine), "vllm": lambda: raw(next(fresh), GROWN)},
                rounds // 3,
                rest_s=REST_S,
            )
    per_s = {name: [1000 * GROWN / ms for ms in runs] for name, runs in grown.items()}
    return [
        of_runs("local: next token, in turns with vLLM", first["ours"], "ms"),
        of_runs("local: vLLM, next token", first["vllm"], "ms"),
        of_runs("local: next token, times vLLM's", ratios(first["ours"], first["vllm"]), "×", 1.0),
        of_runs("local: vLLM, decoding", per_s["vllm"], "tokens/s"),
        of_runs("local: decoding, times vLLM's", ratios(per_s["ours"], per_s["vllm"]), "×"),
    ]


class _Plain:
    """transformers as anybody would use it."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self._torch = torch
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True
        )
        self._fresh = prompts(2)

    def grow(self) -> None:
        """Let `generate` append as many tokens as we do."""
        ids = self._torch.tensor([self._tokenizer(next(self._fresh))["input_ids"]])
        self._model.generate(
            ids,
            attention_mask=self._torch.ones_like(ids),
            max_new_tokens=GROWN,
            min_new_tokens=GROWN,
            do_sample=False,
        )


def _off(work: Callable[[], None]) -> Ask:
    return lambda: asyncio.to_thread(work)


def _llama_cpp(ours_ms: float, ours_per_s: float) -> list[Figure]:
    """Return how far llama.cpp is ahead, where its wheel is installed: `hunch-tutor[bench]`."""
    try:
        import xllamacpp
    except ImportError:
        note = "not installed: pip install 'hunch-tutor[bench]'"
        return [Figure("local: llama.cpp", float("nan"), "", note=note)]
    from tools.engine.weights.fetch import fetch_gguf

    with tempfile.TemporaryDirectory() as folder:
        params = xllamacpp.CommonParams()
        params.model.path = str(fetch_gguf(EMBEDDED, Path(folder), show_progress=False))
        params.n_ctx = 2048
        server = xllamacpp.Server(params)
        fresh = prompts(5)
        firsts = [_asked(server, next(fresh), 1) for _ in range(3 + ROUNDS)][3:]
        grown = [GROWN / _asked(server, next(fresh), GROWN) for _ in range(ROUNDS // 3)]
        del server
    first = [1000 * s for s in firsts]
    note = "wheel built without AVX-512"
    return [
        Figure("local: llama.cpp, next token", median(first), "ms", None, tuple(first), note=note),
        Figure("local: our next token, times llama.cpp's", ours_ms / median(first), "×"),
        Figure("local: llama.cpp, decoding", median(grown), "tokens/s", None, tuple(grown)),
        Figure("local: our decoding, times llama.cpp's", ours_per_s / median(grown), "×"),
    ]


def _asked(server: Any, prompt: str, tokens: int) -> float:
    """Return the seconds that llama.cpp takes to read a prompt and to append so many tokens."""
    started = time.perf_counter()
    body = {"prompt": prompt, "max_tokens": tokens, "temperature": 0, "ignore_eos": True}
    server.handle_completions(body | {"cache_prompt": False, "n_probs": 8})
    return time.perf_counter() - started
