"""Which part of a request a server won't take, told from its refusal; and what goes without it.

Servers differ in the status (400, 422, 500), in the words, and in whether they name the part at
all. What is left out loses little: the stream's count, the temperature; then a form or the tools.
Where a template knows no system role, as Gemma 2's, its words go before the learner's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tools.errors import EngineError

_SIGNS = {  # from what costs least to leave out
    "stream_options": r"stream_options|include_usage",
    "temperature": r"temperature",
    "response_format": r"response_format|json_schema|json_object|structured|grammar|guided|schema",
    "system": r"system.{0,3}(?:role|message|prompt)|roles must alternate",
    "tools": r"\btool|function|jinja",
    "max_tokens": r"max_tokens|max_completion_tokens|max_new_tokens|max_output_tokens",
}
NEWER = "max_completion_tokens"  # what OpenAI's newer models call max_tokens
_ABOUT_US = (401, 403, 408, 429)  # the key, or the load: nothing to do with what was asked
_UNNAMED = (400, 422)  # where a server that names nothing may still mean a part of the request


def refused_part(refused: EngineError, body: Mapping[str, Any]) -> str | None:
    """Return the part of a request's body to do without, or None: that isn't what is wrong.

    Args:
        refused: With the server's status and reason.
        body: What was asked.
    """
    if refused.status < 200 or refused.status in _ABOUT_US:
        return None
    there = [name for name in _SIGNS if name in body or _stands_for(name, body)]
    for name in there:
        if re.search(_SIGNS[name], refused.reason, re.IGNORECASE):
            return name
    optional = [name for name in there if name not in ("max_tokens", "system")]
    return optional[0] if optional and refused.status in _UNNAMED else None


def without(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a request without a part; a limit is asked for by its newer name first."""
    if name == "system":
        return {**body, "messages": _merged(body["messages"])}
    left = {key: value for key, value in body.items() if key not in _GO_TOGETHER.get(name, (name,))}
    if name == "max_tokens" and "max_tokens" in body:
        left[NEWER] = body["max_tokens"]
    return left


_GO_TOGETHER = {"tools": ("tools", "tool_choice"), "max_tokens": ("max_tokens", NEWER)}


def _stands_for(name: str, body: Mapping[str, Any]) -> bool:
    """Tell whether a part is there that isn't called so."""
    if name == "system":
        return len(body["messages"]) > 1 and body["messages"][0]["role"] == "system"
    return name == "max_tokens" and NEWER in body


def _merged(messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return messages with the system's words before those of the first that follows."""
    if messages[0]["role"] != "system":
        return list(messages)
    system, first, *rest = messages
    return [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]
