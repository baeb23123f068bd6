"""What an answer of the tutor costs beside the model's own time, and when its text first shows."""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from statistics import quantiles

from bench.figure import Figure, of_runs
from bot.agent.chat import Chat
from bot.agent.search.search import CourseSearch
from bot.agent.tutor import GraphTutor
from bot.domain.tutor.talk import Brief, Question, Ran, Reply, Said
from bot.settings import Settings
from bot.wiring.engines import build_catalogue
from curriculum.loader import load_course
from tests.eval.questions import on_course
from tests.fakes.chat_server import Turn, chat_server
from tools.engine.cluster.server import Server
from tools.engine.encoder.encoder import SentenceEncoder
from tools.engine.encoder.weights import ensure_encoder

CPU_MS, FIRST_TEXT_MS = 50.0, 1500.0
ASKED = 40
SAID = (
    "The keys and values of all tokens so far are kept [1]. So a step need not work them out"
    " again [1]. It grows with every token, in every layer [1]."
)
PACE_S = 0.02  # 50 chunks a second: a quick model


def measure() -> list[Figure]:
    """Ask in notes mode, then of a chat model in another process that writes at a steady pace."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    settings, course = Settings(), load_course()
    encoder = SentenceEncoder(lambda: ensure_encoder(settings.cache_dir))
    search = CourseSearch.of(course, encoder, settings.cache_dir)
    await search.learn_meanings()
    instruments = build_catalogue(settings)
    questions = [one.text for one in on_course("held")][:ASKED]
    try:
        notes = GraphTutor(course, search, instruments, None)
        figures = await _asked("notes", notes, ["What is a KV cache?", *questions])
        with _chat_model() as url:
            chat = Chat(Server(url), "paced")
            model = GraphTutor(course, search, instruments, chat)
            figures += await _asked("model", model, ["What is a KV cache?"] * ASKED)
            await model.close()
        return figures
    finally:
        await instruments.close()
        encoder.close()


async def _asked(mode: str, tutor: GraphTutor, questions: list[str]) -> list[Figure]:
    await _ask(tutor, questions[0])  # imports and first passes
    runs = [run for question in questions if (run := await _ask(tutor, question))]
    cpu, shown = zip(*runs, strict=True)
    figures = [
        of_runs(f"answer, {mode}: own processor time, median", cpu, "ms"),
        Figure(f"answer, {mode}: own processor time, p95", quantiles(cpu, n=20)[-1], "ms", CPU_MS),
    ]
    if mode == "model":
        late = quantiles(shown, n=20)[-1]
        figures.append(Figure("answer, model: asked to first text, p95", late, "ms", FIRST_TEXT_MS))
    return figures


async def _ask(tutor: GraphTutor, question: str) -> tuple[float, float] | None:
    """Return processor time of this process, and when the first text was there; in ms.

    None where an instrument ran: that costs what it costs alone.
    """
    cpu, wall, first = time.process_time(), time.perf_counter(), 0.0
    async for event in tutor.answer(Question(question), Brief()):
        if isinstance(event, Ran):
            return None
        if not first and isinstance(event, Said | Reply):
            first = (time.perf_counter() - wall) * 1e3
    return (time.process_time() - cpu) * 1e3, first


@contextmanager
def _chat_model() -> Iterator[str]:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
    server.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        server.join()


def _serve(pipe: Connection) -> None:
    async def serve() -> None:
        turn = Turn(SAID, pace_s=PACE_S)
        async with chat_server(lambda body: turn) as server:
            pipe.send(server.base_url)
            await asyncio.to_thread(pipe.recv)

    asyncio.run(serve())
