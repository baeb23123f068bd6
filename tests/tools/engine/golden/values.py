"""The golden values: what transformers itself has said once. `__main__` makes them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOGITS, VECTORS = (Path(__file__).parent / f"{name}.json" for name in ("logits", "vectors"))


@dataclass(frozen=True, slots=True)
class Said:
    """What follows a prompt.

    Attributes:
        text: The prompt.
        ids: Its tokens.
        top: The 20 likeliest next ids with their logits, falling.
        entropy_bits: Of all next tokens.
        grown: The ids that come if the likeliest is taken each time.
        grown_logprobs: Of each of them behind those before it.
    """

    text: str
    ids: list[int]
    top: list[tuple[int, float]]
    entropy_bits: float
    grown: list[int]
    grown_logprobs: list[float]


@dataclass(frozen=True, slots=True)
class Meant:
    """A text, its pieces, and its vector of length one."""

    text: str
    ids: list[int]
    vector: list[float]


@cache
def said() -> tuple[Said, ...]:
    return tuple(Said(**one) for one in _values(LOGITS))


@cache
def meant() -> tuple[Meant, ...]:
    return tuple(Meant(**one) for one in _values(VECTORS))


def _values(file: Path) -> list[dict[str, object]]:
    return json.loads(file.read_text(encoding="utf-8"))["values"]
