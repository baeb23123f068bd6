"""A model's vocabulary as llguidance has it, made of each token's bytes: any tokenizer will do."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tools.engine.base import bytes_of
from tools.engine.model.language_model import LanguageModel
from tools.engine.model.tokenizes import Tokenizes
from tools.errors import Missing

if TYPE_CHECKING:  # who never masks needn't load it
    from llguidance import LLTokenizer

_made: "WeakKeyDictionary[LanguageModel, LLTokenizer]" = WeakKeyDictionary()


def vocabulary(model: LanguageModel) -> "LLTokenizer":
    """Return a model's vocabulary; made once, which takes about a second for 50,000 tokens.

    Raises:
        Missing: its tokenizer names no token that ends a text.
    """
    if model not in _made:
        from llguidance import LLTokenizer, TokenizerWrapper

        wrapped = TokenizerWrapper(_Spelt(model.tokenizes))
        _made[model] = LLTokenizer(wrapped, n_vocab=model.vocabulary)
    return _made[model]


class _Spelt:
    """What llguidance asks of a tokenizer."""

    def __init__(self, tokenizes: Tokenizes) -> None:
        end = tokenizes.end()
        if end is None:
            raise Missing(
                "This model's tokenizer names no token that ends a text, so a mask could never "
                "end one. Leave HUNCH_LOCAL_MODEL empty to use the embedded one."
            )
        self.eos_token_id, self.bos_token_id = end, None
        self.special_token_ids = sorted(tokenizes.special() | {end})
        self.tokens = [bytes_of(tokenizes.token(number)) for number in range(tokenizes.size())]
        self._tokenizes = tokenizes
        self._ids = {spelt: number for number, spelt in enumerate(self.tokens)}
        self._longest = max(map(len, self.tokens))

    def __call__(self, text: bytes) -> list[int]:
        """Return the ids of text; longest pieces first, where the tokenizer would add a space."""
        ids = list(self._tokenizes.ids(text.decode(), follows=True))
        if b"".join(self.tokens[number] for number in ids) == text:
            return ids
        found: list[int] = []
        while text:
            sizes = range(min(self._longest, len(text)), 0, -1)
            size = next((size for size in sizes if text[:size] in self._ids), 0)
            if not size:
                return []  # nothing is known of it, so nothing is foreseen
            found.append(self._ids[text[:size]])
            text = text[size:]
        return found
