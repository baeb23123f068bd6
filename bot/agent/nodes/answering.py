"""The model writes; each sentence is held against the sources before anybody sees it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langgraph.runtime import Runtime

from bot.agent.chat import Chat, NoTools
from bot.agent.grounding import Ground, ground_of
from bot.agent.prompting import NOT_IN_THE_COURSE, called, opening, resulted
from bot.agent.state import MOST_CALLS, MOST_ROUNDS, AskContext, GraphState
from bot.agent.tooling import Toolbox, declarations
from bot.domain.tutor.spoilers import Spoilers
from bot.domain.tutor.talk import LookingUp, Ran, Said
from tools.errors import EngineError

LEAK = "it would tell what the learner has yet to guess"
_SENTENCE_END = re.compile(r"(?<=[.!?])(?:\[\d+\])*\s+|\n+")


@dataclass(frozen=True, slots=True)
class ModelRound:
    """One round of the model."""

    chat: Chat

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Stream a draft, or the tools it asks for; stop at the first sentence with a fault."""
        asking, rounds = runtime.context, state.get("rounds", 0) + 1
        messages = state.get("messages") or opening(
            asking.question, asking.brief, state["passages"], state["results"]
        )
        sieve = Sieve(ground_in(state, asking.question.text), asking.brief.spoilers)
        try:
            return await self._round(state, runtime, messages, sieve, rounds)
        except NoTools:
            return await self._round(state, runtime, messages, sieve, rounds)
        except EngineError as failed:
            return {"note": str(failed), "rounds": rounds, "messages": tuple(messages)}

    async def _round(
        self,
        state: GraphState,
        runtime: Runtime[AskContext],
        messages: Sequence[Mapping[str, Any]],
        sieve: "Sieve",
        rounds: int,
    ) -> GraphState:
        left = MOST_CALLS - _calls_made(messages)
        offers = self.chat.takes_tools and rounds < MOST_ROUNDS and left > 0
        async with self.chat.turn(messages, declarations() if offers else ()) as (turn, words):
            async for word in words:
                if shown := sieve.take(word):
                    runtime.stream_writer(Said(shown))
                if sieve.fault:
                    break  # leaving closes the stream
            else:
                if shown := sieve.rest():
                    runtime.stream_writer(Said(shown))
        return {
            "draft": turn.text,
            "calls": turn.calls[:left] if offers and not sieve.fault else (),
            "fault": sieve.fault,
            "messages": tuple(messages),
            "rounds": rounds,
            "tokens": state.get("tokens", 0) + turn.tokens,
        }


@dataclass(frozen=True, slots=True)
class UseTools:
    """Runs the tools that the model asked for, one after another."""

    toolbox: Toolbox

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Run them; what they give goes to the model, and what they show to the learner."""
        messages = [*state["messages"], called(state["draft"], state["calls"])]
        results = list(state["results"])
        for call in state["calls"]:
            runtime.stream_writer(LookingUp(call.name))
            result = await self.toolbox.run(call, runtime.context.brief)
            if isinstance(result.ran, Ran):
                runtime.stream_writer(result.ran)
            results.append(result)
            messages.append(resulted(call, result))
        return {"messages": tuple(messages), "results": tuple(results), "calls": ()}


class Sieve:
    """Lets through the sentences that stand. Holds back the one that is being written."""

    def __init__(self, ground: Ground, spoilers: Spoilers) -> None:
        self.fault: str | None = None
        self._ground, self._spoilers = ground, spoilers
        self._text = ""
        self._passed = 0  # characters that have been let through

    def take(self, words: str) -> str | None:
        """Add words; return all that may be shown, if there is more of it than before."""
        self._text += words
        ends = [m.end() for m in _SENTENCE_END.finditer(self._text, self._passed)]
        return self._let_through(ends)

    def rest(self) -> str | None:
        """Return all that may be shown, now that no more words come."""
        return self._let_through([len(self._text)])

    def _let_through(self, ends: Sequence[int]) -> str | None:
        before = self._passed
        for end in ends:
            sentence = self._text[self._passed : end]
            if NOT_IN_THE_COURSE in sentence.upper():
                return None  # the check will see it
            if self._spoilers.gives_away(self._text[:end]):
                self.fault = LEAK
            elif reason := self._ground.fault(sentence):
                self.fault = f'{reason}: "{sentence.strip()[:120]}"'
            if self.fault:
                return None
            self._passed = end
        return readable(self._text[: self._passed]) if self._passed > before else None


def ground_in(state: GraphState, question: str) -> Ground:
    """Return what an answer may rest on at this point."""
    texts = [f"{one.title}. {one.text}" for one in state["passages"]]
    return ground_of(question, [*texts, *(one.text for one in state["results"])])


def readable(draft: str) -> str:
    """Return a draft without its citation marks: sources stand below it by name."""
    return re.sub(r"\s*\[\d+(?:,\s*\d+)*\]", "", draft).strip()


def _calls_made(messages: Sequence[Mapping[str, Any]]) -> int:
    return sum(message["role"] == "tool" for message in messages)
