"""A tokenizer's pieces as bytes: by its own decoder, and as they stand where they were added."""

import json
from typing import Any

from tools.engine.base import Token, of_bytes
from tools.engine.piece_decoder import decoder_of, plain_bytes


class Pieces:
    """What each id of a `tokenizers.Tokenizer` stands for."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        decoder = tokenizer.decoder
        self._decode = decoder_of(json.loads(decoder.__getstate__()) if decoder else None)
        self._added: dict[int, str] = {
            number: one.content for number, one in tokenizer.get_added_tokens_decoder().items()
        }

    def token(self, number: int) -> Token:
        """Return an entry; one that there isn't is empty."""
        if number in self._added:
            return of_bytes(number, plain_bytes(self._added[number]))
        piece = self._tokenizer.id_to_token(number)
        if piece is None:
            return Token(number, "")
        if self._decode is None:
            return Token(number, between(self._tokenizer, number))
        return of_bytes(number, self._decode(piece))


def between(tokenizer: Any, number: int) -> str:
    """Return what an id adds to a text: decoded twice in a row, less once."""
    once, twice = (
        tokenizer.decode([number] * times, skip_special_tokens=False) for times in (1, 2)
    )
    return str(twice).removeprefix(str(once))
