"""What a server means that doesn't do what it was asked: a status, a web page, a body of error.

Every failure here carries `status` and `reason`, the server's own words. Pure.

    Refused          it won't do what it was asked: 4xx, or an error where an answer should be
    NoSuchPath       it isn't asked for that at this address; of a path that not all servers have,
                     any refusal: such a path guards no key, and its failure is an ability less
    TooLong          the prompt and its answer don't fit into the model's context
    Unavailable      the key, the load, or the server itself
"""

import re
from typing import Any

from tools.errors import BadInput, EngineError, Nonsense, Unavailable
from tools.exhibit.visible import visible_prompt

GO_ON = "Try again in a moment."
LONGEST_REASON = 200  # characters


class NoSuchPath(Unavailable):
    """The server answers, but not at this address."""


class Refused(Unavailable):
    """The server answers, and won't do what it was asked."""


class TooLong(BadInput):
    """The prompt, or it and its answer, is longer than the model's context."""

    def __init__(self, text: str, *, status: int, reason: str) -> None:
        """Say so; see `EngineError`."""
        super().__init__(text)
        self.status, self.reason = status, reason


def refusal(
    host: str, status: int, reason: str, *, optional: str | None = None
) -> EngineError | TooLong:
    """Return what a status of 300 or above means for the person who asked.

    Args:
        host: Who answered.
        status: The HTTP status; 200 where a body of error came with it.
        reason: See `reason_in`.
        optional: The path, if it is one that not all servers have.
    """
    said = f": {reason}" if reason else ""
    is_long = status == 413 or is_about_length(reason)
    if status not in (401, 403, 404, 429) and is_long:
        text = f"The prompt is too long for the model. The server says: {reason or status}."
        return TooLong(text, status=status, reason=reason)
    if status == 429:
        go_on = "" if "quota" in reason.lower() else f" {GO_ON}"
        text = f"The model server at {host} is busy (429){said}.{go_on}"
        return Unavailable(text, status=status, reason=reason)
    if optional is not None:
        text = f"The model server at {host} has no /{optional} for us ({status}){said}."
        return NoSuchPath(text, status=status, reason=reason)
    kind, text = _refused(host, status, said)
    return kind(text, status=status, reason=reason)


def broken_off(host: str, error: Any) -> EngineError | TooLong:
    """Return what an error in the midst of a stream means.

    Args:
        host: Who answered.
        error: What stood under `error` in the event.
    """
    status, reason = error_in({"error": error}) or (200, "")
    if is_about_length(reason):
        return refusal(host, status, reason)
    because = f": {reason}" if reason else ""
    text = f"The model server at {host} broke off its answer{because}. {GO_ON}"
    return Unavailable(text, status=status, reason=reason)


def web_page(host: str, *, status: int = 200, optional: str | None = None) -> EngineError | TooLong:
    """Return what a page for people means where an answer should be."""
    if optional is not None:
        return refusal(host, status, "a web page", optional=optional)
    text = (
        f"The model server at {host} sent a web page, which isn't JSON. "
        "Check HUNCH_MODEL_URL: it ends in /v1."
    )
    return Nonsense(text, status=status)


def sent_on(host: str, status: int, where: str) -> Refused:
    """Return what a redirect to another host means: the key and the prompts stay here."""
    text = (
        f"The model server at {host} sends on to {where} ({status}), which isn't followed: "
        f"neither key nor prompts go to another host. If {where} is meant, set HUNCH_MODEL_URL "
        "to it."
    )
    return Refused(text, status=status, reason=f"sent on to {where}")


def error_in(answer: Any) -> tuple[int, str] | None:
    """Return status and reason of an error that came in place of an answer, with a status of 200.

    LM Studio does so at any path that it doesn't know, gateways when the server behind them fails.
    The status is the one that the body names, if it does.
    """
    if not isinstance(answer, dict) or answer.get("choices") or not _is_error(answer):
        return None
    error = answer.get("error") or answer
    code = error.get("code") if isinstance(error, dict) else None
    named = int(code) if isinstance(code, int | str) and str(code).isdecimal() else 0
    return named if 400 <= named <= 599 else 200, reason_in(answer)


def reason_in(body: Any) -> str:
    """Return the message in a body of error, made visible, on one line, cut; may be empty."""
    found = body
    for _ in range(4):  # {"error": {"message": ...}}, {"detail": [{"msg": ...}]} and the like
        if isinstance(found, list) and found:
            found = found[0]
        elif isinstance(found, dict):
            told = (found[key] for key in _SAID if found.get(key))
            found = next((one for one in told if not isinstance(one, int)), None)
    if not isinstance(found, str) or is_page(found):
        return ""
    line = visible_prompt(" ".join(found.split())).rstrip(".")
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"


def is_page(text: str) -> bool:
    """Tell whether a text is a page for people."""
    return any(sign in text[:1000].lower() for sign in ("<html", "<!doctype", "<head", "<body"))


def is_about_length(reason: str) -> bool:
    """Tell whether a refusal says that the prompt doesn't fit, in any server's words."""
    return _TOO_LONG.search(reason) is not None


_SAID = (
    *("error", "errors", "error_message", "message", "detail", "msg", "reason"),
    *("code", "type"),  # where nothing else is said
)
_TOO_LONG = re.compile(
    r"context.?(?:length|window|size)|too long|longer than|too many (?:input )?tokens"
    r"|max(?:imum)?[_ ]model[_ ]len|max_total_tokens|reduce the length|must be <= \d+\. Given"
    r"|exceeds? the (?:maximum|limit|available)[^.]*(?:tokens|context)",
    re.IGNORECASE,
)


def _refused(host: str, status: int, said: str) -> tuple[type[EngineError], str]:
    match status:
        case 404 | 405 | 410:
            text = said.removeprefix(": ") or f"The model server at {host} has no such address."
            return NoSuchPath, text
        case 401 | 403:
            text = f"The model server at {host} refused the key ({status}){said}."
            return Unavailable, f"{text} Check HUNCH_MODEL_KEY."
        case 501:
            return Refused, f"The model server at {host} can't do that ({status}){said}."
        case _ if status >= 500:
            return Unavailable, f"The model server at {host} failed ({status}){said}. {GO_ON}"
        case 200:
            return Refused, f"The model server at {host} answered with an error{said}."
        case _:
            return Refused, f"The model server at {host} refused the request ({status}){said}."


def _is_error(answer: dict[str, Any]) -> bool:
    """Tell whether a body says that something failed, in one of the ways that servers have."""
    is_said = answer.get("object") == "error" or answer.get("success") is False
    return is_said or any(answer.get(key) for key in ("error", "errors", "error_message", "detail"))
