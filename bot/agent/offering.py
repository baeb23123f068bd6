"""The few tools that a chat model is offered for one question: those that fit it.

All of them would take more tokens than the question, its passages and the answer together. They
stand in the catalogue's order, so that the same choice is the same beginning for a prefix cache.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from bot.agent.routing import FITTING, route
from bot.agent.tooling import CALCULATE, declarations
from bot.domain.tutor.passages import Passage
from bot.domain.words import stems
from tools.catalogue import INSTRUMENTS

MOST = 5  # tools, the arithmetic among them
ROOM = 3600  # characters of all their declarations
ALWAYS = ("nexttoken", "tokens")  # where nothing fits better
_NAMED, _SHOWN = 10.0, 6.0  # for an instrument that is asked for; that shows what the passage says
_TAUGHT = 1.5  # for one of the lesson that the best passage is from


SHOWING: Mapping[str, str] = {
    **FITTING,
    "logprob": "nexttoken",
    "gradient descent": "fit",
    "loss": "train",
    "training": "train",
    "transformer": "block",
    "layer": "block",
    "feed-forward network": "block",
    "forward pass": "journey",
    "activations": "parameters",
    "weights": "parameters",
    "parameter count": "parameters",
    "model config": "parameters",
    "token": "tokens",
    "chat template": "template",
    "special token": "template",
    "vector": "map",
    "embedding": "neighbours",
    "cosine similarity": "neighbours",
    "nearest neighbour": "neighbours",
    "positional encoding": "positions",
    "rotary position embedding": "positions",
    "attention head": "heads",
    "logit lens": "lens",
    "structured output": "mask",
    "KV cache": "cache",
    "prefill": "phases",
    "decode": "phases",
    "time to first token": "phases",
    "KV block": "blocks",
    "token budget": "scheduler",
    "roofline": "bandwidth",
    "compute-bound": "bandwidth",
    "memory-bound": "bandwidth",
    "memory bandwidth": "bandwidth",
    "quantization": "quantize",
    "FP8": "quantize",
    "speculative decoding": "speculate",
    "acceptance rate": "speculate",
    "tensor parallelism": "capacity",
    "throughput": "load",
    "goodput": "load",
    "KV cache usage": "lab",
    "queue time": "lab",
}
"""Glossary terms that an instrument shows, also those that take long or need a server."""


def offered(question: str, passages: Sequence[Passage]) -> Sequence[Mapping[str, Any]]:
    """Return the declarations of three to five tools.

    Args:
        question: In the learner's words.
        passages: What was found for it, the best first.
    """
    chosen, room = {CALCULATE}, ROOM - _size(CALCULATE)
    for name in ranked(question, passages):
        if len(chosen) < MOST and _size(name) <= room:
            chosen.add(name)
            room -= _size(name)
    return [one for one in declarations() if one["function"]["name"] in chosen]


def ranked(question: str, passages: Sequence[Passage]) -> Sequence[str]:
    """Return all instruments, the one that fits best first."""
    points = dict.fromkeys(INSTRUMENTS, 0.0)
    if found := route(question):
        points[found.instrument] += _NAMED
    for place, passage in enumerate(passages):
        if name := SHOWING.get(passage.source.term or ""):
            points[name] += _SHOWN / (place + 1)
    lessons = [passage.source.lesson for passage in passages[:1]]
    asked = stems(question)
    for name, one in INSTRUMENTS.items():
        points[name] += sum(_rarity(word) for word in asked & _words(name))
        points[name] += _NAMED * (name in question.casefold().split())
        points[name] += _TAUGHT * (one.lesson in lessons) + 0.1 * (name in ALWAYS)
    return sorted(points, key=lambda name: -points[name])


@cache
def _words(name: str) -> frozenset[str]:
    """Return the words by which an instrument is known: its own, its parameters', its terms'."""
    one = INSTRUMENTS[name]
    fields = one.params.model_fields
    terms = [term for term, shown in SHOWING.items() if shown == name]
    told = [field.description or "" for field in fields.values()]
    return stems(" ".join((name, one.line, *terms, *fields, *told)).replace("_", " "))


def _rarity(word: str) -> float:
    """Return how much a word tells: the fewer instruments have it, the more."""
    return math.log(len(INSTRUMENTS) / sum(word in _words(name) for name in INSTRUMENTS))


@cache
def _size(name: str) -> int:
    """Return how long a tool's declaration is, in characters of JSON."""
    return next(len(json.dumps(x)) for x in declarations() if x["function"]["name"] == name)
