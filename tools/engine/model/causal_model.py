"""Any causal language model, through transformers; and the embedded one where it is looked into.

Everything here runs on the one thread of `local.LocalEngine`.
"""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer

from tools.engine.base import Candidate, Scored, Token
from tools.engine.model.kept_runs import KeptRuns
from tools.engine.model.language_model import CONTEXT_TOKENS
from tools.engine.model.logits import scored, tops
from tools.engine.prompts import checked_ids, require_spellable
from tools.errors import WeightsError


class CausalModel:
    """A `LanguageModel`: weights, tokenizer, the keys and values of the last few prompts."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = self.network = model  # torch's own, for a look inside
        self._tokenizer = self.tokenizer = tokenizer
        self._runs: KeptRuns[Any] = KeptRuns()  # transformers' caches
        config = model.config.get_text_config()
        self.vocabulary: int = config.vocab_size
        limit = getattr(config, "max_position_embeddings", CONTEXT_TOKENS)
        self.context_tokens: int = min(limit, CONTEXT_TOKENS)

    @classmethod
    def load(cls, source: Path | str) -> "CausalModel":
        """Load from a folder, or by name from the Hugging Face hub if `source` is no folder.

        Raises:
            WeightsError: there is no such model, or it can't be read.
        """
        transformers.utils.logging.disable_progress_bar()
        is_local = isinstance(source, Path) or Path(source).is_dir()
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=is_local)
            model, told = AutoModelForCausalLM.from_pretrained(
                source, dtype=torch.float32, local_files_only=is_local, output_loading_info=True
            )
            if told["missing_keys"]:  # transformers would have made those up, at random
                raise ValueError(f"{len(told['missing_keys'])} of its weights are missing.")
        except _LOADING_ERRORS as wrong:
            first = (str(wrong).strip().splitlines() or [type(wrong).__name__])[0]
            raise WeightsError(
                f"The model {source} can't be loaded: {first.rstrip('.')}. "
                "Delete that folder, or set HUNCH_LOCAL_MODEL to another, and start again."
            ) from wrong
        return cls(model.eval(), tokenizer)

    def tokenize(self, text: str) -> tuple[int, ...]:
        """Return the ids of outside text; control tokens in it are cut up like other text.

        Raises:
            BadInput: it holds a character that the vocabulary can't spell.
        """
        require_spellable(text, self._respelt)
        return tuple(self._tokenizer(text, split_special_tokens=True)["input_ids"])

    def tokenize_continuation(self, text: str) -> tuple[int, ...]:
        """Return the ids of text that follows other text: no start token before it.

        Raises:
            BadInput: it holds a character that the vocabulary can't spell.
        """
        require_spellable(text, self._respelt)
        encoded = self._tokenizer(text, split_special_tokens=True, add_special_tokens=False)
        return tuple(encoded["input_ids"])

    def token(self, number: int) -> Token:
        """Return a vocabulary entry with its text."""
        text = self._tokenizer.decode(
            [number], skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        piece = self._tokenizer.convert_ids_to_tokens(number) or ""
        if piece.startswith("▁") and not text.startswith(" "):
            text = f" {text}"  # SentencePiece tokenizers drop a first token's space
        return Token(number, text)

    def tops(
        self, prompts: Sequence[Sequence[int]], k: int
    ) -> list[tuple[tuple[Candidate, ...], float]]:
        """Return the `k` likeliest next tokens and the entropy of all, in bits, of each prompt."""
        return tops([self._next_scores(self.checked(ids)) for ids in prompts], k, self.token)

    def score(self, ids: Sequence[int], continuation: Sequence[int]) -> tuple[Scored, ...]:
        """Score each token of `continuation` after `ids` and those before it."""
        whole = self.checked([*ids, *continuation])
        keep = len(continuation) + 1
        with torch.inference_mode():
            read = self._model(torch.tensor([whole]), logits_to_keep=keep, use_cache=False)
            # row i was computed before continuation[i] was seen
            return scored(read.logits[0, -keep:-1], continuation, self.token)

    def checked(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Return ids that the model can read."""
        return checked_ids(ids, self.vocabulary, self.context_tokens)

    def read_on(self, fresh: Sequence[int], past: Any = None) -> Any:
        """Read ids behind those that `past` is of, and score the next; return keys and values."""
        return self._read(fresh, past).past_key_values

    def weights(self) -> Sequence[torch.Tensor]:
        """Return the tensors that are read for each token."""
        return [weight.detach() for weight in self._model.parameters()]

    def opened(self) -> "CausalModel":
        """Return this model: it can be looked into as it is."""
        return self

    def _respelt(self, sign: str) -> str:
        ids = self._tokenizer(sign, add_special_tokens=False)["input_ids"]
        return str(self._tokenizer.decode(ids))

    def _next_scores(self, ids: tuple[int, ...]) -> torch.Tensor:
        """Return the next token's scores, shape (vocabulary,).

        What a kept run has computed for the same first tokens is not computed again.
        """
        known, kept = self._runs.longest_shared(ids)
        read = self._read(ids[known:], kept, known)
        self._keep(ids, read.past_key_values)
        scores: torch.Tensor = read.logits[0, -1]
        return scores

    def _read(self, fresh: Sequence[int], past: Any, known: int | None = None) -> Any:
        """Read ids behind the first `known` of those that `past` is of, or behind all."""
        own = copy.deepcopy(past)  # reading on writes into it
        if own is not None and known is not None:
            own.crop(known - own.get_seq_length())  # by so many, negative
        with torch.inference_mode():
            ids = torch.tensor([list(fresh)])
            return self._model(ids, past_key_values=own, use_cache=True, logits_to_keep=1)

    def _keep(self, ids: tuple[int, ...], past: Any) -> None:
        layers = getattr(past, "layers", ())
        if layers and all(type(layer).__name__ == "DynamicLayer" for layer in layers):
            self._runs.add(ids, past)  # others can't be cut back to a prefix


_LOADING_ERRORS = (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError)
