"""How long a model in this process took, as it was measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CacheTime:
    """How long the token after `length` others takes, in milliseconds."""

    length: int
    with_ms: float
    without_ms: float


@dataclass(frozen=True, slots=True)
class DecodeSpeed:
    """How fast one sequence grows, one token at a time, with the cache.

    `slowest` and `fastest` are of single tokens, one in ten at either end left out.
    """

    tokens: int
    tokens_per_s: float
    slowest: float
    fastest: float


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """How fast this machine reads weights from memory, bytes per second; the best of a few."""

    bytes_per_s: float
    bytes_read: int
    slowest: float  # of the same few, bytes per second


@dataclass(frozen=True, slots=True)
class PassTime:
    """How long a pass over so many new tokens takes, with scores after each; milliseconds."""

    tokens: int
    samples_ms: tuple[float, ...]  # sorted
