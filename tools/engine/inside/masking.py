"""An answer under a mask: the model scores, llguidance says what may come, the likeliest is taken.

A token that isn't allowed scores minus infinity, as in vLLM: before softmax and whatever a sampler
does. What is allowed keeps its order.
"""

from collections.abc import Generator

import numpy as np
import torch

from tools.engine.base import Candidate, Token
from tools.engine.forward.forward import Run
from tools.engine.grammars import fits, grammar_of
from tools.engine.inside.vocabulary import vocabulary
from tools.engine.masking import MOST_STEPS, SHOWN, AllowedToken, Masked, MaskedStep, Rule, written
from tools.engine.model.language_model import LanguageModel
from tools.errors import BadInput


class TokenMask:
    """What a rule allows next, given what was taken so far."""

    def __init__(self, model: LanguageModel, rule: Rule) -> None:
        """Begin; raises `BadInput` as `grammars.grammar_of`."""
        from llguidance import LLMatcher  # who never masks needn't load it

        self._spelt, self._size = vocabulary(model), model.vocabulary
        self._matcher = LLMatcher(self._spelt, grammar_of(rule), log_level=0)

    def allowed(self) -> torch.Tensor:
        """Return which tokens may come next, shape (vocabulary,), bool; at least one.

        Raises:
            BadInput: nothing fits the rule, or it is too much for llguidance.
        """
        bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        if self._matcher.is_error():
            raise BadInput(_refusal(self._matcher.get_error()))
        return torch.from_numpy(np.unpackbits(bits, bitorder="little", count=self._size)).bool()

    def take(self, number: int) -> None:
        """Go on by a token that is allowed."""
        self._matcher.consume_token(number)

    def is_end(self, number: int) -> bool:
        """Tell whether a token ends the text."""
        return number in self._spelt.eos_tokens


def masked(
    model: LanguageModel, text: str, rule: Rule, steps: int
) -> Generator[None, None, Masked]:
    """Write at most so many tokens under a rule, and as many without. Pauses after each.

    Raises:
        BadInput: the rule can't be used, or there is no room for so many tokens.
        Missing: the tokenizer names no token that ends a text.
    """
    if not 1 <= steps <= MOST_STEPS:
        raise BadInput(f"Ask for 1 to {MOST_STEPS} steps, not {steps}.")
    grammar_of(rule)  # refused before the vocabulary is made
    ids = model.tokenize(text)
    model.checked((*ids, *(0,) * steps))
    mask, start = TokenMask(model, rule), model.forward.run(ids)
    run = start
    found: list[MaskedStep] = []
    while True:
        yield
        found.append(step_of(model, run.scores, mask))
        taken = found[-1].token.id
        if len(found) == steps or found[-1].is_end:
            break
        mask.take(taken)
        run = run.then([taken])
    free = yield from _free(model, start, len(found))
    answer = tuple(found)
    return Masked(answer, free, model.vocabulary, fits(rule, written(answer)))


def step_of(model: LanguageModel, scores: torch.Tensor, mask: TokenMask) -> MaskedStep:
    """Return what a mask makes of the scores, shape (vocabulary,), of what could come next."""
    allowed = mask.allowed()
    raw, may = scores.double(), allowed.nonzero().squeeze(1)
    chances, left = raw.softmax(-1), raw[may]
    best = left.topk(min(SHOWN, len(may))).indices
    first, taken = int(raw.argmax()), int(may[left.argmax()])  # topk may turn a tie round
    shown = [taken, *(number for number in may[best].tolist() if number != taken)][:SHOWN]
    all_left = left.logsumexp(-1)
    return MaskedStep(
        token=model.token(taken),
        allowed=len(may),
        is_counted=True,
        cut=float(chances.masked_fill(allowed, 0).sum()),
        wanted=Candidate(model.token(first), float(chances[first].log())),
        top=tuple(
            AllowedToken(
                model.token(number), float(chances[number]), float((raw[number] - all_left).exp())
            )
            for number in shown
        ),
        is_end=mask.is_end(taken),
    )


def _free(model: LanguageModel, run: Run, steps: int) -> Generator[None, None, tuple[Token, ...]]:
    """Write so many tokens greedily, with no mask."""
    found: list[int] = []
    while True:
        yield
        found.append(int(run.scores.argmax()))
        if len(found) == steps or found[-1] == model.tokenizes.end():
            return tuple(model.token(number) for number in found)
        run = run.then(found[-1:])


def _refusal(told: str) -> str:
    """Return what a matcher's failure means for who wrote the rule."""
    if "NoExtension" in told:
        return "No text fits that rule: it can't come to an end. Change it."
    return f"That rule is too much for llguidance: {told.splitlines()[0][:120]}. Make it smaller."
