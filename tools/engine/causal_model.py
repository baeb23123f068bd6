"""A language model in this process: torch and transformers, nothing asynchronous.

Everything here runs on the one thread of `local.LocalEngine`.
"""

import copy
import math
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer

from tools.engine.base import Candidate, Scored, Token
from tools.errors import BadInput, WeightsError

CONTEXT_TOKENS = 2048  # bounds the memory and the seconds that one prompt can take
KEPT_RUNS = 4
KEPT_TOKENS = 2048  # of all kept runs together; SmolLM2 keeps 46 kB for each: 94 MB


class CausalModel:
    """Weights, tokenizer, and the keys and values of the last few prompts."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = self.network = model  # torch's own, for a look inside
        self._tokenizer = self.tokenizer = tokenizer
        self._runs: list[tuple[tuple[int, ...], Any]] = []  # (ids, keys and values), newest last
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
        self._require_spellable(text)
        return tuple(self._tokenizer(text, split_special_tokens=True)["input_ids"])

    def tokenize_continuation(self, text: str) -> tuple[int, ...]:
        """Return the ids of text that follows other text: no start token before it.

        Raises:
            BadInput: it holds a character that the vocabulary can't spell.
        """
        self._require_spellable(text)
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

    def top(self, ids: Sequence[int], k: int) -> tuple[tuple[Candidate, ...], float]:
        """Return the `k` likeliest next tokens and the entropy of all, in bits."""
        logprobs = self._next_logprobs(self.checked(ids))
        values, numbers = logprobs.topk(min(k, len(logprobs)))
        found = zip(numbers.tolist(), values.tolist(), strict=True)
        top = tuple(Candidate(self.token(number), value) for number, value in found)
        return top, _entropy_bits(logprobs)

    def score(self, ids: Sequence[int], continuation: Sequence[int]) -> tuple[Scored, ...]:
        """Score each token of `continuation` after `ids` and those before it."""
        whole = self.checked([*ids, *continuation])
        keep = len(continuation) + 1
        with torch.inference_mode():
            read = self._model(torch.tensor([whole]), logits_to_keep=keep, use_cache=False)
            # (continuation, vocabulary): row i was computed before continuation[i] was seen
            rows = read.logits[0, -keep:-1]
            return tuple(
                _scored(row.double().log_softmax(dim=-1), self.token(number))
                for row, number in zip(rows, continuation, strict=True)
            )

    def checked(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Return ids that the model can read.

        Raises:
            BadInput: none, too many, or one that isn't in the vocabulary.
        """
        if not ids:
            raise BadInput("That text has no tokens. Give me some text to continue.")
        if bad := [number for number in ids if not 0 <= number < self.vocabulary]:
            raise BadInput(f"There is no token {bad[0]}: ids go from 0 to {self.vocabulary - 1:,}.")
        if (over := len(ids) - self.context_tokens) > 0:
            raise BadInput(
                f"That is {len(ids):,} tokens, {over:,} more than the {self.context_tokens:,} "
                "that fit. Shorten the text and try again."
            )
        return tuple(ids)

    def _require_spellable(self, text: str) -> None:
        """Refuse what would be dropped without a word: SmolLM2 lacks six control characters."""
        for sign in {sign for sign in text if unicodedata.category(sign)[0] == "C"}:
            ids = self._tokenizer(sign, add_special_tokens=False)["input_ids"]
            if not ids or "\ufffd" in self._tokenizer.decode(ids):
                raise BadInput(
                    f"This model has no token for the character U+{ord(sign):04X}. "
                    "Remove it and try again."
                )

    def _next_logprobs(self, ids: tuple[int, ...]) -> torch.Tensor:
        """Return log-probabilities of the next token, float64, shape (vocabulary,).

        What a kept run has computed for the same first tokens is not computed again.
        """
        known, past = self._longest_shared(ids)
        with torch.inference_mode():
            fresh = torch.tensor([ids[known:]])
            read = self._model(fresh, past_key_values=past, use_cache=True, logits_to_keep=1)
            logprobs: torch.Tensor = read.logits[0, -1].double().log_softmax(dim=-1)
        self._keep(ids, read.past_key_values)
        return logprobs

    def _longest_shared(self, ids: tuple[int, ...]) -> tuple[int, Any]:
        """Return how many of the first tokens are kept, and a copy of their keys and values."""
        best, found, length = 0, None, 0
        for run, past in self._runs:
            # at least one token must be read, since the logits themselves aren't kept
            if (shared := min(_shared_prefix(run, ids), len(ids) - 1)) > best:
                best, found, length = shared, past, len(run)
        if found is None:
            return 0, None
        past = copy.deepcopy(found)  # reading on writes into it
        if best < length:
            past.crop(best - length)  # negative: how many to drop from the end
        return best, past

    def _keep(self, ids: tuple[int, ...], past: Any) -> None:
        layers = getattr(past, "layers", ())
        if not layers or any(type(layer).__name__ != "DynamicLayer" for layer in layers):
            return  # sliding windows and recurrent states can't be cut back to a prefix
        self._runs = [run for run in self._runs if run[0] != ids][1 - KEPT_RUNS :]
        self._runs.append((ids, past))
        while sum(len(run) for run, _ in self._runs) > KEPT_TOKENS:
            del self._runs[0]


_LOADING_ERRORS = (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError)


def _shared_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many first entries are the same."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


def _entropy_bits(logprobs: torch.Tensor) -> float:
    """Return the exact entropy of log-probabilities over the whole vocabulary, in bits."""
    return float(torch.special.entr(logprobs.exp()).sum()) / math.log(2)


def _scored(logprobs: torch.Tensor, token: Token) -> Scored:
    logprob = logprobs[token.id]
    rank = 1 + int((logprobs > logprob).sum())
    return Scored(token, min(0.0, float(logprob)), rank)
