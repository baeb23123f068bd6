"""The engine elsewhere: an OpenAI-compatible server, vLLM first, asked by token id.

Texts collide (many half characters look alike), ids don't; so ids are asked for, and turned into
text by the server's own /detokenize. A gateway that passes only /v1 on serves as well, with less:
texts are then matched by log-probability, and a guess can't be scored.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tools.engine import answers
from tools.engine.base import Candidate, Capability, Distribution, Prompt, Scored, Token
from tools.engine.prompts import break_control_tokens, clean_text
from tools.engine.server import NoSuchPath, Server
from tools.errors import BadInput, EngineError, Missing, Nonsense, Unavailable

MAX_LOGPROBS = 20  # vLLM's default limit: 21 is refused
KEPT_TEXTS = 20_000
NO_ID = -1  # of a token whose server names only its text


class ClusterEngine:
    """Asks a model server for one token at a time.

    Attributes:
        name: "cluster".
        model: The name it is served under; empty until asked, when the server is to choose.
    """

    def __init__(
        self,
        base_url: str,
        model: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = 20.0,
    ) -> None:
        """Remember where to ask; nothing is sent yet.

        Args:
            base_url: Up to and including /v1.
            model: The name it is served under; None for the first that the server lists.
            api_key: If the server wants one.
            timeout_s: For each call.
        """
        self.name = "cluster"
        self.address = base_url
        self.model = model or ""
        self._server = Server(base_url, api_key, timeout_s=timeout_s)
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._has_detokenize = True
        self._control: tuple[str, ...] | None = None  # not asked for yet

    def start(self) -> None:
        """Nothing to get ready: the server is somebody else's."""

    def capabilities(self) -> frozenset[Capability]:
        """All but the whole vocabulary: a server shows at most 20."""
        return frozenset(Capability) - {Capability.FULL_VOCABULARY}

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        """Return the `k` likeliest next tokens; the entropy is a lower bound.

        Raises:
            Unavailable: no answer, or a refusal.
            Nonsense: an answer that can't be true.
            BadInput: the prompt is too long, or holds what can't be sent.
        """
        started = time.perf_counter()
        text = await self._harmless(prompt.text)
        sent: str | list[int] = text
        if prompt.appended:
            sent = [*await self._prompt_ids(text), *_real(prompt.appended)]
        read = await self._complete(sent, k)
        top = await self._candidates(read, sent, k)
        return Distribution(
            prompt_tokens=await self._prompt_tokens(text, read.prompt_ids, prompt.appended),
            top=top,
            vocabulary=None,
            entropy_bits=answers.entropy_floor_bits(top),
            is_entropy_exact=False,
            model=self.model,
            engine=self.name,
            at=datetime.now(UTC),
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    async def score(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        """Score each token of a continuation, cut into tokens by itself.

        Raises:
            Missing: the server has no /tokenize.
            BadInput, EngineError: as `next_token`.
        """
        text, following = await asyncio.gather(
            self._harmless(prompt.text), self._harmless(continuation)
        )
        if not following:
            raise BadInput("Type at least one character as your guess.")
        try:
            first, then = await asyncio.gather(
                self._tokenize(text), self._tokenize(following, is_start=False)
            )
        except NoSuchPath as missing:
            raise Missing(
                f"The model server at {self._server.host} has no /tokenize, so it can't score a "
                "guess. The embedded model can."
            ) from missing
        continuation_ids = answers.read_ids(then)
        ids = [*answers.read_ids(first), *_real(prompt.appended), *continuation_ids]
        body = self._body(ids, 1) | {"prompt_logprobs": 1}
        scores = answers.read_prompt_scores(await self._post(body), continuation_ids)
        texts = await self._texts_of(continuation_ids)
        return tuple(
            Scored(Token(score.id, texts[score.id]), score.logprob, score.rank) for score in scores
        )

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        """Cut outside text into tokens; control tokens in it are broken up."""
        try:
            answer = await self._tokenize(await self._harmless(text))
        except NoSuchPath as missing:
            raise Missing(
                f"The model server at {self._server.host} has no /tokenize. "
                "The embedded model can cut text into tokens."
            ) from missing
        return self._named(answer)

    async def check(self) -> str:
        """Ask for one token, and return one line on who answered."""
        distribution = await self.next_token(Prompt("The cat sat on the"), 1)
        return f"{self.model} at {self._server.host} answers in {distribution.elapsed_ms:.0f} ms"

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    def _body(self, sent: str | Sequence[int], k: int) -> dict[str, Any]:
        return {
            "model": self.model,
            "prompt": sent if isinstance(sent, str) else list(sent),
            "max_tokens": 1,
            "temperature": 0,
            "logprobs": min(k, MAX_LOGPROBS),
            "return_tokens_as_token_ids": True,
            "return_token_ids": True,
        }

    async def _complete(self, sent: str | Sequence[int], k: int) -> answers.Completion:
        return answers.read_completion(await self._post(self._body(sent, k)))

    async def _post(self, body: dict[str, Any]) -> Any:
        try:
            return await self._server.post("completions", body)
        except NoSuchPath as missing:
            raise Unavailable(await self._what_is_served()) from missing

    async def _what_is_served(self) -> str:
        """Say why /v1/completions gave a 404: another model, or another kind of server."""
        host = self._server.host
        try:
            listed = await self._server.get("models")
            names = [str(entry["id"]) for entry in listed["data"]]
        except (EngineError, BadInput, KeyError, TypeError):
            return f"There is no /v1/completions at {host}. Check HUNCH_MODEL_URL (it ends in /v1)."
        if self.model in names:
            return f"The server at {host} has {self.model}, but no /v1/completions. Is it vLLM?"
        return f"The server at {host} has no model {self.model}. It has: {', '.join(names)[:300]}."

    async def _harmless(self, text: str) -> str:
        """Return outside text with every control token of the served tokenizer broken up."""
        clean = clean_text(text)
        if not self.model:
            self.model = await self._first_served()
        if self._control is None:
            self._control = await self._control_tokens()
        return break_control_tokens(clean, self._control)

    async def _first_served(self) -> str:
        """Return the first model that the server lists."""
        listed = await self._server.get("models")
        try:
            return str(listed["data"][0]["id"])
        except (KeyError, IndexError, TypeError) as missing:
            host = self._server.host
            raise Nonsense(f"The server at {host} lists no model. Set HUNCH_MODEL.") from missing

    async def _control_tokens(self) -> tuple[str, ...]:
        """Return the served tokenizer's control tokens, if the server tells (vLLM can)."""
        try:
            told = await self._server.get("tokenizer_info", at_root=True)
            entries = told["added_tokens_decoder"].values()
            return tuple(str(e["content"]) for e in entries if e.get("special"))
        except (NoSuchPath, Nonsense, KeyError, TypeError, AttributeError):
            return ()

    async def _tokenize(self, text: str, *, is_start: bool = True) -> Any:
        body = {"model": self.model, "prompt": text, "add_special_tokens": is_start}
        return await self._server.post("tokenize", body | {"return_token_strs": True}, at_root=True)

    async def _prompt_ids(self, text: str) -> tuple[int, ...]:
        """Return the ids of a prompt, from /tokenize or from a completion that tells them."""
        try:
            return answers.read_ids(await self._tokenize(text))
        except NoSuchPath:
            read = await self._complete(text, 1)
        if not read.prompt_ids:
            raise Missing(
                f"The model server at {self._server.host} names no token ids, so no token can be "
                "put behind the prompt. The embedded model can do it."
            )
        return read.prompt_ids

    async def _prompt_tokens(
        self, text: str, ids: Sequence[int], appended: Sequence[int]
    ) -> tuple[Token, ...]:
        """Return what was read, with texts where they can be had."""
        try:
            named = self._named(await self._tokenize(text))
        except (NoSuchPath, Nonsense):
            return tuple(Token(number, answers.UNKNOWN) for number in ids)
        texts = await self._texts_of(appended)
        return (*named, *(Token(number, texts[number]) for number in appended))

    def _named(self, answer: Any) -> tuple[Token, ...]:
        """Return /tokenize's answer as tokens; a text already known by id is the better one."""
        ids = answers.read_ids(answer)
        pieces = answers.read_pieces(answer)
        texts = answers.piece_texts(pieces) if pieces else (answers.UNKNOWN,) * len(ids)
        return tuple(
            Token(number, self._texts.get(number, text))
            for number, text in zip(ids, texts, strict=True)
        )

    async def _candidates(
        self, read: answers.Completion, sent: str | Sequence[int], k: int
    ) -> tuple[Candidate, ...]:
        """Return the `k` likeliest, named. A server may give one more: the token it picked."""
        if not read.by_id:
            found = [Candidate(Token(NO_ID, text), value) for text, value in read.by_text.items()]
        else:
            texts = await self._texts_of(read.by_id)
            if not self._has_detokenize:
                texts |= await self._texts_by_logprob(read.by_id, sent, k)
            found = [Candidate(Token(i, texts[i]), value) for i, value in read.by_id.items()]
        found.sort(key=lambda candidate: (-candidate.logprob, candidate.token.id))
        return tuple(found[:k])

    async def _texts_of(self, ids: Iterable[int]) -> dict[int, str]:
        """Return the text of each id, from what is kept or from /detokenize, all at once."""
        wanted = list(dict.fromkeys(ids))
        unknown = [number for number in wanted if number not in self._texts]
        if unknown and self._has_detokenize:
            try:
                fetched = await asyncio.gather(*(self._detokenize(number) for number in unknown))
                self._texts.update(zip(unknown, fetched, strict=True))
            except NoSuchPath:
                self._has_detokenize = False
        texts = {number: self._texts.get(number, answers.UNKNOWN) for number in wanted}
        while len(self._texts) > KEPT_TEXTS:
            self._texts.popitem(last=False)
        return texts

    async def _detokenize(self, number: int) -> str:
        body = {"model": self.model, "tokens": [number]}
        return answers.read_text(await self._server.post("detokenize", body, at_root=True))

    async def _texts_by_logprob(
        self, by_id: dict[int, float], sent: str | Sequence[int], k: int
    ) -> dict[int, str]:
        """Ask once more, keyed by text, and pair ids with texts of the same log-probability."""
        body = self._body(sent, k) | {"return_tokens_as_token_ids": False}
        left = dict(answers.read_completion(await self._post(body)).by_text)
        texts = {}
        for number, logprob in by_id.items():
            nearest = min(left, key=lambda text: abs(left[text] - logprob), default=None)
            if nearest is not None and abs(left[nearest] - logprob) < 0.01:
                texts[number] = nearest
                del left[nearest]
        return texts


def _real(appended: Sequence[int]) -> Sequence[int]:
    """Return ids as they are, unless one stands for a token whose id nobody knows."""
    if any(number < 0 for number in appended):
        raise BadInput("This server names no token ids, so that token can't be put behind.")
    return appended
