"""What a model server can do, found by asking it.

An OpenAI-compatible server may be vLLM, a gateway that passes only /v1 on, or something else that
has no log-probabilities.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from tools.engine.base import Capability
from tools.engine.cluster import answers
from tools.engine.cluster.cutting import Cutting
from tools.engine.cluster.served_model import ServedModel, plain
from tools.engine.cluster.server import Server
from tools.engine.cluster.top_lists import MAX_ID
from tools.engine.metrics import read_metrics
from tools.errors import BadInput, EngineError, Nonsense

_UNHEARD_OF = "zqxj"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a server has."""

    logprobs: bool = True
    token_ids: bool = True
    tokenize: bool = True
    detokenize: bool = True
    metrics: bool = True
    version: str | None = None
    masks: bool = True  # obeys `structured_outputs`
    prompt_logprobs: bool = True  # of the tokens that it reads
    vocabulary: int | None = None  # how many tokens there are, where the server tells

    def capabilities(self) -> frozenset[Capability]:
        """Return what an engine on that server can do."""
        can = {
            Capability.STREAM: True,
            Capability.NEXT_TOKEN: self.logprobs,
            Capability.SCORE: self.prompt_logprobs and self.tokenize,
            Capability.TOKENIZE: self.tokenize,
            Capability.METRICS: self.metrics,
            Capability.MASK: self.masks and self.token_ids and self.prompt_logprobs,
        }
        return frozenset(capability for capability, has in can.items() if has)

    def __str__(self) -> str:
        """Return what is there, and what isn't: `has logprobs, token ids; lacks /metrics`."""
        shown = {
            "logprobs": self.logprobs,
            "token ids": self.token_ids,
            "/tokenize": self.tokenize,
            "/detokenize": self.detokenize,
            "/metrics": self.metrics,
            "structured_outputs": self.masks,
            "prompt_logprobs": self.prompt_logprobs,
        }
        has = ", ".join(name for name, is_there in shown.items() if is_there)
        lacks = ", ".join(name for name, is_there in shown.items() if not is_there)
        told = [f"vLLM {self.version}" if self.version else "", f"has {has}" if has else ""]
        return "; ".join(filter(None, [*told, f"lacks {lacks}" if lacks else ""]))


async def find_abilities(asked: ServedModel) -> Abilities:
    """Ask a server for each thing once.

    Raises:
        EngineError: it doesn't answer completions at all.
    """
    completion = asked.body(await asked.harmless("The"), 1)
    answer = await asked.post(completion)
    server, model = asked.server, asked.name
    if asked.is_strict:
        completion = plain(completion)
    cutting = Cutting(server)
    tokenize, detokenize, metrics, masks, scores = await asyncio.gather(
        _has(_cut(cutting, model)),
        _has(_spelt(server, model)),
        _has(_counters(server, model)),
        _has(_masked(server, completion)),
        _has(_scored(server, completion)),
    )
    version, listed, refused = await asyncio.gather(
        find_version(server), _listed(server, model), _vocabulary(server, completion)
    )
    try:
        shown = answers.read_completion(answer).shown
    except Nonsense:
        shown = ()
    return Abilities(
        logprobs=bool(shown),
        token_ids=bool(shown) and all(one.id is not None for one in shown),
        tokenize=tokenize,
        detokenize=detokenize,
        metrics=metrics,
        version=version,
        masks=masks,
        prompt_logprobs=scores,
        vocabulary=refused or listed,
    )


async def find_version(server: Server) -> str | None:
    """Return vLLM's version, or None where the server doesn't tell."""
    try:
        told = await server.get("version", at_root=True)
    except (EngineError, BadInput):
        return None
    found = told.get("version") if isinstance(told, dict) else None
    return found if isinstance(found, str) and len(found) <= 40 else None


async def _vocabulary(server: Server, completion: dict[str, Any]) -> int | None:
    """Ask for a bias on a token that no vocabulary has: vLLM says in its refusal how many it has.

    No other address of vLLM's tells.
    """
    try:
        await server.post("completions", completion | {"logit_bias": {str(MAX_ID): 0}})
    except (EngineError, BadInput) as refused:
        return answers.read_vocabulary(str(refused))
    return None


async def _masked(server: Server, completion: dict[str, Any]) -> None:
    """Allow one answer that nobody would give; a server that ignores it answers otherwise."""
    body = completion | {"structured_outputs": {"choice": [_UNHEARD_OF]}}
    answer = await server.post("completions", body)
    said = answers.read_said(answer).text
    if not said or not _UNHEARD_OF.startswith(said):
        raise Nonsense("structured_outputs are ignored.")


async def _cut(cutting: Cutting, model: str) -> None:
    """Cut six words: a server that doesn't read them gives a beginning-of-text token at most."""
    if len(answers.read_ids(await cutting.cut(model, "The cat sat on the mat."))) < 2:
        raise Nonsense("/tokenize cuts another text than the one it was sent.")


async def _spelt(server: Server, model: str) -> None:
    body = {"model": model, "tokens": [1]}
    answers.read_text(await server.post("detokenize", body, at_root=True))


async def _scored(server: Server, completion: dict[str, Any]) -> None:
    body = completion | {"prompt": "The cat sat on the", "prompt_logprobs": 1}
    answers.read_prompt_firsts(await server.post("completions", body), 1)


async def _listed(server: Server, model: str) -> int | None:
    """Return the size of the vocabulary where the list of models tells it, as llama.cpp's does."""
    try:
        return answers.read_listed_vocabulary(await server.get("models"), model)
    except (EngineError, BadInput):
        return None


async def _counters(server: Server, model: str) -> None:
    if read_metrics(await server.get_text("metrics"), model) is None:
        raise Nonsense("no counters of vLLM's")


async def _has(asked: Awaitable[Any]) -> bool:
    try:
        await asked
    except (EngineError, BadInput):
        return False
    return True
