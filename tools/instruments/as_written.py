"""What stands beside tokens, so that each can be told from others and where its text is from."""

from collections.abc import Iterable

from tools.engine.base import Token
from tools.exhibit.exhibit import Part, Prose


def as_written(tokens: Iterable[Token]) -> tuple[Part, ...]:
    """Say so where nobody but the server tells what tokens are spelt like."""
    if not any(token.is_as_written for token in tokens):
        return ()
    return (Prose("Spelt as the server wrote it, not by its bytes: a space may be missing."),)


def numbered(token: Token) -> str:
    """Return a token's id; where the server names none, its bytes, if they aren't its label."""
    if token.id >= 0:
        return f"id {token.id}"
    return "" if token.raw is None else f"bytes {token.raw.hex(' ')}"
