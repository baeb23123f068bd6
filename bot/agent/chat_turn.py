"""One answer of a chat model while it comes in: its words, its thinking apart, its calls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.agent.thinking import Thoughts
from tools.errors import Nonsense

MOST_CALLS = 16  # in one answer; more are asked for without end
LONGEST_ARGUMENTS = 4000  # characters; a call that goes on beyond is broken off
NONSENSE = "The chat model's server sent something that is no chat completion. Ask again."
_BROKEN_OFF = (  # filters of OpenAI, Azure, Google, Bedrock, Anthropic; failures of vLLM, gateways
    *("content_filter", "safety", "recitation", "prohibited_content", "blocklist"),
    *("guardrail_intervened", "refusal", "error", "abort"),
)
_BY_THE_LIMIT = ("length", "max_tokens", "max_output_tokens", "model_length")
_THOUGHT = ("reasoning_content", "reasoning", "reasoning_details", "thinking")


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that the model wants to be run; `arguments` is JSON as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(slots=True)
class _Part:
    """A call as far as it has come; `place` is where the server counts it."""

    place: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class ChatTurn:
    """One answer.

    Attributes:
        thoughts: Holds the words, sorted.
        most: Characters of words and thoughts; what comes beyond them is left, whatever limit the
            server keeps to.
        tokens: Read and written, where the server tells; else an estimate from the words.
        is_whole: It came to an end.
        is_cut: That end is the limit's.
        broken_off_by: What ended it in its midst, in the server's word: a filter, a failure.
        has_begun: A word, a thought or a call has come.
        first_s: How long that took, in seconds.
    """

    thoughts: Thoughts = field(default_factory=Thoughts)
    most: int = 100_000
    tokens: int = 0
    is_whole: bool = False
    is_cut: bool = False
    broken_off_by: str = ""
    has_begun: bool = False
    first_s: float = 0.0
    _has_thought: bool = False
    _taken: int = 0
    _parts: list[_Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words so far that are no thinking."""
        return self.thoughts.answer

    @property
    def calls(self) -> tuple[Call, ...]:
        """The tools that the model asks for: complete once the stream has ended."""
        return tuple(
            Call(one.id or f"call-{place}", one.name, one.arguments)
            for place, one in enumerate(sorted(self._parts, key=lambda one: one.place))
        )

    @property
    def fresh_starts(self) -> int:
        """How often what looked like the answer proved to be thinking."""
        return self.thoughts.fresh_starts

    @property
    def is_eaten(self) -> bool:
        """Whether the limit came before any answer: all of it was thinking, or nothing came."""
        return self.is_cut and not self.text.strip() and not self._parts

    @property
    def is_over(self) -> bool:
        """Whether the server has gone on beyond the limit: no more of it is read."""
        return self._taken > self.most

    @property
    def has_thought(self) -> bool:
        """Whether the model thought before it answered, in whatever form."""
        return self._has_thought or self.thoughts.has_thought or self.thoughts.is_thinking

    def take(self, event: Any) -> None:
        """Add what an event holds.

        Raises:
            Nonsense: it is no chunk of a chat completion, or a call without an end.
        """
        if not isinstance(event, dict):
            raise Nonsense(NONSENSE)
        usage = event.get("usage")
        if isinstance(usage, dict) and isinstance(usage.get("total_tokens"), int):
            self.tokens = usage["total_tokens"]
        choices = event.get("choices")
        if not choices:
            return
        try:
            for one in choices:
                if not one.get("index"):  # more than the one that was asked for are others
                    self._take_choice(one)
        except (AttributeError, KeyError, TypeError, IndexError, ValueError) as wrong:
            raise Nonsense(NONSENSE) from wrong

    def end(self, *, is_done: bool) -> None:
        """Note that no more comes.

        Args:
            is_done: The server said so, whether it gave a reason or not.
        """
        self.thoughts.end(is_cut=self.is_cut)
        self.is_whole = self.is_whole or is_done
        self.tokens = self.tokens or len(self.text) // 4  # a token's usual length

    def _take_choice(self, choice: Mapping[str, Any]) -> None:
        delta = choice.get("delta") or choice.get("message") or {}
        words, has_thought = _sorted(delta.get("content"))
        apart = [str(delta.get(name) or "") for name in _THOUGHT]
        self._has_thought |= has_thought or any(apart)
        self._taken += len(words) + max(map(len, apart))
        words = words[: max(0, len(words) - max(0, self._taken - self.most))]
        for part in delta.get("tool_calls") or ():
            self._take_call(part)
        if words:
            self.thoughts.take(_storable(words))
        self.has_begun = bool(self.has_begun or words or self._has_thought or self._parts)
        if reason := choice.get("finish_reason"):
            self.is_whole = True
            self.is_cut = str(reason).lower() in _BY_THE_LIMIT
            self.broken_off_by = str(reason) if str(reason).lower() in _BROKEN_OFF else ""
        if self.is_over:
            self.is_whole = self.is_cut = True

    def _take_call(self, part: Mapping[str, Any]) -> None:
        function = part.get("function") or {}
        name, said = function.get("name") or "", function.get("arguments") or ""
        place, id_ = int(part.get("index") or 0), part.get("id") or ""
        call = next((one for one in reversed(self._parts) if one.place == place), None)
        if call is None or _is_another(call, id_, name):
            if len(self._parts) == MOST_CALLS:
                raise Nonsense(
                    "The chat model asked for tools without coming to an end. Ask again."
                )
            call = _Part(place)
            self._parts.append(call)
        call.id, call.name = id_ or call.id, name or call.name
        call.arguments += said if isinstance(said, str) else json.dumps(said)
        if len(call.arguments) > LONGEST_ARGUMENTS:
            raise Nonsense("The chat model asked for a tool without coming to an end. Ask again.")


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


def _is_another(call: _Part, id_: str, name: str) -> bool:
    """Tell whether a piece begins a call of its own, though it is counted at the same place.

    Gateways that number all parallel calls 0 do so (Gemini's endpoint, older Ollama).
    """
    if id_ and call.id:
        return id_ != call.id
    if not name or not call.name:
        return False
    return name != call.name or _is_whole(call.arguments)


def _is_whole(arguments: str) -> bool:
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        return False
    return True


def _sorted(content: Any) -> tuple[str, bool]:
    """Return the words of a content, which may be a list of parts, and whether it holds thoughts.

    Raises:
        TypeError: it is neither.
    """
    if content is None or isinstance(content, str):
        return content or "", False
    parts: Sequence[Any] = [content] if isinstance(content, dict) else content
    if not isinstance(parts, list):
        raise TypeError(content)
    parts = [one for one in parts if one is not None]
    said = [one if isinstance(one, str) else _said(one) for one in parts]
    return "".join(said), any(isinstance(one, dict) and not _said(one) for one in parts)


def _said(part: Mapping[str, Any]) -> str:
    """Return the words of one part; of a thought, or a thing that is no text, none."""
    text = part.get("text")
    text = text.get("value") if isinstance(text, dict) else text
    is_text = str(part.get("type") or "text").lower() in ("text", "output_text")
    return text if is_text and isinstance(text, str) else ""


def _storable(words: str) -> str:
    """Return text that any database and any card takes: no NUL, no half characters."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()
