"""A tutor on the shipped course, with a scripted chat model or none."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import pytest

from bot.agent.chat import Chat
from bot.agent.search.search import CourseSearch
from bot.agent.tutor import GraphTutor
from bot.domain.tutor.briefing import newcomer
from bot.domain.tutor.spoilers import spoilers_for
from bot.domain.tutor.talk import Brief, Event, Question, Reply
from curriculum.schema import Course
from tests.fakes.chat_server import ChatServer, Script, chat_server
from tests.fakes.model import FakeEngine
from tools.bound import BoundCatalogue
from tools.engine.cluster.server import Server


@dataclass
class Asked:
    """What one question led to."""

    events: list[Event] = field(default_factory=list)

    @property
    def reply(self) -> Reply:
        (reply,) = [event for event in self.events if isinstance(event, Reply)]
        return reply

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Desk:
    """A tutor, the model behind it, and who asks."""

    tutor: GraphTutor
    server: ChatServer | None
    engine: FakeEngine
    finished: Brief  # of somebody who has committed every step
    new: Brief

    async def ask(self, text: str, brief: Brief | None = None) -> Asked:
        asked = Asked()
        async for event in self.tutor.answer(Question(text), brief or self.finished):
            asked.events.append(event)
        return asked


MakeDesk = Callable[..., "AsyncIterator[Desk]"]


@pytest.fixture(scope="session")
def search(shipped: Course) -> CourseSearch:
    """The course, searched by its words."""
    return CourseSearch.of(shipped)


@pytest.fixture
async def desk(shipped: Course, search: CourseSearch) -> AsyncIterator[Callable[..., object]]:
    """Return what sets up a tutor: `await desk(script)`, or `await desk()` for notes mode."""
    async with AsyncExitStack() as stack:

        async def make(script: Script | None = None, *, answer_s: float = 20) -> Desk:
            server = await stack.enter_async_context(chat_server(script)) if script else None
            chat = Chat(Server(server.base_url, timeout_s=2), "m") if server else None
            engine = FakeEngine()
            tutor = GraphTutor(shipped, search, BoundCatalogue(engine), chat, answer_s=answer_s)
            stack.push_async_callback(tutor.close)
            everything = [
                (lesson.number, step.id) for lesson in shipped.lessons for step in lesson.sequence
            ]
            new = newcomer(shipped)
            finished = replace(new, spoilers=spoilers_for(shipped, everything))
            return Desk(tutor, server, engine, finished, new)

        yield make
