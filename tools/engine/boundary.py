"""Where a guess begins among the tokens of prompt and guess together. Pure.

A piece cut alone may be another than the one that stands behind a text: SentencePiece puts a space
before whatever comes first, and byte pairs merge over the end of a prompt.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from tools.engine.base import Token, bytes_of
from tools.errors import Missing

ANCHOR = "\n"  # merges with nothing behind it, in any family


def behind(prompt: Sequence[int], whole: Sequence[int]) -> tuple[int, ...]:
    """Return the ids that a whole text has behind its prompt's; none where those are others.

    Args:
        prompt: The ids of the prompt alone.
        whole: The ids of prompt and guess, cut in one.
    """
    size = len(prompt)
    return tuple(whole[size:]) if tuple(whole[:size]) == tuple(prompt) else ()


def do_spell(tokens: Iterable[Token], text: str) -> bool:
    """Whether tokens in a row are that text and nothing else, composed or not."""
    spelt = b"".join(map(bytes_of, tokens)).decode("utf-8", errors="replace")
    return spelt == text or _composed(spelt) == _composed(text)


def unscored(model: str) -> Missing:
    """Return why a guess has no score where its tokens can't be told."""
    return Missing(
        f"That guess isn't scored: {model} reads its beginning and the end of the text as one "
        "token, so it has no probability of its own there."
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
