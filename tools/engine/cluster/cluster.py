"""The engine elsewhere: an OpenAI-compatible server, vLLM first, asked by token id.

What the server lacks is found by asking it. A gateway that passes only /v1 on serves as well, with
less: texts are then matched by log-probability, and a guess can't be scored.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime

from tools.engine.base import Candidate, Capability, Distribution, Prompt, Scored, Token, of_bytes
from tools.engine.cluster import answers
from tools.engine.cluster.abilities import Abilities, find_abilities, find_version
from tools.engine.cluster.block_events import BlockWatch, watched_blocks
from tools.engine.cluster.continuing import continued
from tools.engine.cluster.entropy import entropy_bounds_bits
from tools.engine.cluster.loading import put_under_load
from tools.engine.cluster.masking import masked
from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.routing import routed_experts
from tools.engine.cluster.scoring import real_ids, scored
from tools.engine.cluster.served_model import ServedModel
from tools.engine.cluster.server import Server
from tools.engine.cluster.streaming import streamed
from tools.engine.cluster.templating import rendered
from tools.engine.kv_pool import KvPool, read_kv_pool
from tools.engine.masking import Masked, Rule
from tools.engine.metrics import Metrics, read_metrics
from tools.engine.serving import (
    MOST_IN_FLIGHT,
    Arrival,
    LoadRound,
    RoutedExperts,
    Served,
    Timed,
)
from tools.engine.templates import Conversation, Templated
from tools.errors import Missing, Nonsense, ToolError

NO_ID = -1  # of a token whose server names only its text


class ClusterEngine:
    """Asks a model server for one token at a time, or for a stream of them.

    Attributes:
        name: "cluster".
        address: Up to /v1, without name or password.
    """

    def __init__(
        self,
        base_url: str,
        model: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = 20.0,
        kv_events: str | None = None,
        at_once: int = MOST_IN_FLIGHT,
        tokenizer: str | None = None,
    ) -> None:
        """Remember where to ask; nothing is sent yet.

        Args:
            base_url: Up to and including /v1.
            model: The name it is served under; None for the first that the server lists.
            api_key: If the server wants one.
            timeout_s: For each call.
            kv_events: Where it publishes its KV events, as tcp://host:port, if it does.
            at_once: Requests of a load in flight, at the most.
            tokenizer: The model's own: a folder with its tokenizer.json, or a name on the hub.
        """
        self._kv_events, self._at_once = kv_events, min(at_once, MOST_IN_FLIGHT)
        self.name = "cluster"
        self._server = Server(base_url, api_key, timeout_s=timeout_s)
        self._asked = ServedModel(self._server, model or "", tokenizer)
        self.address = self._server.shown_url
        self._abilities = Abilities()  # taken for a whole vLLM until it has been asked
        self._asking: asyncio.Task[None] | None = None

    @property
    def model(self) -> str:
        """The name it is served under; empty until asked, when the server is to choose."""
        return self._asked.name

    def start(self) -> None:
        """Begin to ask the server what it has; return at once. Needs a running loop."""
        self._asking = asyncio.get_running_loop().create_task(self._find_out_quietly())

    def capabilities(self) -> frozenset[Capability]:
        """What the server has been found to have; before that, all that vLLM has."""
        has = self._asked.spelling.own.is_named or self._abilities.tokenize
        return replace(self._abilities, tokenize=has).capabilities()

    async def find_out(self) -> Abilities:
        """Ask the server what it has, and remember it.

        Raises:
            EngineError: it doesn't answer.
        """
        self._abilities = await find_abilities(self._asked)
        return self._abilities

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        """Return the `k` likeliest next tokens; the entropy lies between two bounds.

        Raises:
            Unavailable: no answer, or a refusal.
            Nonsense: an answer that can't be true.
            BadInput: the prompt is too long, or holds what can't be sent.
        """
        started = time.perf_counter()
        text = await self._asked.harmless(prompt.text)
        sent: str | list[int] = text
        if prompt.appended:
            sent = [*await self._prompt_ids(text), *real_ids(prompt.appended)]
        read = await self._asked.complete(sent, k)
        if not prompt.appended:
            self._asked.spelling.own.hold_against(text, read.prompt_ids)
        top, prompt_tokens = await asyncio.gather(
            self._candidates(read, sent, k), self._prompt_tokens(text, read, prompt.appended)
        )
        vocabulary = self._abilities.vocabulary
        least, most = entropy_bounds_bits(
            top, vocabulary, is_ranked=len(read.shown) + read.never >= k
        )
        return Distribution(
            prompt_tokens=prompt_tokens,
            top=top,
            vocabulary=vocabulary,
            entropy_bits=least,
            is_entropy_exact=False,
            entropy_most_bits=most,
            model=self.model,
            engine=self.name,
            at=datetime.now(UTC),
            elapsed_ms=(time.perf_counter() - started) * 1000,
            never=read.never,
        )

    async def score(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        """Score each token of a continuation, as `continuation` cuts it.

        Raises:
            Missing, BadInput, EngineError: as `continuation`.
        """
        if not self._abilities.prompt_logprobs:
            raise Missing(
                f"The model server at {self._server.host} gives no log-probabilities of a prompt, "
                "so it can't score a guess that isn't among the likeliest. vLLM does; so does the "
                "embedded model."
            )
        return await scored(self._asked, prompt, continuation)

    async def continuation(self, prompt: Prompt, text: str) -> tuple[Token, ...]:
        """Return the tokens that text becomes behind a prompt.

        Raises:
            Missing: the server has no /tokenize, or the text grows together with the prompt.
            BadInput, EngineError: as `next_token`.
        """
        return (await continued(self._asked, prompt, text))[1]

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        """Cut outside text into tokens; control tokens in it are broken up."""
        try:
            harmless = await self._asked.harmless(text)
            answer = await self._asked.spelling.cut(self.model, harmless)
        except (NoSuchPath, Nonsense) as missing:
            raise Missing(f"{missing} The embedded model can cut text into tokens.") from missing
        return await self._asked.spelling.named(self.model, answer, harmless)

    async def ready(self) -> None:
        """Look up the control tokens, which the first request would wait for alone."""
        await self._asked.harmless("")

    async def templated(self, said: Conversation, k: int = 4) -> Templated:
        """Put a conversation into the served model's template; see `templates.Templating`."""
        found = await rendered(self._asked, said)
        ids = [token.id for token in found.tokens]
        top = await self._candidates(await self._asked.complete(ids, k), ids, k)
        return replace(found, top=top)

    async def masked(self, prompt: str, rule: Rule, steps: int) -> Masked:
        """Let the server write under a rule; see `masking.Masking`."""
        return await masked(self._asked, prompt, rule, steps, self._abilities.vocabulary)

    async def stream_timed(self, prompt: str, tokens: int) -> Timed:
        """Generate exactly so many tokens and time each; see `serving.Serving`."""
        return await streamed(self._asked, prompt, tokens)

    async def routed_experts(self, prompt: str) -> RoutedExperts | None:
        """Return which experts took each token; None where the server doesn't tell."""
        return await routed_experts(self._asked, prompt)

    async def under_load(self, rounds: tuple[tuple[Arrival, ...], ...]) -> tuple[LoadRound, ...]:
        """Send each round's requests when they arrive; see `serving.Serving`."""
        return await put_under_load(self, rounds, self._at_once)

    async def metrics(self) -> Metrics | None:
        """Return the server's counters now; None where it has none."""
        model = await self._asked.resolved()
        try:
            return read_metrics(await self._server.get_text("metrics"), model)
        except NoSuchPath:
            return None

    async def kv_pool(self) -> KvPool | None:
        """Return what the server's cache holds, by its own account; None where it doesn't tell."""
        try:
            return read_kv_pool(await self._server.get_text("metrics"))
        except NoSuchPath:
            return None

    def block_watch(self) -> AbstractAsyncContextManager[BlockWatch] | None:
        """Return a watch on the server's KV events; None where no address of them is set."""
        return watched_blocks(self._kv_events) if self._kv_events else None

    async def served(self) -> Served:
        """Return who answers, asked afresh."""
        model = await self._asked.resolved()
        listed, version = await asyncio.gather(
            self._server.get("models"), find_version(self._server)
        )
        return Served(version, answers.read_context(listed, model))

    async def check(self) -> str:
        """Ask for one token and for what there is; return one line on who answered."""
        distribution = await self.next_token(Prompt("The cat sat on the"), 1)
        found = await self.find_out()
        where, took = self._server.host, f"{distribution.elapsed_ms:.0f} ms"
        await self._asked.spelling.ready(self.model)
        own = str(self._asked.spelling.own)
        return f"{self.model} at {where} answers in {took}; {found}{own and f'; {own}'}"

    async def close(self) -> None:
        """Give up asking what the server has, and close the connections."""
        try:
            if self._asking:
                self._asking.cancel()
                with suppress(asyncio.CancelledError):
                    await self._asking
        finally:
            await self._server.close()

    async def _find_out_quietly(self) -> None:
        """Ask; a server that is not up yet is asked again by `check` and told by each call."""
        with suppress(ToolError):
            await self.find_out()

    async def _prompt_ids(self, text: str) -> tuple[int, ...]:
        """Return the ids of a prompt, from /tokenize or from a completion that tells them."""
        try:
            return answers.read_ids(await self._asked.spelling.cut(self.model, text))
        except NoSuchPath:
            read = await self._asked.complete(text, 1)
        if not read.prompt_ids:
            raise Missing(
                f"The model server at {self._server.host} names no token ids, so no token can be "
                "put behind the prompt. The embedded model can do it."
            )
        return read.prompt_ids

    async def _prompt_tokens(
        self, text: str, read: answers.Completion, appended: Sequence[int]
    ) -> tuple[Token, ...]:
        """Return what was read, with texts where they can be had; asks for new ones alone."""
        spelling = self._asked.spelling
        if found := spelling.remembered(read.prompt_ids):
            return found
        try:
            named = await spelling.named(self.model, await spelling.cut(self.model, text), text)
        except (NoSuchPath, Nonsense):
            return tuple(Token(number, answers.UNKNOWN) for number in read.prompt_ids)
        texts = await spelling.texts_of(self.model, appended)
        return (*named, *(spelling.token(number, texts[number]) for number in appended))

    async def _candidates(
        self, read: answers.Completion, sent: str | Sequence[int], k: int
    ) -> tuple[Candidate, ...]:
        """Return the `k` likeliest, named. A server may give one more: the token it picked."""
        spelling = self._asked.spelling
        unspelt = [one.id for one in read.shown if one.id is not None and one.text is None]
        texts = await spelling.texts_of(self.model, unspelt)
        if unspelt and not spelling.has_detokenize:
            texts |= await self._asked.texts_by_logprob(read.by_id, sent, k)
        found = []
        for one in read.shown:
            number = NO_ID if one.id is None else one.id
            text = texts[number] if one.text is None else one.text
            token = spelling.token(number, text) if one.raw is None else of_bytes(number, one.raw)
            found.append(Candidate(token, one.logprob))
        found.sort(key=lambda candidate: -candidate.logprob)  # of equals, the server's own order
        return tuple(found[:k])
