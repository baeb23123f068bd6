"""Questions about size and cost: which instrument computes the answer, and with what numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
_COUNT = rf"(?:\b(?P<many>\d{{1,2}}|{'|'.join(_COUNTS)})\s*+(?:[x×*]\s*+)?)?"
_NAMES = "|".join(name.removeprefix("RTX ") for name in GPUS)
_GPU = re.compile(rf"{_COUNT}(?:nvidia |amd |rtx ){{0,2}}\b(?P<name>{_NAMES})s?\b", re.I)
_ROOM = re.compile(rf"{_COUNT}\b(?P<room>\d{{2,3}})\s*(?:gb|gib|g)\b", re.I)
_FIGURE = r"(?<!\d[.,])(?P<figure>\d[\d.,]*\s?[km]?)"
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
_ANSWER = 300  # tokens
_TAKES = {  # what each instrument calls what was said
    "cache": (("config", "config"), ("context", "tokens"), ("batch", "batch"),
              ("precision", "precision")),
    "capacity": (("config", "config"), ("gpu", "gpu"), ("gpus", "gpus"),
                 ("precision", "precision")),
    "bandwidth": (("config", "config"), ("gpu", "gpu"), ("gpus", "gpus"), ("context", "tokens"),
                  ("batch", "batch"), ("precision", "precision")),
    "parameters": (("config", "config"), ("precision", "precision")),
}  # fmt: skip
_ALONE = re.compile(
    rf"\bon (?P<many>\d{{1,2}}|{'|'.join(_COUNTS)})(?: of (?:them|these|those))?\W*$", re.I
)
_OF_CACHE = {"float32", "bfloat16", "fp8", "int8"}


@dataclass(frozen=True, slots=True)
class Sum:
    """What is asked to be computed: by which instrument, and what was said of it so far."""

    instrument: str
    said: Mapping[str, Any]

    @property
    def route(self) -> Route:
        """The instrument to run, told what it takes of that."""
        told = {name: self.said[of] for name, of in _TAKES[self.instrument] if of in self.said}
        if self.instrument == "capacity" and (longest := self.said.get("tokens", 0)) > _ANSWER:
            told |= {"prompt_tokens": longest - _ANSWER, "max_model_len": longest}
        if self.instrument == "cache" and told.get("precision") not in _OF_CACHE:
            told.pop("precision", None)
        if self.instrument == "bandwidth":
            told["measure"] = False  # this machine is no part of the question
        return Route(self.instrument, told)


def sum_of(question: str) -> Sum | None:
    """Return what is asked to be computed of a model's size, cost or speed.

    Only where the question names a model, by a name as people write it or by its size alone.
    """
    said = _said(question)
    if "config" not in said or _NOT_A_SUM.search(question):
        return None
    name = _instrument(question, said)
    return Sum(name, said) if name else None


def sum_after(question: str, before: Sum) -> Sum | None:
    """Return the same sum with what a short question gives anew: `and for 70B?`, `on four?`."""
    family = re.split("[^a-z]", str(before.said["config"]))[0]
    fresh = _said(question, family)
    if (alone := _ALONE.search(question)) and "gpu" in before.said and "gpus" not in fresh:
        fresh["gpus"] = _counted(alone["many"])
    if not fresh or _NOT_A_SUM.search(question):
        return None
    said = {**before.said, **fresh}
    return Sum(_instrument(question, said) or before.instrument, said)


def computed(ran: Ran) -> str:
    """Return what an instrument computed in a line or two: its verdict and its exact figures."""
    exhibit = ran.exhibit
    said = next((part.text for part in exhibit.parts if isinstance(part, Prose)), "")
    figures = (f"{one.name}: {fact_text(replace(one, name=''))}" for one in exhibit.facts[:_TOLD])
    return f"Computed, not quoted: {exhibit.title}. {said}\n{'; '.join(figures)}."


def _instrument(question: str, said: Mapping[str, Any]) -> str | None:
    """Return which instrument computes what a question asks, with all that was said."""
    if _CACHE.search(question) and _SIZE.search(question) and not _gpu(question):
        return "cache"
    if "gpu" in said and _FAST.search(question):
        return "bandwidth"
    if "gpu" in said and _FITS.search(question):
        return "capacity"
    return "parameters" if _SIZE.search(question) else None


def _said(question: str, family: str = "") -> dict[str, Any]:
    """Return all that a question says of a deployment, by what it is."""
    shape = mentioned(question, family)
    found = {
        **({"config": shape.name} if shape else {}),
        **_gpu(question),
        "precision": _kept(question),
        "tokens": _number(_TOKENS.search(question)),
        "batch": _number(_BATCH.search(question)),
    }
    return {name: value for name, value in found.items() if value is not None}


def _gpu(question: str) -> dict[str, Any]:
    """Return the GPU, by its name or by its memory, and how many of it where that is said."""
    if named := _GPU.search(question):
        known = (gpu for gpu in GPUS if gpu.removeprefix("RTX ") == named["name"].upper())
        return {"gpu": next(known), **_many(named)}
    for found in _ROOM.finditer(question):
        of_that_size = [
            gpu.name for gpu in GPUS.values() if abs(gpu.memory_mib / 1024 - int(found["room"])) < 4
        ]
        if of_that_size:
            return {"gpu": of_that_size[0], **_many(found)}
    return {}


def _many(found: re.Match[str]) -> dict[str, int]:
    return {"gpus": _counted(found["many"])} if found["many"] else {}


def _counted(word: str) -> int:
    return _COUNTS.get(word.lower()) or max(1, int(word))


def _kept(question: str) -> str | None:
    found = (kept for kept, said in _KEPT.items() if re.search(rf"\b(?:{said})\b", question, re.I))
    return next(found, None)


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
