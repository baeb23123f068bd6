"""Which instrument a question asks for, told from its words alone.

It serves where no chat model chooses tools: in notes mode, and with a model that takes none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.tutor.passages import Passage
from tools.catalogue import INSTRUMENTS, as_it_comes

_QUOTED = re.compile(r"[\"“”„«»`]([^\"“”„«»`]{1,400})[\"“”„«»`]|(?<!\w)'([^']{2,400})'(?!\w)")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Route:
    """An instrument to run, and what with."""

    instrument: str
    chosen: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Rule:
    instrument: str
    pattern: re.Pattern[str]  # `text` in it is what to run on where nothing is quoted
    parameter: str | None = None  # which takes the text


def _rule(instrument: str, pattern: str, parameter: str | None = None) -> _Rule:
    return _Rule(instrument, re.compile(pattern, re.IGNORECASE | re.DOTALL), parameter)


_TEXT = r"[:,]?\s+(?P<text>\S.*)"
_RULES = (
    _rule(
        "nexttoken",
        r"(?:what|which)\b.{0,40}\b(?:comes?|token|word|follows?)\b.{0,20}\b(?:next|after|follow)\w*"
        rf"(?:.{{0,12}}\bafter)?{_TEXT}",
        "prompt",
    ),
    _rule("nexttoken", rf"\b(?:next|likeliest) (?:token|word)s? (?:after|for|of){_TEXT}", "prompt"),
    _rule(
        "nexttoken",
        rf"\b(?:complete|continue|finish) (?:this|the (?:text|line|sentence)){_TEXT}",
        "prompt",
    ),
    _rule(
        "tokens",
        rf"(?:\btokeni[sz]e|\bhow (?:many tokens|is it cut)\b.{{0,20}}\b(?:in|is|are|has)|"
        rf"\btokens (?:of|in|for)){_TEXT}",
        "text",
    ),
    _rule("merges", rf"\bmerges? (?:of|for|in){_TEXT}", "word"),
    _rule("attention", rf"\battention\b.{{0,30}}\b(?:for|of|in|on){_TEXT}", "prompt"),
    _rule("lens", rf"\blogit lens\b.{{0,20}}\b(?:for|of|on){_TEXT}", "prompt"),
    _rule(
        "lab",
        r"\b(?:how is|show|state of|status of)\b.{0,30}\b(?:cluster|server|queue)\b"
        r".{0,20}(?:now|doing|\?|$)",
    ),
)

FITTING: Mapping[str, str] = {
    "temperature": "sampling",
    "top-k": "sampling",
    "top-p": "sampling",
    "min-p": "sampling",
    "repetition penalty": "sampling",
    "sampling": "sampling",
    "softmax": "softmax",
    "logits": "softmax",
    "beam search": "beam",
    "tokenizer": "tokens",
    "sub-word": "tokens",
    "byte-pair encoding": "merges",
    "generation loop": "generate",
    "greedy decoding": "generate",
    "causal mask": "attention",
    "attention": "attention",
    "continuous batching": "batching",
    "batching": "batching",
    "chunked prefill": "scheduler",
    "preemption": "scheduler",
    "PagedAttention": "blocks",
    "prefix cache": "blocks",
    "mixture of experts": "experts",
    "expert parallelism": "experts",
}
"""Glossary terms that an instrument shows in well under a second, as it comes."""


def route(question: str) -> Route | None:
    """Return the instrument that a question asks to be run, if it asks for one."""
    for rule in _RULES:
        found = rule.pattern.search(question)
        if found is None:
            continue
        if rule.parameter is None:
            return Route(rule.instrument, {})
        if text := _given(question) or _trimmed(found["text"]):
            return Route(rule.instrument, {rule.parameter: text})
    return None


def as_shown(passages: Sequence[Passage]) -> Route | None:
    """Return the instrument that shows what passages speak of, the best first; none may fit."""
    name = next(filter(None, (FITTING.get(one.source.term or "") for one in passages)), None)
    return Route(name, as_it_comes(name)) if name else None


def of_lesson(lesson: int) -> Route:
    """Return an instrument of a lesson, or of the nearest one before it that has one."""
    quick = ("nexttoken", *dict.fromkeys(FITTING.values()))
    able = [name for name in quick if INSTRUMENTS[name].lesson <= lesson]
    name = max(able, key=lambda name: INSTRUMENTS[name].lesson, default="nexttoken")
    return Route(name, as_it_comes(name))


def _given(question: str) -> str | None:
    """Return the text in quotation marks, if there is any."""
    found = _QUOTED.search(question)
    return (found[1] or found[2]).rstrip(".…") if found else None


def _trimmed(text: str) -> str | None:
    bare = text.strip().rstrip("?!.… ")
    return bare if bare and len(bare) <= _LONGEST and len(bare.split()) > 1 else None
