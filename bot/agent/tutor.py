"""The tutor, as the use cases know it: a question goes in, pieces of an answer come out."""

from collections.abc import AsyncGenerator
from typing import cast

from langgraph.errors import GraphRecursionError

from bot.agent.chat import Chat
from bot.agent.graph import build
from bot.agent.nodes.closing import in_its_own_words
from bot.agent.search.search import CourseSearch
from bot.agent.state import RECURSION, AskContext, GraphState
from bot.domain.mode import Mode
from bot.domain.tutor.talk import Brief, Event, Outcome, Question, Reply
from bot.usecases.instrument.ports import Instruments
from curriculum.schema import Course
from tools.engine.patience import OutOfPatience, Patience

ANSWER_S = 60.0
_LATE = (
    "That took longer than {:g} s, so I stopped. Ask again, or ask for less at once; what I know"
    " without a model is in `/more glossary`."
)
_CIRCLES = (
    "I went round in circles on that, so I stopped. Ask again in other words; what I know without a"
    " model is in `/more glossary`."
)


class GraphTutor:
    """Runs the graph. Implements `Tutor`."""

    def __init__(
        self,
        course: Course,
        search: CourseSearch,
        instruments: Instruments,
        chat: Chat | None,
        *,
        answer_s: float = ANSWER_S,
    ) -> None:
        """Build the graph.

        Args:
            course: Where hints come from.
            search: Finds passages of it.
            instruments: The tools.
            chat: Writes the answers; None: the course is quoted.
            answer_s: The most that one answer may be waited for, in seconds.
        """
        self.mode = Mode.NOTES if chat is None else Mode.MODEL
        self._graph = build(course, search, instruments, chat)
        self._answer_s = answer_s
        self._chat = chat

    async def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        """Yield what happens on the way, and the reply at the end.

        Leaving early stops everything, the model's stream included.
        """
        runs = self._graph.astream(
            {},
            context=AskContext(question, brief),
            config={"recursion_limit": RECURSION},
            stream_mode=["custom", "updates"],
        )
        patience, state = Patience(self._answer_s), GraphState()
        try:
            while run := await patience.spend_on(anext(runs, None)):
                kind, piece = run
                if kind == "custom":
                    yield piece
                    continue
                for change in piece.values():
                    state |= cast("GraphState", change or {})
                if "reply" in state:
                    yield state["reply"]
                    return
        except OutOfPatience:
            yield self._so_far(state, brief, _LATE.format(self._answer_s))
        except GraphRecursionError:
            yield self._so_far(state, brief, _CIRCLES)
        finally:
            await runs.aclose()

    def _so_far(self, state: GraphState, brief: Brief, why: str) -> Reply:
        """Return the course's own words where they were found in time; else only why it ended."""
        if state.get("outcome") is not Outcome.ANSWERED or not state.get("passages"):
            return Reply(why, Outcome.ABSTAINED, self.mode)
        return in_its_own_words({**state, "note": why}, brief.guesses)

    async def close(self) -> None:
        """Close the connection to the chat model."""
        if self._chat is not None:
            await self._chat.close()
