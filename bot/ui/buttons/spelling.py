"""How a press is spelt in a custom_id, and how each of its fields is read back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Spelt = TypeVar("Spelt", covariant=True)


@dataclass(frozen=True, slots=True)
class Spelling(Generic[Spelt]):
    """What makes the press that a word stands for; `readers` are in the order of its fields."""

    make: Callable[..., Spelt]
    readers: tuple[Callable[[str], object], ...] = ()


def flag(text: str) -> bool:
    """Read a claim.

    Raises:
        KeyError: it is neither 0 nor 1.
    """
    return {"1": True, "0": False}[text]


def number(text: str) -> int:
    """Read a whole number, 0 or more, that fits 64 bit.

    Raises:
        ValueError: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63):
        raise ValueError(text)
    return int(text)
