"""A tokenizer.json without transformers, whose import takes seconds and 100 MB."""

import json
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from tools.engine.base import Token
from tools.engine.model.pieces import Pieces
from tools.errors import WeightsError

_SETTING, _FILE = "HUNCH_TOKENIZER", "tokenizer.json"


class FastTokenizer:
    """Implements `tokenizes.Tokenizes` with the tokenizers library."""

    def __init__(self, tokenizer: Tokenizer, end: str = "") -> None:
        self._tokenizer, self._end = tokenizer, end
        self._pieces = Pieces(tokenizer)
        self._tokenizer.encode_special_tokens = True  # so that none in a text is obeyed

    @classmethod
    def load(cls, folder: Path) -> "FastTokenizer":
        """Read a folder's tokenizer.json, and how a text ends; raises what tokenizers raises."""
        told = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_str((folder / _FILE).read_text(encoding="utf-8"))
        return cls(tokenizer, str(told.get("eos_token", "")))

    @classmethod
    def of(cls, source: str) -> "FastTokenizer":
        """Read the tokenizer of any model: its tokenizer.json, a folder with it, a name on the hub.

        Raises:
            WeightsError: there is none, or it can't be read.
        """
        file = _found(Path(source)) or _fetched(source)
        try:
            return cls(Tokenizer.from_file(str(file)))
        except Exception as wrong:  # tokenizers raises nothing narrower
            first = (str(wrong).strip().splitlines() or [type(wrong).__name__])[0]
            raise WeightsError(
                f"{_SETTING}={source} can't be read: {first.rstrip('.')}. Name a folder with "
                "a tokenizer.json, or a model on the Hugging Face hub."
            ) from wrong

    def ids(self, text: str, *, follows: bool = False) -> tuple[int, ...]:
        """Return the ids of outside text."""
        return tuple(self._tokenizer.encode(text, add_special_tokens=not follows).ids)

    def text(self, ids: Sequence[int]) -> str:
        """Return the text of ids."""
        return self._tokenizer.decode(list(ids))

    def token(self, number: int) -> Token:
        """Return a vocabulary entry with its text."""
        return self._pieces.token(number)

    def size(self) -> int:
        """Return how many entries the vocabulary has."""
        return self._tokenizer.get_vocab_size()

    def special(self) -> frozenset[int]:
        """Return the ids of control tokens."""
        added = self._tokenizer.get_added_tokens_decoder()
        return frozenset(number for number, one in added.items() if one.special)

    def end(self) -> int | None:
        """Return the id that ends a text."""
        return self._tokenizer.token_to_id(self._end)


def _found(place: Path) -> Path | None:
    if place.is_dir():
        return place / _FILE
    return place if place.is_file() else None


def _fetched(model: str) -> Path:
    from tools.engine.model.hub import file_of  # late: who has a folder needs no hub

    return file_of(model, _FILE, _SETTING, is_all=True)
