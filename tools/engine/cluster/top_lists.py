"""The likeliest tokens that a server names, in each of the shapes that servers give. Pure.

    logprobs.top_logprobs[place]           {" mat": -0.7, …}, by text or as `token_id:7`: vLLM,
                                           SGLang, OpenAI's completions; mlx-lm gives bare ids
    logprobs.content[place].top_logprobs   [{"token": " mat", "bytes": […],
                                            "logprob": -0.7}, …]:
                                           llama.cpp (with an id), OpenAI's chat

What can't come has no logarithm: -Infinity, null, vLLM's -9999 and -FLT_MAX are left out.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tools.errors import Nonsense

NEVER = -9999.0  # vLLM says so of what can't come; no softmax comes near it
MAX_ID = 10_000_000  # no vocabulary is larger
_TOKEN_ID = re.compile(r"token_id:(\d+)")
_SLACK = 1e-3  # servers round: a certain token may come back a hair above 0
_SUM_SLACK = 0.01  # and so may all of them together


@dataclass(frozen=True, slots=True)
class Listed:
    """One token of a list: its id, or its text, or both; bytes where the server tells them."""

    id: int | None
    text: str | None
    logprob: float  # natural logarithm, 0 or below
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class TopList:
    """The tokens as the server ordered them, and how many it named that can't come."""

    tokens: tuple[Listed, ...]
    never: int


def read_top_list(logprobs: Any, place: int) -> TopList:
    """Return what a choice's `logprobs` name at a place; probabilities sum to 1 at most.

    Raises:
        Nonsense: nothing is named, or what can't be.
    """
    found = [(_named(*entry), read_logprob(entry[1])) for entry in _entries(logprobs, place)]
    shown = [replace(one, logprob=value) for one, value in found if value is not None]
    if not shown:
        raise nonsense("an empty list of tokens")
    distinct = tuple(dict.fromkeys(shown))
    total = math.fsum(math.exp(one.logprob) for one in distinct)
    if total > 1 + _SUM_SLACK:
        raise nonsense(f"probabilities that sum to {total:.2f}")
    if total > 1:  # rounded by the server
        distinct = tuple(replace(one, logprob=one.logprob - math.log(total)) for one in distinct)
    return TopList(distinct, len(found) - len(shown))


def read_logprob(value: Any) -> float | None:
    """Return a log-probability that can be, at most 0; None for what can't come.

    Raises:
        Nonsense: it is no number, or one above 0.
    """
    if value is None or value == -math.inf:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise nonsense("a log-probability that isn't a number")
    if value > _SLACK:
        raise nonsense(f"a log-probability above 0 ({value:.3g})")
    return None if value <= NEVER else min(0.0, float(value))


def read_token_id(number: Any) -> int:
    """Return a token's id; raises as above."""
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < MAX_ID:
        raise nonsense("a token id that can't be")
    return number


def nonsense(what: str) -> Nonsense:
    """Return the failure that says what a server answered with."""
    return Nonsense(
        f"The model server answered with {what}, which can't be shown as true. "
        "Try again in a moment."
    )


def _entries(logprobs: Any, place: int) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Give key, log-probability, bytes and id of each token."""
    try:
        if logprobs.get("content") is not None:
            one = logprobs["content"][place]
            listed = one.get("top_logprobs") or [one]
        else:
            listed = logprobs["top_logprobs"][place]
        if isinstance(listed, dict):
            keys = logprobs.get("tokens")
            are_ids = isinstance(keys, list) and bool(keys) and all(type(k) is int for k in keys)
            for key, value in listed.items():
                yield ("", value, None, int(key)) if are_ids else (key, value, None, None)
            return
        for one in listed:
            yield one["token"], one["logprob"], one.get("bytes"), one.get("id")
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as missing:
        raise nonsense("no log-probabilities") from missing


def _named(key: Any, _: Any, raw: Any, number: Any) -> Listed:
    if not isinstance(key, str):
        raise nonsense("a token without a text")
    if found := _TOKEN_ID.fullmatch(key):
        return Listed(read_token_id(int(found[1])), None, 0.0)
    known = None if number is None else read_token_id(number)
    if known is not None and not key and not raw:
        return Listed(known, None, 0.0)
    text = key.encode("utf-8", errors="replace").decode("utf-8")
    return Listed(known, text, 0.0, _raw(raw) if raw else None)


def _raw(told: Any) -> bytes | None:
    try:
        return bytes(told) if isinstance(told, list) else None
    except (ValueError, TypeError):
        return None
