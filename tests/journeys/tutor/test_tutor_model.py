"""Asking the real tutor with a chat model behind it: a real server, scripted, over real sockets."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from bot.agent.chat import Chat
from bot.agent.search.search import CourseSearch
from bot.agent.tutor import GraphTutor
from bot.domain.tutor.talk import Brief, Event, Question
from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.ui.edge.streaming import GAP_S
from curriculum.schema import Course
from tests.fakes.chat_server import ChatServer, Turn, chat_server, in_turn
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build
from tests.journeys.player import Player
from tests.journeys.tutor.desk import HandBeat
from tools.bound import BoundCatalogue
from tools.engine.cluster.server import Server

GROUNDED = "It holds the keys and values of all tokens so far [1]. It grows with every token [1]."
ON_THE_CARD = "It holds the keys and values of all tokens so far. It grows with every token."


class Elsewhere:
    """A tutor whose waits are none of the simulated Discord's business."""

    def __init__(self) -> None:
        self.env: Any = None
        self.tutor: GraphTutor | None = None

    async def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        assert self.tutor is not None
        async with aclosing(self.tutor.answer(question, brief)) as events:
            while True:
                try:
                    event = await self.env.external_wait(anext(events), reason="the chat model")
                except StopAsyncIteration:
                    return
                yield event


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
def new_bot(
    tmp_path: Path, engine: FakeEngine, elsewhere: Elsewhere, beat: HandBeat, build: Build
) -> Callable[[], HunchBot]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite")
    return lambda: build(settings, engine, elsewhere, beat)


@pytest.fixture
async def model(
    simcord_env: Any, shipped: Course, engine: FakeEngine, elsewhere: Elsewhere
) -> AsyncGenerator[ChatServer]:
    """A chat model that says what its `script` says."""
    async with chat_server(in_turn(Turn(GROUNDED))) as server:
        chat = Chat(Server(server.base_url, timeout_s=5), "scripted")
        search = CourseSearch.of(shipped)
        elsewhere.env = simcord_env
        elsewhere.tutor = GraphTutor(shipped, search, BoundCatalogue(engine), chat)
        yield server
        await elsewhere.tutor.close()


async def test_a_model_s_answer_stands_on_the_card_with_its_source(
    model: ChatServer, alice: Player, beat: HandBeat
) -> None:
    await alice.type("ask", question="What is a KV cache?")
    await beat.passes(GAP_S)
    assert ON_THE_CARD in alice.text
    assert "no chat model" not in alice.text
    assert "KV cache" in alice.labels


async def test_what_a_model_makes_up_is_never_seen(model: ChatServer, alice: Player) -> None:
    model.script = in_turn(Turn("It was invented by pirates near Madagascar in 1712."))
    text = await alice.type("ask", question="What is a KV cache?")
    assert "pirates" not in text
    assert "From the course, word for word" in text


async def test_an_instrument_that_the_model_runs_is_shown_and_taken_up(
    model: ChatServer, alice: Player, beat: HandBeat
) -> None:
    call = ("nexttoken", json.dumps({"prompt": "The cat sat on the"}))
    told = 'The likeliest token is " kube", with 38.9 %.'
    model.script = in_turn(Turn("Let me look.", calls=(call,)), Turn(told))
    await alice.type("ask", question="What is a KV cache? Show me one.")
    await beat.passes(GAP_S)
    assert told in alice.text
    assert "live · fake-135m" in alice.text
    await alice.press("Try nexttoken yourself")
    assert "[Append ␣kube]" in alice.told


async def test_a_model_that_is_down_leaves_the_course_s_words_and_says_so(
    model: ChatServer, alice: Player
) -> None:
    model.script = in_turn(Turn(status=500, reason="out of memory"))
    text = await alice.type("ask", question="What is a KV cache?")
    assert "keys and values of all tokens so far" in text
    assert "failed (500)" in text
