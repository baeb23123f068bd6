"""A chat model behind an OpenAI-compatible server, as a stream of words and tool calls.

Every way of failing ends in an `EngineError` whose text can be shown; a stream that is left is
closed, so the server stops writing. What a server refuses of a request is left out from then on.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from typing import Any

from bot.agent.chat_turn import ChatTurn
from bot.agent.refused import refused_part, without
from bot.agent.thinking import Thoughts
from tools.engine.cluster.events import Events
from tools.engine.cluster.server import Server
from tools.engine.prompts import break_control_tokens
from tools.errors import BadInput, EngineError, Unavailable

LONGEST_TOKEN = 16  # characters on average, over a whole answer: English has 4, blanks 16
RAISED = 4  # times as many tokens, once thinking has eaten a whole answer
_MOST_LEFT_OUT = 7  # of one request: every part that can be, the limit under both names
Message = Mapping[str, Any]


class Overlong(EngineError):
    """What was sent doesn't fit into the model's context; whoever asked can't help that."""


class Chat:
    """One chat model."""

    def __init__(
        self, server: Server, model: str, *, answer_tokens: int = 600, control: Sequence[str] = ()
    ) -> None:
        """Take a server; nothing is sent yet.

        Args:
            server: Where the model is.
            model: Its name there.
            answer_tokens: The most that one turn may write.
            control: The served tokenizer's own control tokens, where they are known.
        """
        self.model = model
        self.answer_tokens = answer_tokens
        self.opens_unseen: bool | None = None  # its prompt opens the thinking; None: not known yet
        self._server = server
        self._control = tuple(control)
        self._refused: list[str] = []  # parts of a request, in the order they were left out
        self._is_raised = False

    @property
    def takes_tools(self) -> bool:
        """Whether it may be offered tools: until the server says otherwise."""
        return "tools" not in self._refused

    @property
    def left_out(self) -> tuple[str, ...]:
        """What the server was found to refuse, and is no longer asked for."""
        names = list(dict.fromkeys(self._refused))
        if self._refused.count("max_tokens") == 1:
            names[names.index("max_tokens")] = "max_tokens (max_completion_tokens in its place)"
        return tuple(names)

    async def check(self) -> str:
        """Ask one short thing, with all that the tutor asks for; return how it went, in a line.

        Raises:
            EngineError: as `turn`; its text says what is wrong.
        """
        await self._try(self._schema_body(_PING, {"type": "object"}))
        first_s = await self._try(self._body(_PING, temperature=0.2) | _tools([_TOOL]))
        line = f"{self.model} at {self._server.host}: first token after {first_s:.1f} s"
        return f"{line}; it refuses {', '.join(self.left_out)}" if self._refused else line

    async def _try(self, body: dict[str, Any]) -> float:
        """Wait for the first token, and leave; return how long it took, in seconds."""
        async with self._streamed(body) as (turn, _):
            if not turn.has_begun:
                host = self._server.host
                raise Unavailable(f"The chat model at {host} ended its answer without a word.")
            return turn.first_s

    @asynccontextmanager
    async def turn(
        self, messages: Sequence[Message], tools: Sequence[Message] = ()
    ) -> AsyncIterator[tuple[ChatTurn, AsyncIterator[str]]]:
        """Ask for one turn; give it with the words as they come, once the first is there.

        Leaving the context closes the stream. Read the words to their end before the calls. Where
        the turn makes a fresh start, the words do too.

        Raises:
            Overlong: the messages don't fit; shorter ones may.
            EngineError: down, slow, refused, cut off, or not a chat completion.
        """
        body = self._body(messages, temperature=0.2) | (_tools(tools) if tools else {})
        async with self._streamed(body) as streamed:
            yield streamed

    async def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return an answer that is to be JSON of a schema; whether it is, the caller checks.

        It is streamed: a long answer may take its time, as long as it comes.

        Raises:
            EngineError: as `turn`.
        """
        while True:
            async with self._streamed(self._schema_body(messages, schema)) as (turn, words):
                async for _ in words:
                    pass
            if not turn.is_eaten:
                return turn.text
            self.raise_limit()

    def raise_limit(self) -> None:
        """Let an answer be longer: all of the last one went into thinking.

        Raises:
            Unavailable: it was raised before, and that wasn't enough.
        """
        if self._is_raised:
            raise Unavailable(
                f"The chat model thought for all the {self.answer_tokens:,} tokens that an answer"
                " may take, and came to none. HUNCH_ANSWER_TOKENS sets how many it may take."
            )
        self._is_raised = True
        self.answer_tokens *= RAISED

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    @asynccontextmanager
    async def _streamed(
        self, body: dict[str, Any]
    ) -> AsyncIterator[tuple[ChatTurn, AsyncIterator[str]]]:
        async with AsyncExitStack() as until_left:
            turn, events = await self._begun(body, until_left)
            async with aclosing(self._words(turn, events)) as words:
                yield turn, words

    async def _begun(
        self, body: dict[str, Any], until_left: AsyncExitStack
    ) -> tuple[ChatTurn, Events]:
        """Return a turn whose first token is there, without what the server refuses.

        Only what an answer came without is remembered.
        """
        for name in self._refused:
            body = without(body, name)
        found: list[str] = []
        while True:
            try:
                async with AsyncExitStack() as attempt:
                    opened = await self._first(body, attempt)
                    until_left.push_async_exit(attempt.pop_all())
            except EngineError as refused:
                part = refused_part(refused, body)
                if part is None or len(found) == _MOST_LEFT_OUT:
                    raise
                found.append(part)
                body = without(body, part)
            else:
                self._refused += found
                return opened

    async def _first(
        self, body: dict[str, Any], attempt: AsyncExitStack
    ) -> tuple[ChatTurn, Events]:
        clock = asyncio.get_running_loop()
        thoughts = Thoughts(is_opened=self.opens_unseen is True)
        began, turn = clock.time(), ChatTurn(thoughts, LONGEST_TOKEN * self.answer_tokens)
        with _overlong_told():
            stream = self._server.stream("chat/completions", body)
            events = await attempt.enter_async_context(stream)
            while not turn.has_begun and (event := await anext(events, _END)) is not _END:
                turn.take(event)
        turn.first_s = clock.time() - began
        return turn, events

    async def _words(self, turn: ChatTurn, events: Events) -> AsyncGenerator[str]:
        told, starts = "", 0
        with _overlong_told():
            if told := turn.text:
                yield told
            async for event in events:
                turn.take(event)
                told, starts = ("" if turn.fresh_starts > starts else told), turn.fresh_starts
                if words := turn.text[len(told) :]:
                    told = turn.text
                    yield words
                if turn.is_over:
                    break
        turn.end(is_done=events.is_done)
        self._learn(turn)
        if words := turn.text[len(told) if turn.fresh_starts == starts else 0 :]:
            yield words
        if by := turn.broken_off_by:
            raise Unavailable(f"The chat model's server ended its answer in the midst ({by}).")
        if not turn.is_whole:
            raise Unavailable("The chat model broke off in the middle of its answer. Ask again.")

    def _learn(self, turn: ChatTurn) -> None:
        """Note whether the prompt opens the model's thinking, so that only its end is seen."""
        if turn.thoughts.closed_unopened:
            self.opens_unseen = True
        elif turn.text:
            self.opens_unseen = False

    def _body(self, messages: Sequence[Message], temperature: float) -> dict[str, Any]:
        return {
            "model": self.model,
            "messages": [self._cleaned(message) for message in messages],
            "max_tokens": self.answer_tokens,
            "temperature": temperature,
            "stream_options": {"include_usage": True},
        }

    def _schema_body(
        self, messages: Sequence[Message], schema: Mapping[str, Any]
    ) -> dict[str, Any]:
        wanted = {"name": "answer", "schema": dict(schema), "strict": True}
        form = {"type": "json_schema", "json_schema": wanted}
        return self._body(messages, temperature=0) | {"response_format": form}

    def _cleaned(self, message: Message) -> dict[str, Any]:
        """Return a message whose text holds nothing that the server takes for its own markup."""
        cleaned = dict(message)
        if isinstance(cleaned.get("content"), str):
            cleaned["content"] = break_control_tokens(cleaned["content"], self._control)
        return cleaned


@contextmanager
def _overlong_told() -> Iterator[None]:
    try:
        yield
    except BadInput as long:
        raise Overlong(
            "The chat model's context is too short for this question and what answers it."
        ) from long


def _tools(tools: Sequence[Message]) -> dict[str, Any]:
    return {"tools": list(tools), "tool_choice": "auto"}


_END = object()
_PING: Sequence[Message] = ({"role": "user", "content": 'Reply with this and no more: {"ok": 1}'},)
_TOOL: Message = {
    "type": "function",
    "function": {
        "name": "calculate",
        "description": "Work out an arithmetic expression.",
        "parameters": {"type": "object", "properties": {"expression": {"type": "string"}}},
    },
}
