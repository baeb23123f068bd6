"""Questions about size and cost: which instrument computes the answer, and with what numbers."""

import re
from dataclasses import replace
from typing import Any

from bot.agent.routing import Route
from bot.domain.tutor.talk import Ran
from tools.exhibit.exhibit import Prose
from tools.exhibit.text import fact_text
from tools.gpus import GPUS
from tools.named import mentioned
from tools.numerals import UnreadableNumber, read_number

SIZED = frozenset({"cache", "capacity", "bandwidth", "parameters"})

_TOLD = 4  # facts of an exhibit, the first of which matter most
_NOT_A_SUM = re.compile(r"^\W*(?:why|how come|what (?:is|are|does) (?:a|an|the)\b)", re.I)
_CACHE = re.compile(r"\b(?:kv|key.?values?|cache)\b", re.I)
_FITS = re.compile(
    r"\b(?:fits?|hold|need|run|serve|enough|how many (?:users|requests|sequences|people|gpus?))\b",
    re.I,
)
_FAST = re.compile(
    r"\bhow fast\b|\btok(?:en)?s?(?: a | per |/)s|\bspeed\b|\b(?:memory|compute).?bound\b", re.I
)
_SIZE = re.compile(
    r"\bhow (?:big|large|heavy|much)\b"
    r"|\bhow many (?:\w+ ){0,2}(?:param\w*|weights|bytes|[kmgt]i?b)\b"
    r"|\bsize\b|\bweighs?\b|\b(?:bytes|[kmgt]i?b) (?:per|a|for)\b|\b(?:memory|v?ram|gigabytes)\b",
    re.I,
)
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "six": 6,
    "eight": 8, "sixteen": 16,
}  # fmt: skip
_COUNT = rf"(?:\b(?P<many>\d{{1,2}}|{'|'.join(_COUNTS)})\s*[x×*]?\s*)?"
_NAMES = "|".join(name.removeprefix("RTX ") for name in GPUS)
_GPU = re.compile(rf"{_COUNT}(?:nvidia |amd |rtx )*\b(?P<name>{_NAMES})s?\b", re.I)
_ROOM = re.compile(rf"{_COUNT}\b(?P<room>\d{{2,3}})\s*(?:gb|gib|g)\b", re.I)
_FIGURE = r"(?P<figure>\d[\d.,]*\s?[km]?)"
_TOKENS = re.compile(
    rf"\b{_FIGURE}(?:[\s-]*(?:tokens?|context|ctx))\b|\b(?:at|context (?:of|is|=)|of|with)\s+"
    r"(?P<at>\d[\d.,]*\s?k|\d{3,}|\d{1,3}(?:,\d{3})+)(?!\s?[gmt]?i?b)\b",
    re.I,
)
_BATCH = re.compile(
    rf"\b{_FIGURE}\s+(?:\w+\s)?(?:users|sequences|requests|people|chats)\b"
    r"|\bbatch(?: size)?(?: of)?\s+(?P<at>\d+)",
    re.I,
)
_KEPT = {
    "int4": r"int4|4.?bit|q4\w*|awq|gptq",
    "nvfp4": r"nvfp4|fp4",
    "fp8": r"fp8",
    "int8": r"int8|8.?bit|q8\w*",
    "bfloat16": r"bf16|fp16|bfloat16|16.?bit",
    "float32": r"fp32|float32|32.?bit",
}
_OF_CACHE = {"float32", "bfloat16", "fp8", "int8"}


def sizing(question: str) -> Route | None:
    """Return the instrument that computes what is asked of a model's size, cost or speed.

    Only where the question names a model, by a name as people write it or by its size alone.
    """
    shape = mentioned(question)
    if shape is None or _NOT_A_SUM.search(question):
        return None
    told: dict[str, Any] = {"config": shape.name}
    gpu, kept = _gpu(question), _kept(question)
    if _CACHE.search(question) and _SIZE.search(question) and not gpu:
        precision = {"precision": kept} if kept in _OF_CACHE else {}
        return Route("cache", told | precision | _tokens(question) | _batch(question))
    told |= {"precision": kept} if kept else {}
    if gpu and _FAST.search(question):
        measured = {"measure": False}  # this machine is no part of the question
        return Route("bandwidth", told | gpu | _tokens(question) | _batch(question) | measured)
    if gpu and _FITS.search(question):
        return Route("capacity", told | gpu | _length(question))
    return Route("parameters", told) if _SIZE.search(question) else None


def _gpu(question: str) -> dict[str, Any]:
    """Return the GPU, by its name or by its memory, and how many of it."""
    if named := _GPU.search(question):
        known = (gpu for gpu in GPUS if gpu.removeprefix("RTX ") == named["name"].upper())
        return {"gpu": next(known), "gpus": _counted(named["many"])}
    for found in _ROOM.finditer(question):
        of_that_size = [
            gpu.name for gpu in GPUS.values() if abs(gpu.memory_mib / 1024 - int(found["room"])) < 4
        ]
        if of_that_size:
            return {"gpu": of_that_size[0], "gpus": _counted(found["many"])}
    return {}


def _counted(word: str | None) -> int:
    return _COUNTS.get((word or "one").lower()) or max(1, int(word or 1))


def _kept(question: str) -> str | None:
    found = (kept for kept, said in _KEPT.items() if re.search(rf"\b(?:{said})\b", question, re.I))
    return next(found, None)


def _tokens(question: str) -> dict[str, Any]:
    count = _number(_TOKENS.search(question))
    return {"context": count} if count else {}


def _batch(question: str) -> dict[str, Any]:
    count = _number(_BATCH.search(question))
    return {"batch": count} if count else {}


def _length(question: str) -> dict[str, Any]:
    """Return a longest sequence and the prompt that fills it, with an answer of 300 tokens."""
    count = _number(_TOKENS.search(question))
    return {"prompt_tokens": count - 300, "max_model_len": count} if count and count > 300 else {}


def _number(found: re.Match[str] | None) -> int | None:
    """Return a count; 8k of tokens are 8,192, and 10k are 10,000."""
    figure = (found["figure"] or found["at"]) if found else ""
    try:
        count = round(read_number(figure).value)
    except UnreadableNumber:
        return None
    thousands, rest = divmod(count, 1000)
    is_binary = figure.lower().endswith("k") and not rest and thousands & (thousands - 1) == 0
    return thousands * 1024 if is_binary and thousands > 1 else count


def computed(ran: Ran) -> str:
    """Return what an instrument computed in a line or two: its verdict and its exact figures."""
    exhibit = ran.exhibit
    said = next((part.text for part in exhibit.parts if isinstance(part, Prose)), "")
    figures = (f"{one.name}: {fact_text(replace(one, name=''))}" for one in exhibit.facts[:_TOLD])
    return f"Computed, not quoted: {exhibit.title}. {said}\n{'; '.join(figures)}."
