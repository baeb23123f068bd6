"""The embedded model without transformers: a tokenizer, a plain Llama, and what it has read.

Loads in a third of the time that transformers takes, keeps a fifth of the bytes in memory, and
reads several prompts in one pass.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError
from tokenizers import Tokenizer
from torch import Tensor

from tools.engine.base import Candidate, Scored, Token
from tools.engine.llama.build import Build
from tools.engine.llama.llama import Llama, Read, Reading
from tools.engine.model.kept_runs import KeptRuns
from tools.engine.model.language_model import CONTEXT_TOKENS
from tools.engine.model.logits import scored, tops
from tools.engine.prompts import checked_ids, require_spellable
from tools.errors import WeightsError

if TYPE_CHECKING:
    from tools.engine.model.causal_model import CausalModel


class PlainModel:
    """A `LanguageModel` that `convert` has made."""

    def __init__(self, folder: Path, tokenizer: Tokenizer, llama: Llama) -> None:
        """Take what `load` has read."""
        self._folder = folder
        self._tokenizer, self._llama = tokenizer, llama
        self._tokenizer.encode_special_tokens = True  # so that none in a text is obeyed
        self._runs: KeptRuns[Tensor] = KeptRuns()
        self._opened: CausalModel | None = None
        self.vocabulary = llama.build.vocabulary
        self.context_tokens = min(llama.build.context, CONTEXT_TOKENS)

    @classmethod
    def load(cls, folder: Path, build: Build) -> "PlainModel":
        """Load from a folder that `plain_build` knows.

        Raises:
            WeightsError: it can't be read.
        """
        try:
            text = (folder / "tokenizer.json").read_text(encoding="utf-8")
            return cls(folder, Tokenizer.from_str(text), Llama.load(folder, build))
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as wrong:
            first = (str(wrong).strip().splitlines() or [type(wrong).__name__])[0]
            raise WeightsError(
                f"The model {folder} can't be loaded: {first.rstrip('.')}. "
                "Delete that folder and start again."
            ) from wrong

    def tokenize(self, text: str) -> tuple[int, ...]:
        """Return the ids of outside text; control tokens in it are cut up like other text."""
        require_spellable(text, self._respelt)
        return tuple(self._tokenizer.encode(text).ids)

    def tokenize_continuation(self, text: str) -> tuple[int, ...]:
        """Return the ids of text that follows other text: no start token before it."""
        require_spellable(text, self._respelt)
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def token(self, number: int) -> Token:
        """Return a vocabulary entry with its text."""
        return Token(number, self._tokenizer.decode([number], skip_special_tokens=False))

    def checked(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Return ids that the model can read."""
        return checked_ids(ids, self.vocabulary, self.context_tokens)

    def tops(
        self, prompts: Sequence[Sequence[int]], k: int
    ) -> list[tuple[tuple[Candidate, ...], float]]:
        """Return the `k` likeliest next tokens and the entropy of all, in bits, of each prompt."""
        read = self._read([self.checked(ids) for ids in prompts])
        return tops([one.scores[-1] for one in read], k, self.token)

    def score(self, ids: Sequence[int], continuation: Sequence[int]) -> tuple[Scored, ...]:
        """Score each token of `continuation` after `ids` and those before it."""
        whole = self.checked([*ids, *continuation])
        (read,) = self._read([whole], keep=len(continuation) + 1)
        # row i was computed before continuation[i] was seen
        return scored(read.scores[:-1], continuation, self.token)

    def read_on(self, fresh: Sequence[int], past: Tensor | None = None) -> Tensor:
        """Read ids behind those that `past` is of, and score the next; return keys and values."""
        return self._llama.read([Reading(fresh, past)])[0].cache

    def weights(self) -> Sequence[Tensor]:
        """Return the tensors that are read for each token."""
        return self._llama.weights()

    def opened(self) -> "CausalModel":
        """Return the same weights in float32 inside transformers' model, read at the first call.

        Raises:
            WeightsError: transformers can't read the folder.
        """
        if self._opened is None:
            from tools.engine.model.causal_model import (
                CausalModel,  # transformers: seconds, and 100 MB
            )

            self._opened = CausalModel.load(self._folder)
        return self._opened

    def _read(self, prompts: Sequence[tuple[int, ...]], keep: int = 1) -> list[Read]:
        """Read prompts in one pass; what a kept run has read is not read again."""
        readings = []
        for ids in prompts:
            known, left = self._runs.longest_shared(ids, keep)
            past = None if left is None else left[:, :, :, :known]
            readings.append(Reading(ids[known:], past, keep))
        found = self._llama.read(readings)
        for ids, read in zip(prompts, found, strict=True):
            self._runs.add(ids, read.cache)
        return found

    def _respelt(self, sign: str) -> str:
        ids = self._tokenizer.encode(sign, add_special_tokens=False).ids
        return self._tokenizer.decode(ids)
