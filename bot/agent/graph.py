"""The tutor as one picture.

    start ──▶ gate ─┬─▶ hint ──▶ end
                    ├─▶ leave ──▶ end
                    ├─▶ welcome ──▶ end
                    └─▶ gather ─┬─▶ hint
                                ├─▶ leave
                                ├─▶ notes ──▶ end         (without a chat model)
                                └─▶ answer ─┬─▶ notes     (with a chat model)
                                            ├─▶ tools ──▶ answer
                                            └─▶ check ─┬─▶ hint
                                                       ├─▶ notes
                                                       ├─▶ answer
                                                       └─▶ end

Where a line forks, a function below chooses. `hint`, `notes` and `answer` go on as drawn where they
are first met. tests/agent/test_graph.py holds the picture against the graph.
"""

from typing import Any

from langgraph.graph import END, START, StateGraph

from bot.agent.chat import Chat
from bot.agent.nodes.answering import ModelRound, UseTools
from bot.agent.nodes.closing import Check, Leave, Notes
from bot.agent.nodes.gate import Gate
from bot.agent.nodes.gather import Gather
from bot.agent.nodes.hinting import Hint
from bot.agent.nodes.welcoming import Welcome
from bot.agent.search.search import CourseSearch
from bot.agent.state import AskContext, GraphState
from bot.agent.tooling import Toolbox
from bot.domain.tutor.passages import answers_of
from bot.domain.tutor.talk import Outcome
from bot.usecases.instrument.ports import Instruments
from curriculum.schema import Course


def build(course: Course, search: CourseSearch, instruments: Instruments, chat: Chat | None) -> Any:
    """Return the compiled graph; without a chat model it has no model in it at all."""
    toolbox = Toolbox(instruments)
    graph = StateGraph(GraphState, context_schema=AskContext)
    graph.add_node("gate", Gate(search))
    graph.add_node("gather", Gather(search, answers_of(course), toolbox, chat is None))
    graph.add_node("hint", Hint(course, chat))
    graph.add_node("leave", Leave())
    graph.add_node("welcome", Welcome(course))
    graph.add_node("notes", Notes(course))
    graph.add_edge(START, "gate")
    graph.add_conditional_edges("gate", _after_gate, ["hint", "leave", "welcome", "gather"])
    for last in ("hint", "leave", "welcome", "notes"):
        graph.add_edge(last, END)
    if chat is None:
        graph.add_conditional_edges("gather", _to_notes, ["hint", "leave", "notes"])
        return graph.compile()
    graph.add_node("answer", ModelRound(chat))
    graph.add_node("tools", UseTools(toolbox))
    graph.add_node("check", Check())
    graph.add_conditional_edges("gather", _to_answer, ["hint", "leave", "answer"])
    graph.add_conditional_edges("answer", _after_answer, ["notes", "tools", "check"])
    graph.add_edge("tools", "answer")
    graph.add_conditional_edges("check", _after_check, ["hint", "notes", "answer", END])
    return graph.compile()


def _after_gate(state: GraphState) -> str:
    match state["outcome"]:
        case Outcome.HINTED:
            return "hint"
        case Outcome.OUTSIDE:
            return "leave"
        case Outcome.WELCOMED:
            return "welcome"
        case _:
            return "gather"


def _to_notes(state: GraphState) -> str:
    return _on(state, "notes")


def _to_answer(state: GraphState) -> str:
    return _on(state, "answer")


def _on(state: GraphState, node: str) -> str:
    if state["outcome"] is Outcome.HINTED:
        return "hint"
    return node if state["passages"] or state["results"] else "leave"


def _after_answer(state: GraphState) -> str:
    if state.get("has_failed"):
        return "notes"
    return "tools" if state.get("calls") else "check"


def _after_check(state: GraphState) -> str:
    if state["outcome"] is Outcome.HINTED:
        return "hint"
    if state.get("has_failed"):
        return "notes"
    return END if "reply" in state else "answer"
