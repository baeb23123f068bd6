"""The model writes; each sentence is held against the sources before anybody sees it."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from langgraph.runtime import Runtime

from bot.agent.chat import Chat, Overlong
from bot.agent.chat_turn import ChatTurn
from bot.agent.grounding import Ground, ground_of
from bot.agent.offering import offered
from bot.agent.prompting import (
    NOT_IN_THE_COURSE,
    SHORTEST,
    called,
    opening,
    resulted,
    shortened,
)
from bot.agent.state import MOST_CALLS, MOST_ROUNDS, AskContext, GraphState
from bot.agent.tooling import Toolbox
from bot.domain.tutor.spoilers import Spoilers
from bot.domain.tutor.talk import LookingUp, Ran, Said
from tools.errors import EngineError, Unavailable

LEAK = "it would tell what the learner has yet to guess"
CITED = re.compile(r"\[(\d+(?:,\s*\d+)*)\]")
_CUT = "It stops at its limit of {:,} tokens. Ask for one part of it, or for the rest."
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
        tools = self._tools(state, asking, messages) if rounds < MOST_ROUNDS else ()
        try:
            for shortness in range(SHORTEST):
                with suppress(Overlong):
                    shorter = shortened(messages, shortness)
                    return await self._round(state, runtime, shorter, tools)
            return await self._round(state, runtime, shortened(messages, SHORTEST), ())
        except EngineError as failed:
            return {"note": str(failed), "has_failed": True, "rounds": rounds}

    def _tools(
        self, state: GraphState, asking: AskContext, messages: Sequence[Mapping[str, Any]]
    ) -> Sequence[Mapping[str, Any]]:
        """Return the tools to offer: none where all calls are used up."""
        if not self.chat.takes_tools or _calls_made(messages) >= MOST_CALLS:
            return ()
        return offered(asking.question.text, state["passages"])

    async def _round(
        self,
        state: GraphState,
        runtime: Runtime[AskContext],
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
    ) -> GraphState:
        reading = _Reading(self.chat, state, runtime)
        async with self.chat.turn(messages, tools) as (turn, words):
            await reading.read(turn, words)
        if turn.is_eaten:
            self.chat.raise_limit()  # once; it says what happened the second time
            return await self._round(state, runtime, messages, tools)
        if turn.is_whole and not turn.text and not turn.calls:
            raise Unavailable("The chat model ended its answer without a word. Ask again.")
        sieve = reading.sieve
        left = MOST_CALLS - _calls_made(messages)
        return {
            "draft": sieve.passed if turn.is_cut and not sieve.fault else turn.text,
            "calls": turn.calls[:left] if tools and not sieve.fault and not turn.is_cut else (),
            "fault": sieve.fault,
            "cut": _CUT.format(self.chat.answer_tokens) if turn.is_cut else None,
            "messages": tuple(messages),
            "rounds": state.get("rounds", 0) + 1,
            "tokens": state.get("tokens", 0) + turn.tokens,
        }


class _Reading:
    """Reads one turn, and shows of it what stands."""

    def __init__(self, chat: Chat, state: GraphState, runtime: Runtime[AskContext]) -> None:
        self._chat, self._write = chat, runtime.stream_writer
        self._ground = ground_in(state, runtime.context.question.text)
        self._spoilers = runtime.context.brief.spoilers
        self._is_shown = False
        self.sieve = Sieve(self._ground, self._spoilers)

    async def read(self, turn: ChatTurn, words: AsyncIterator[str]) -> None:
        """Read to the end, or to the first sentence with a fault.

        Of a model that may think unseen (`Chat.opens_unseen`) a fault may stand in its thoughts,
        so it is read on; and nothing of it is shown before it has cited something.
        """
        starts = 0
        try:
            async for word in words:
                if turn.fresh_starts > starts:
                    starts = self._start_afresh(turn)
                self._show(self.sieve.take(word))
                if self.sieve.fault and self._chat.opens_unseen is not None:
                    return  # leaving closes the stream
        except EngineError:
            if not self.sieve.fault:
                raise
        if turn.fresh_starts > starts:
            self._start_afresh(turn)
        if not turn.is_cut:  # what the limit ends within its first sentence says nothing
            self._show(self.sieve.rest(), is_last=True)

    def _start_afresh(self, turn: ChatTurn) -> int:
        if self._is_shown:
            self._write(Said(""))
        self.sieve, self._is_shown = Sieve(self._ground, self._spoilers), False
        return turn.fresh_starts

    def _show(self, shown: str | None, *, is_last: bool = False) -> None:
        is_sure = self._chat.opens_unseen is not None or is_last
        if shown and (is_sure or CITED.search(self.sieve.passed)):
            self._write(Said(shown))
            self._is_shown = True


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

    @property
    def passed(self) -> str:
        """All that was let through, its citation marks included."""
        return self._text[: self._passed]

    def take(self, words: str) -> str | None:
        """Add words; return all that may be shown, if there is more of it than before."""
        self._text += words
        if self.fault:
            return None
        ends = [m.end() for m in _SENTENCE_END.finditer(self._text, self._passed)]
        return self._let_through(ends)

    def rest(self) -> str | None:
        """Return all that may be shown, now that no more words come."""
        return None if self.fault else self._let_through([len(self._text)])

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
        return readable(self.passed) if self._passed > before else None


def ground_in(state: GraphState, question: str) -> Ground:
    """Return what an answer may rest on at this point."""
    texts = [f"{one.title}. {one.text}" for one in state["passages"]]
    return ground_of(question, [*texts, *(one.text for one in state["results"])])


def readable(draft: str) -> str:
    """Return a draft without its citation marks: sources stand below it by name."""
    return re.sub(rf"\s*{CITED.pattern}", "", draft).strip()


def _calls_made(messages: Sequence[Mapping[str, Any]]) -> int:
    return sum(message["role"] == "tool" for message in messages)
