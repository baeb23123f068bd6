"""What goes through the graph, and what stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from bot.agent.chat_turn import Call
from bot.agent.routing import Route
from bot.agent.tooling import ToolResult
from bot.domain.tutor.intents import Meant
from bot.domain.tutor.passages import Passage, Source
from bot.domain.tutor.talk import Brief, Outcome, Question, Reply

MOST_ROUNDS = 3  # of the model
MOST_CALLS = 6  # of tools
RECURSION = 9  # steps of the graph: two before the rounds, two for each, and the last


class GraphState(TypedDict, total=False):
    """One question on its way. Nodes return what they change."""

    outcome: Outcome  # as it stands: decided by the gate, or by the check
    guess_first: Source | None
    wanted: Meant | None  # of the tutor itself
    near: tuple[Source, ...]  # steps on the topic of a quiz, the best first
    route: Route | None
    sought: str  # what is searched for: the question, or with the one before it
    leans: bool  # on the step that it was asked from, which answers first
    passages: tuple[Passage, ...]  # only what the learner may read
    results: tuple[ToolResult, ...]
    messages: tuple[Mapping[str, Any], ...]
    calls: tuple[Call, ...]
    draft: str
    fault: str | None
    rounds: int
    tokens: int
    cut: str | None  # says that the limit ended the draft
    has_failed: bool  # the model: the course has to do
    note: str | None
    reply: Reply


@dataclass(frozen=True, slots=True)
class AskContext:
    """Who asks what. Comes from the run, never from what a model writes."""

    question: Question
    brief: Brief
