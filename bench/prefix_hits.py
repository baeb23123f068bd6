"""How much of the tutor's prompts a real vLLM finds in its prefix cache, by its own counters.

Each is held against vLLM's rule: whole blocks that an earlier prompt began with, without the last
token. What isn't found as the rule says would be a prompt that isn't laid out as we think.
"""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figure import Figure
from bench.raw_vllm import TIMEOUT_S
from bench.serve_vllm import MODEL, model_cache, running
from bot.agent.chat import Chat
from bot.agent.chat_turn import Call
from bot.agent.offering import offered
from bot.agent.prompting import called, opening, resulted
from bot.agent.search.search import CourseSearch
from bot.agent.tooling import ToolResult
from bot.domain.tutor.briefing import newcomer
from bot.domain.tutor.talk import Question
from curriculum.loader import load_course
from tests.eval.questions import on_course
from tools.algorithms.paging import block_hashes, most_hits
from tools.engine.cluster.events import Events
from tools.engine.cluster.server import Server
from tools.engine.metrics import Metrics, read_metrics
from tools.engine.weights.weights import ensure

QUESTIONS = 12
FOUND = 4  # passages of each, as the tutor gives them
CONTEXT = 8192
ON_A_GPU = 16  # tokens in a block, where a processor has 128
TEMPLATE = Path(__file__).with_name("tools.jinja")  # the embedded model's own leaves tools out
Asked = tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]  # messages, tools


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt of the tutor's, as the server cut it.

    Attributes:
        ids: Its tokens.
        asked: How many the cache was asked for, by the server's counter.
        found: How many of them it had.
        block: Tokens in a block.
    """

    ids: tuple[int, ...]
    asked: int
    found: int
    block: int


def measure(questions: int = QUESTIONS) -> list[Figure]:
    """Serve the embedded model with a template that takes tools, and send it the tutor's prompts.

    Always on a server of its own: one that has been asked before would find more.
    """
    folder = ensure(model_cache())
    with tempfile.TemporaryDirectory() as log:
        more = ("--max-model-len", str(CONTEXT), "--chat-template", str(TEMPLATE))
        at, quiet = Path(log) / "vllm.log", lambda text: None
        with running(folder, _free_port(), log=at, more=more, tell=quiet) as cluster:
            return asyncio.run(_measure(cluster.url, questions))


async def _measure(url: str, questions: int) -> list[Figure]:
    posed = [one.text for one in on_course("held")][:questions]
    first, again = await asked_of(posed)
    sent = await prompts_sent(url, [*first, *again])
    figures = _figures("another question", sent, range(1, len(first)))
    return figures + _figures("its next round", sent, range(len(first), len(sent)))


async def asked_of(questions: Sequence[str]) -> tuple[list[Asked], list[Asked]]:
    """Return what the tutor asks a chat model first, and what after a tool was run."""
    course = load_course()
    search, brief = CourseSearch.of(course), newcomer(course)
    call = Call("c0", "calculate", '{"expression": "2 * 32 * 8 * 128 * 2"}')
    ran = called("", [call]), resulted(call, ToolResult("131072"))
    first: list[Asked] = []
    for text in questions:
        passages = tuple(one.passage for one in await search.find(text, FOUND))
        tools = offered(text, passages)
        first.append((opening(Question(text), brief, passages, ()), tools))
    return first, [((*messages, *ran), tools) for messages, tools in first]


async def prompts_sent(url: str, asked: Sequence[Asked]) -> list[Prompt]:
    """Send each, one after the other, and read the server's counters around it."""
    server = _Noting(url, timeout_s=TIMEOUT_S)
    chat = Chat(server, MODEL, answer_tokens=1)
    sent: list[Prompt] = []
    try:
        for messages, tools in asked:
            before = await _counted(server)
            async with chat.turn(messages, tools) as (_, words):
                async for _ in words:
                    pass
            seen = (await _counted(server)).since(before)
            ids = await _ids(server, server.sent[-1])
            block, told = seen.block_size or 1, (seen.prefix_queries, seen.prefix_hits)
            sent.append(Prompt(ids, *(int(one or 0) for one in told), block))
    finally:
        await chat.close()
    return sent


def expected(prompts: Sequence[Prompt], block: int) -> list[int]:
    """Return how many tokens of each prompt the rule finds, in blocks of so many tokens."""
    kept: set[bytes] = set()
    found = []
    for prompt in prompts:
        hashes = block_hashes(prompt.ids, block)
        known = next((n for n, one in enumerate(hashes) if one not in kept), len(hashes))
        found.append(min(known * block, most_hits(len(prompt.ids), block)))
        kept.update(hashes)
    return found


def _figures(name: str, sent: Sequence[Prompt], which: range) -> list[Figure]:
    by_rule, on_gpu = expected(sent, sent[0].block), expected(sent, ON_A_GPU)
    asked, found = (sum(getattr(sent[n], one) for n in which) for one in ("asked", "found"))
    share = [100 * sent[n].found / sent[n].asked for n in which]
    rule, gpu = (sum(each[n] for n in which) for each in (by_rule, on_gpu))
    return [
        Figure(f"prefix: {name}, tokens a prompt", asked / len(which), "tokens"),
        Figure(
            f"prefix: {name}, found in the cache",
            100 * found / asked,
            "%",
            runs=tuple(share),
            note=f"blocks of {sent[0].block}; by the rule in blocks of {ON_A_GPU}: "
            f"{100 * gpu / asked:.0f} %",
        ),
        Figure(f"prefix: {name}, found, times what the rule says", found / rule, "×", 1, (), 1),
    ]


class _Noting(Server):
    """A server that keeps what it was sent."""

    def __init__(self, url: str, **how: Any) -> None:
        super().__init__(url, **how)
        self.sent: list[dict[str, Any]] = []

    @asynccontextmanager
    async def stream(self, path: str, body: dict[str, Any]) -> AsyncIterator[Events]:
        self.sent.append(body)
        async with super().stream(path, body) as events:
            yield events


async def _counted(server: Server) -> Metrics:
    return read_metrics(await server.get_text("metrics"), MODEL)


async def _ids(server: Server, body: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the tokens of a chat, by the server's own template."""
    kept = {key: body[key] for key in ("model", "messages", "tools") if key in body}
    cut = await server.post("tokenize", kept | {"add_generation_prompt": True}, at_root=True)
    return tuple(cut["tokens"])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
