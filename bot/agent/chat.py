"""A chat model behind an OpenAI-compatible server, as a stream of words and tool calls.

Every way of failing ends in an `EngineError` whose text can be shown; a stream that is left is
closed, so the server stops writing.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tools.engine.cluster.server import Server
from tools.engine.prompts import break_control_tokens
from tools.errors import EngineError, Nonsense, Unavailable

LONGEST_ARGUMENTS = 4000  # characters; a call that goes on beyond is broken off
Message = Mapping[str, Any]


class NoTools(EngineError):
    """The server takes no tools."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that the model wants to be run; `arguments` is JSON as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(slots=True)
class ChatTurn:
    """One answer of the model while it comes in.

    Attributes:
        text: All words so far.
        calls: Complete once the stream has ended.
        tokens: Read and written, where the server tells; else an estimate from the words.
    """

    text: str = ""
    tokens: int = 0
    is_whole: bool = False
    _calls: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The tools that the model asks for."""
        return tuple(
            Call(one["id"] or f"call-{place}", one["name"], one["arguments"])
            for place, one in sorted(self._calls.items())
        )

    def take(self, event: Any) -> str:
        """Add what an event holds; return the new words.

        Raises:
            Nonsense: it is no chunk of a chat completion, or a call without an end.
        """
        if not isinstance(event, dict):
            raise Nonsense(_NONSENSE)
        usage = event.get("usage")
        if isinstance(usage, dict) and isinstance(usage.get("total_tokens"), int):
            self.tokens = usage["total_tokens"]
        choices = event.get("choices")
        if not choices:
            return ""
        try:
            delta = choices[0].get("delta") or {}
            words = _storable(delta.get("content") or "")
            for part in delta.get("tool_calls") or ():
                self._take_call(part)
            self.is_whole = self.is_whole or bool(choices[0].get("finish_reason"))
            self.text += words
        except (AttributeError, KeyError, TypeError, IndexError) as wrong:
            raise Nonsense(_NONSENSE) from wrong
        return words

    def _take_call(self, part: Mapping[str, Any]) -> None:
        empty = {"id": "", "name": "", "arguments": ""}
        call = self._calls.setdefault(int(part.get("index") or 0), empty)
        call["id"] = part.get("id") or call["id"]
        function = part.get("function") or {}
        call["name"] = function.get("name") or call["name"]
        call["arguments"] += function.get("arguments") or ""
        if len(call["arguments"]) > LONGEST_ARGUMENTS:
            raise Nonsense("The chat model asked for a tool without coming to an end. Ask again.")


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
        self.takes_tools = True  # until the server says otherwise
        self._server = server
        self._answer_tokens = answer_tokens
        self._control = tuple(control)

    @asynccontextmanager
    async def turn(
        self, messages: Sequence[Message], tools: Sequence[Message] = ()
    ) -> AsyncIterator[tuple[ChatTurn, AsyncIterator[str]]]:
        """Ask for one turn; give it with the words as they come.

        Leaving the context closes the stream. Read the words to their end before the calls.

        Raises:
            NoTools: tools were offered, and the server takes none.
            EngineError: down, slow, refused, cut off, or not a chat completion.
        """
        body = self._body(messages, temperature=0.2)
        if tools:
            body |= {"tools": list(tools), "tool_choice": "auto"}
        async with AsyncExitStack() as until_left:
            try:  # the asking alone: what the caller raises is no refusal
                streamed = await until_left.enter_async_context(self._streamed(body))
            except Unavailable as refused:
                if tools and "tool" in str(refused).lower():
                    self.takes_tools = False
                    raise NoTools(str(refused)) from refused
                raise
            yield streamed

    async def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return an answer that is to be JSON of a schema; whether it is, the caller checks.

        It is streamed: a long answer may take its time, as long as it comes.

        Raises:
            EngineError: as `turn`.
        """
        wanted = {"name": "answer", "schema": dict(schema), "strict": True}
        body = self._body(messages, temperature=0)
        try:
            form = {"type": "json_schema", "json_schema": wanted}
            return await self._text(body | {"response_format": form})
        except Unavailable as refused:
            if "refused the request (400)" not in str(refused):
                raise
            return await self._text(body)  # it knows no schemas: the caller checks anyway

    async def _text(self, body: dict[str, Any]) -> str:
        async with self._streamed(body) as (_, words):
            return "".join([some async for some in words])

    @asynccontextmanager
    async def _streamed(
        self, body: dict[str, Any]
    ) -> AsyncIterator[tuple[ChatTurn, AsyncIterator[str]]]:
        async with self._server.stream("chat/completions", body) as events:
            turn = ChatTurn()
            async with aclosing(_words(turn, events)) as words:
                yield turn, words

    def _body(self, messages: Sequence[Message], temperature: float) -> dict[str, Any]:
        return {
            "model": self.model,
            "messages": [self._cleaned(message) for message in messages],
            "max_tokens": self._answer_tokens,
            "temperature": temperature,
            "stream_options": {"include_usage": True},
        }

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    def _cleaned(self, message: Message) -> dict[str, Any]:
        """Return a message whose text holds nothing that the server takes for its own markup."""
        cleaned = dict(message)
        if isinstance(cleaned.get("content"), str):
            cleaned["content"] = break_control_tokens(cleaned["content"], self._control)
        return cleaned


async def _words(turn: ChatTurn, events: AsyncIterator[Any]) -> AsyncGenerator[str]:
    async for event in events:
        if words := turn.take(event):
            yield words
    if not turn.is_whole:
        raise Unavailable("The chat model broke off in the middle of its answer. Ask again.")
    if not turn.tokens:
        turn.tokens = len(turn.text) // 4  # the usual length of a token, where nobody counts


def parsed(call: Call) -> dict[str, Any]:
    """Return a call's arguments.

    Raises:
        ValueError: they aren't a JSON object.
    """
    try:
        found = json.loads(call.arguments or "{}")
    except RecursionError as deep:
        raise ValueError("nested too deeply") from deep
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _storable(words: str) -> str:
    """Return text that any database and any card takes: no NUL, no half characters."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()


_NONSENSE = "The chat model's server sent something that is no chat completion. Ask again."
