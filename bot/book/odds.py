"""Shares of a next token in words: what the page and Markdown both say of them."""

from collections.abc import Sequence

from tools.engine.base import Distribution
from tools.exhibit.exhibit import Origin, Provenance
from tools.exhibit.text import provenance_line

_SHOWN_ODDS = 6


def percent(share: float) -> str:
    """Return a share of 1 as people say it: `38.9 %`, `<0.1 %`."""
    return f"{share:.1%}".replace("%", " %") if share >= 0.0005 else "<0.1 %"


def top_odds(odds: Distribution) -> Sequence[tuple[str, float]]:
    """Return the likeliest tokens, as they are spelt, each with its share of 1."""
    return [(one.token.spelt, one.probability) for one in odds.top[:_SHOWN_ODDS]]


def odds_source(odds: Distribution) -> str:
    """Return where they are from, in one line."""
    return provenance_line(Provenance(Origin.RECORDED, odds.model, odds.engine, odds.at))
