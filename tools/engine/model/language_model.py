"""A language model, whoever does its arithmetic: text to ids, ids to what may follow."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tools.engine.base import Candidate, Scored, Token
from tools.engine.boundary import ANCHOR, behind, do_spell, unscored
from tools.engine.forward.forward import Forward
from tools.engine.model.logits import scored, tops
from tools.engine.model.tokenizes import Tokenizes
from tools.engine.prompts import checked_ids, require_spellable

if TYPE_CHECKING:
    from torch import Tensor

CONTEXT_TOKENS = 2048  # bounds the memory and the seconds that one prompt can take


class LanguageModel:
    """Everything runs on the one thread of `local.LocalEngine`."""

    def __init__(
        self, tokenizes: Tokenizes, forward: Forward, opened: "Callable[[], LanguageModel]"
    ) -> None:
        """Put together what was loaded.

        Args:
            tokenizes: Cuts text.
            forward: Does the arithmetic.
            opened: Returns the same weights as a `CausalModel`, to be looked into; may take
                seconds, and raise `WeightsError`.
        """
        self.tokenizes, self.forward, self.opened = tokenizes, forward, opened
        self.vocabulary = forward.vocabulary
        self.context_tokens = min(forward.context, CONTEXT_TOKENS)

    def tokenize(self, text: str) -> tuple[int, ...]:
        """Return the ids of outside text; control tokens in it are cut up like other text.

        Raises:
            BadInput: it holds a character that the vocabulary can't spell.
        """
        require_spellable(text, self._respelt)
        return self.cut(text)

    def cut(self, text: str) -> tuple[int, ...]:
        """Return the ids of outside text as the tokenizer does: what it can't spell is dropped."""
        return self.tokenizes.ids(text)

    def tokenize_continuation(self, text: str) -> tuple[int, ...]:
        """Return the ids of text that follows other text; raises as `tokenize`.

        Where a tokenizer puts a space before whatever comes first, it is cut behind a line end.
        """
        require_spellable(text, self._respelt)
        alone = self.tokenizes.ids(text, follows=True)
        if do_spell(map(self.token, alone), text):
            return alone
        anchor = self.tokenizes.ids(ANCHOR, follows=True)
        anchored = behind(anchor, self.tokenizes.ids(ANCHOR + text, follows=True))
        return anchored if do_spell(map(self.token, anchored), text) else alone

    def continuation(self, text: str, following: str) -> tuple[int, ...]:
        """Return the ids that text has behind other text, cut in one with it.

        Where the two grow together, the ids that spell it alone are read behind those of the text.

        Raises:
            BadInput: it holds a character that the vocabulary can't spell.
            Missing: it grows together with the text, and can't be spelt alone.
        """
        require_spellable(following, self._respelt)
        if within := behind(self.tokenize(text), self.cut(text + following)):
            return within
        alone = self.tokenize_continuation(following)
        if not do_spell(map(self.token, alone), following):
            raise unscored("this model")
        return alone

    def token(self, number: int) -> Token:
        """Return a vocabulary entry with its text."""
        return self.tokenizes.token(number)

    def checked(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Return ids that the model can read; raises as `prompts.checked_ids`."""
        return checked_ids(ids, self.vocabulary, self.context_tokens)

    def tops(
        self, prompts: Sequence[Sequence[int]], k: int
    ) -> list[tuple[tuple[Candidate, ...], float]]:
        """Return the `k` likeliest next tokens and the entropy of all, in bits, of each prompt."""
        read = self.forward.scores([self.checked(ids) for ids in prompts])
        return tops([rows[-1] for rows in read], k, self.token)

    def raw_scores(self, ids: Sequence[int]) -> "Tensor":
        """Return the score of each token to come next, shape (vocabulary,)."""
        return self.forward.scores([self.checked(ids)])[0][-1]

    def score(self, ids: Sequence[int], continuation: Sequence[int]) -> tuple[Scored, ...]:
        """Score each token of `continuation` after `ids` and those before it."""
        whole = self.checked([*ids, *continuation])
        (rows,) = self.forward.scores([whole], keep=len(continuation) + 1)
        # row i was computed before continuation[i] was seen
        return scored(rows[:-1], continuation, self.token)

    def _respelt(self, sign: str) -> str:
        return self.tokenizes.text(self.tokenizes.ids(sign, follows=True))
