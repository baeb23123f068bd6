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
    vocabulary: int | None = None  # how many tokens there are, where the server tells

    def capabilities(self) -> frozenset[Capability]:
        """Return what an engine on that server can do."""
        can = {
            Capability.STREAM: True,
            Capability.NEXT_TOKEN: self.logprobs,
            Capability.SCORE: self.logprobs and self.tokenize,
            Capability.TOKENIZE: self.tokenize,
            Capability.METRICS: self.metrics,
            Capability.MASK: self.masks and self.token_ids,
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
        }
        has = ", ".join(name for name, is_there in shown.items() if is_there)
        lacks = ", ".join(name for name, is_there in shown.items() if not is_there)
        told = [f"vLLM {self.version}" if self.version else "", f"has {has}" if has else ""]
        return "; ".join(filter(None, [*told, f"lacks {lacks}" if lacks else ""]))


async def find_abilities(server: Server, model: str, completion: dict[str, Any]) -> Abilities:
    """Ask a server for each thing once.

    Args:
        server: Whom to ask.
        model: The name it is served under.
        completion: The request for one next token.

    Raises:
        EngineError: it doesn't answer completions at all.
    """
    answer = await server.post("completions", completion)
    spelt = {"model": model, "prompt": "The", "tokens": [1]}
    tokenize, detokenize, metrics, version, masks, vocabulary = await asyncio.gather(
        _has(_read(server.post("tokenize", spelt, at_root=True), answers.read_ids)),
        _has(_read(server.post("detokenize", spelt, at_root=True), answers.read_text)),
        _has(_counters(server, model)),
        find_version(server),
        _has(_masked(server, completion)),
        _vocabulary(server, completion),
    )
    try:
        has_ids = bool(answers.read_completion(answer).by_id)
        has_logprobs = True
    except Nonsense:
        has_ids = has_logprobs = False
    return Abilities(
        has_logprobs, has_ids, tokenize, detokenize, metrics, version, masks, vocabulary
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


async def _read(asked: Awaitable[Any], read: Any) -> Any:
    return read(await asked)


async def _counters(server: Server, model: str) -> None:
    if read_metrics(await server.get_text("metrics"), model) is None:
        raise Nonsense("no counters of vLLM's")


async def _has(asked: Awaitable[Any]) -> bool:
    try:
        await asked
    except (EngineError, BadInput):
        return False
    return True
