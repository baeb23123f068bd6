"""A measured share and the goal it has."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; `least` is the goal as a fraction, None where there is none."""

    name: str
    hits: int
    of: int
    least: float | None = None

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def is_met(self) -> bool:
        return self.least is None or self.value >= self.least


def drawn(shares: Sequence[Share]) -> str:
    """Return lines of text: name, percent, how many, goal, met?"""
    width = max(len(share.name) for share in shares)
    return "\n".join(_line(share, width) for share in shares)


def _line(share: Share, width: int) -> str:
    goal = "" if share.least is None else f">= {share.least:.0%}"
    met = "" if share.least is None else ("yes" if share.is_met else "NO")
    counts = f"{share.hits}/{share.of}"
    return f"{share.name:<{width}}  {share.value:7.1%}  {counts:>9}  {goal:>7}  {met}".rstrip()
