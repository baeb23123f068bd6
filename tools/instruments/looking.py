"""What the instruments that look inside a model have in common."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tools.engine.base import Engine, Token
from tools.exhibit.exhibit import Dial, Origin, Provenance
from tools.exhibit.visible import visible

SHOWN_TOKENS = 24  # more can't be read on a phone, and a menu has 25 settings
ANIMAL = "The animal didn't cross the street because it was too tired"


def live(engine: Engine) -> Provenance:
    """Return that the engine's own model gave the numbers, just now."""
    return Provenance(Origin.LIVE, engine.model, engine.name, at=datetime.now(UTC))


def names(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return tokens so that they can be seen."""
    return tuple(token.label for token in tokens)


def decimal(count: float) -> str:
    """Return bytes in powers of ten, as makers of memory count them: 16.06e9 as `16.1 GB`."""
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if count >= size * 0.9995:
            return f"{count / size:.3g} {unit}"
    return f"{count / 1e3:.3g} kB"


def left_out(count: int, shown: int) -> str:
    """Say how many tokens are not shown; empty when all are."""
    if not count:
        return ""
    return f"The first {shown} tokens; {count:,} more are left out. None of these sees them."


def token_menu(label: str, name: str, tokens: Sequence[Token], now: int) -> Dial:
    """Return a menu of places in a text, from 1."""
    settings = (
        (str(place), f"{label}: {place} {seen}"[:90], "now" if place == now else "")
        for place, seen in enumerate(names(tokens[:SHOWN_TOKENS]), start=1)
    )
    return Dial(label, name, tuple(settings), names(tokens[now - 1 : now])[0])


def split_words(words: Sequence[tuple[str, Sequence[Token]]]) -> str:
    """Say which words are more than one token; empty when none is."""
    parts = [
        f"{visible(word)} is {len(tokens)} tokens ({', '.join(names(tokens[:4]))}): its vector is "
        "their mean, which says less."
        for word, tokens in words
        if len(tokens) > 1
    ]
    return "\n".join(parts[:3])
