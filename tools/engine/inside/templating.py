"""A conversation in the model's own chat template, and what the model would answer first."""

import json
from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

from tools.engine.inside.anatomy import tokens
from tools.engine.model.causal_model import CausalModel
from tools.engine.prompts import break_control_tokens
from tools.engine.templates import Conversation, Templated
from tools.errors import BadInput, Missing


def templated(model: CausalModel, said: Conversation, k: int) -> Templated:
    """Return what is really read, and the `k` likeliest first tokens of the answer.

    Raises:
        Missing: the model has no chat template.
        BadInput: the template takes no such conversation, or it is too long.
    """
    if not model.tokenizer.chat_template:
        raise Missing(
            "This model has no chat template: it only continues text. One whose name ends in "
            "-Instruct has; leave HUNCH_LOCAL_MODEL empty to use the embedded one."
        )
    ids = model.checked(_ids(model, said))
    closed = _ids(model, said, is_opened=False)
    bare = _ids(model, Conversation(said.messages)) if said.tools else ids
    ((top, _),) = model.tops([ids], k)
    special = frozenset(model.tokenizer.all_special_ids)
    return Templated(
        tokens(model, ids),
        tuple(number in special for number in ids),
        len(ids) - len(closed),
        len(ids) - len(bare),
        top,
    )


def _ids(model: CausalModel, said: Conversation, *, is_opened: bool = True) -> Sequence[int]:
    """Return the ids of a conversation; the template's control tokens alone are obeyed."""
    tokenizer = model.tokenizer
    messages = [
        {"role": one.role, "content": _harmless(model, one.content)} for one in said.messages
    ]
    tools: list[Any] = [json.loads(tool) for tool in said.tools]
    try:
        text = tokenizer.apply_chat_template(
            messages, tools=tools or None, add_generation_prompt=is_opened, tokenize=False
        )
    except TemplateError as refused:
        raise BadInput(f"This model's template refuses that: {refused}") from refused
    ids: list[int] = tokenizer(text, add_special_tokens=False, split_special_tokens=False)[
        "input_ids"
    ]
    return ids


def _harmless(model: CausalModel, text: str) -> str:
    model.tokenize(text)  # refuses what the vocabulary can't spell
    return break_control_tokens(text, model.tokenizer.all_special_tokens)
