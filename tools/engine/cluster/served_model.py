"""One model at a server, and how it is asked for a completion. Used by `cluster` alone."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from tools.engine.cluster import answers
from tools.engine.cluster.refusals import NoSuchPath, Refused
from tools.engine.cluster.server import Server
from tools.engine.cluster.spelling import TokenSpelling
from tools.engine.prompts import break_control_tokens, clean_text
from tools.errors import BadInput, EngineError, Nonsense, Unavailable

MAX_LOGPROBS = 20  # vLLM's default limit: 21 is refused
FEWEST_LOGPROBS = 5  # OpenAI's own limit
_OWN = ("return_tokens_as_token_ids", "return_token_ids", "ignore_eos")  # vLLM's, not OpenAI's
_MENDABLE = (400, 422)
_CERTAIN = -0.01
_Answer = TypeVar("_Answer")


class ServedModel:
    """A model by name at a server.

    Attributes:
        name: What it is served under; empty until asked, when the server is to choose.
        server: Where.
        spelling: Its vocabulary, as far as it is known.
        is_strict: It refuses what OpenAI's API doesn't have; False until it has been met.
    """

    def __init__(self, server: Server, name: str, tokenizer: str | None = None) -> None:
        """Remember whom to ask for what, and where the model's own tokenizer is."""
        self.name = name
        self.server = server
        self.spelling = TokenSpelling(server, tokenizer)
        self.is_strict = False

    async def resolved(self) -> str:
        """Return the name; the first that the server lists, where none was chosen."""
        if not self.name:
            self.name = await self._first_served()
        return self.name

    async def harmless(self, text: str) -> str:
        """Return outside text with every control token of the served tokenizer broken up."""
        clean = clean_text(text)
        await self.resolved()
        return break_control_tokens(clean, await self.spelling.control_tokens())

    def body(self, sent: str | Sequence[int], k: int) -> dict[str, Any]:
        """Return the request for the `k` likeliest next tokens of a text, or of token ids."""
        return {
            "model": self.name,
            "prompt": sent if isinstance(sent, str) else list(sent),
            "max_tokens": 1,
            "temperature": 0,
            "logprobs": min(k, MAX_LOGPROBS),
            "return_tokens_as_token_ids": True,
            "return_token_ids": True,
        }

    def timed_body(self, sent: str, tokens: int) -> dict[str, Any]:
        """Return the request for a stream of exactly so many tokens."""
        return {
            "model": self.name,
            "prompt": sent,
            "max_tokens": tokens,
            "temperature": 0,
            "ignore_eos": True,  # so that as many come as were asked for
            "return_token_ids": True,
            "stream_options": {"include_usage": True},
        }

    async def complete(self, sent: str | Sequence[int], k: int) -> answers.Completion:
        """Return the `k` likeliest next tokens of a text, or of token ids.

        llama.cpp lists nothing beside a token that is half a character, or the end. Its lists are
        from before any bias, so it is asked once more, to take a whole token in its place.
        """
        body = self.body(sent, k)
        answer = await self.post(body)
        if not answers.is_unlisted(answer):
            return answers.read_completion(answer)
        try:
            whole = answers.read_ids(await self.spelling.cut(self.name, " the", is_start=False))[-1]
        except NoSuchPath:
            return answers.read_completion(answer)
        forced = {"logit_bias": {str(whole): 100}}
        read = answers.read_completion(await self.post(body | forced))
        if read.by_id.get(whole, -1.0) > _CERTAIN:  # then this server's lists are from after it
            return answers.read_completion(answer)
        return read

    async def post(self, body: dict[str, Any]) -> Any:
        """Ask for a completion; a missing model is told with those there are.

        Who refuses vLLM's own parameters, or so many log-probabilities, is asked without them, and
        from then on at once.
        """
        try:
            return await self._mended(lambda fit: self.server.post("completions", fit), body)
        except NoSuchPath as missing:
            raise Unavailable(await self.what_is_served()) from missing

    @asynccontextmanager
    async def stream(self, body: dict[str, Any]) -> AsyncIterator[AsyncIterator[Any]]:
        """Stream a completion; see `Server.stream`, and `post`."""
        async with AsyncExitStack() as until_left:

            async def begin(fit: dict[str, Any]) -> AsyncIterator[Any]:
                events = self.server.stream("completions", fit)
                return await until_left.enter_async_context(events)

            yield await self._mended(begin, body)

    async def _mended(
        self, ask: Callable[[dict[str, Any]], Awaitable[_Answer]], body: dict[str, Any]
    ) -> _Answer:
        bare = plain(body)
        try:
            return await ask(bare if self.is_strict else body)
        except Refused as refused:
            if self.is_strict or body == bare or refused.status not in _MENDABLE:
                raise
            answer = await ask(bare)
        self.is_strict = True
        return answer

    async def texts_by_logprob(
        self, by_id: dict[int, float], sent: str | Sequence[int], k: int
    ) -> dict[int, str]:
        """Ask once more, keyed by text, and pair ids with texts of the same log-probability."""
        body = self.body(sent, k) | {"return_tokens_as_token_ids": False}
        left = dict(answers.read_completion(await self.post(body)).by_text)
        texts = {}
        for number, logprob in by_id.items():
            nearest = min(left, key=lambda text: abs(left[text] - logprob), default=None)
            if nearest is not None and abs(left[nearest] - logprob) < 0.01:
                texts[number] = nearest
                del left[nearest]
        return texts

    async def what_is_served(self) -> str:
        """Say why /v1/completions gave a 404: another model, or another kind of server."""
        host = self.server.host
        try:
            listed = await self.server.get("models")
            names = [str(entry["id"]) for entry in listed["data"]]
        except (EngineError, BadInput, KeyError, TypeError):
            return f"There is no /v1/completions at {host}. Check HUNCH_MODEL_URL (it ends in /v1)."
        if self.name in names:
            return f"The server at {host} has {self.name}, but no /v1/completions. Is it vLLM?"
        return f"The server at {host} has no model {self.name}. It has: {', '.join(names)[:300]}."

    async def _first_served(self) -> str:
        """Return the first model that the server lists."""
        listed = await self.server.get("models")
        try:
            return str(listed["data"][0]["id"])
        except (KeyError, IndexError, TypeError) as missing:
            host = self.server.host
            raise Nonsense(f"The server at {host} lists no model. Set HUNCH_MODEL.") from missing


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """Return a request with nothing in it that OpenAI's own API refuses."""
    kept = {key: value for key, value in body.items() if key not in _OWN}
    if "logprobs" in kept:
        kept["logprobs"] = min(kept["logprobs"], FEWEST_LOGPROBS)
    return kept
