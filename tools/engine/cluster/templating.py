"""A server's own chat template, as far as its /tokenize shows it. Used by `cluster` alone."""

import asyncio
import json

from tools.engine.base import Token
from tools.engine.cluster.refusals import NoSuchPath, Refused
from tools.engine.cluster.served_model import ServedModel
from tools.engine.prompts import break_control_tokens
from tools.engine.templates import Conversation, RoleMessage, Templated
from tools.errors import Missing, Nonsense


async def rendered(asked: ServedModel, said: Conversation) -> Templated:
    """Return a conversation in the served model's template; what it would answer isn't asked yet.

    Raises:
        Missing: the server's /tokenize takes no messages, or the model has no template.
        EngineError: it doesn't answer.
    """
    contents = await asyncio.gather(*(asked.harmless(one.content) for one in said.messages))
    messages = [
        RoleMessage(one.role, content) for one, content in zip(said.messages, contents, strict=True)
    ]
    harmless = Conversation(tuple(messages), said.tools)
    bare = Conversation(harmless.messages)
    try:
        whole = await _cut(asked, harmless)
        closed = await _cut(asked, harmless, is_opened=False)
        without = await _cut(asked, bare) if said.tools else whole
    except (NoSuchPath, Refused, Nonsense) as refused:
        raise Missing(
            f"The model server at {asked.server.host} doesn't show its chat template: {refused} "
            "vLLM does, by messages at /tokenize, for a model with a template (or "
            "--chat-template). The embedded model can, in Hunch without a server."
        ) from refused
    known = await asked.spelling.control_tokens()
    return Templated(
        whole,
        tuple(break_control_tokens(token.text, known) != token.text for token in whole),
        len(whole) - len(closed),
        len(whole) - len(without),
        top=(),
    )


async def _cut(
    asked: ServedModel, said: Conversation, *, is_opened: bool = True
) -> tuple[Token, ...]:
    body = {
        "model": asked.name,
        "messages": [{"role": one.role, "content": one.content} for one in said.messages],
        "add_generation_prompt": is_opened,
        "return_token_strs": True,
        **({"tools": [json.loads(tool) for tool in said.tools]} if said.tools else {}),
    }
    answer = await asked.server.post("tokenize", body, at_root=True)
    found = await asked.spelling.named(asked.name, answer, None)
    if not found:
        raise Nonsense("its /tokenize gives no tokens for messages.")
    return found
