"""What the local engine needs of a model, whoever does the arithmetic. No model library here."""

from collections.abc import Sequence
from typing import Any, Protocol

from tools.engine.base import Candidate, Scored, Token

CONTEXT_TOKENS = 2048  # bounds the memory and the seconds that one prompt can take


class LanguageModel(Protocol):
    """Everything runs on the one thread of `local.LocalEngine`."""

    vocabulary: int
    context_tokens: int

    def tokenize(self, text: str) -> tuple[int, ...]:
        """Return the ids of outside text; control tokens in it are cut up like other text.

        Raises:
            BadInput: it holds a character that the vocabulary can't spell.
        """
        ...

    def tokenize_continuation(self, text: str) -> tuple[int, ...]:
        """Return the ids of text that follows other text; raises as `tokenize`."""
        ...

    def token(self, number: int) -> Token:
        """Return a vocabulary entry with its text."""
        ...

    def checked(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Return ids that the model can read; raises as `prompts.checked_ids`."""
        ...

    def tops(
        self, prompts: Sequence[Sequence[int]], k: int
    ) -> list[tuple[tuple[Candidate, ...], float]]:
        """Return the `k` likeliest next tokens and the entropy of all, in bits, of each prompt."""
        ...

    def score(self, ids: Sequence[int], continuation: Sequence[int]) -> tuple[Scored, ...]:
        """Score each token of `continuation` after `ids` and those before it."""
        ...

    def read_on(self, fresh: Sequence[int], past: Any = None) -> Any:
        """Read ids behind those that `past` is of, and score the next; return keys and values.

        Exactly the work that an answer takes; nothing is kept, and `past` is not written to.
        """
        ...

    def weights(self) -> Sequence[Any]:
        """Return the tensors that are read for each token."""
        ...

    def opened(self) -> Any:
        """Return the same weights as a `CausalModel`, to be looked into."""
        ...
