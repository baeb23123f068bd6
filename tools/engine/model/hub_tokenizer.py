"""Any tokenizer that transformers can load, fast or slow."""

from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

from tools.engine.base import Token
from tools.engine.model.pieces import Pieces, between


class HubTokenizer:
    """Implements `tokenizes.Tokenizes` with transformers."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        fast = getattr(tokenizer, "backend_tokenizer", None)  # a slow one has none
        self._pieces = Pieces(fast) if fast is not None else None

    def ids(self, text: str, *, follows: bool = False) -> tuple[int, ...]:
        """Return the ids of outside text."""
        encoded = self._tokenizer(text, split_special_tokens=True, add_special_tokens=not follows)
        return tuple(encoded["input_ids"])

    def text(self, ids: Sequence[int]) -> str:
        """Return the text of ids."""
        return str(self._tokenizer.decode(list(ids)))

    def token(self, number: int) -> Token:
        """Return a vocabulary entry with its text."""
        if self._pieces:
            return self._pieces.token(number)
        return Token(number, between(self._tokenizer, number))

    def size(self) -> int:
        """Return how many entries the vocabulary has."""
        return len(self._tokenizer)

    def special(self) -> frozenset[int]:
        """Return the ids of control tokens."""
        known = self._tokenizer.added_tokens_decoder.items()
        marked = (number for number, one in known if one.special)
        return frozenset((*self._tokenizer.all_special_ids, *marked))

    def end(self) -> int | None:
        """Return the id that ends a text."""
        found = self._tokenizer.eos_token_id
        return found if isinstance(found, int) else None
