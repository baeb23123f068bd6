"""Score a token guess by the live model's own probability for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.lesson.evidence import Evidence, Share
from tools.engine.base import Distribution, Engine, Prompt, Scored

LOOKED_AT = 20  # a guess among these needs no second request
KEPT = 5  # of the distribution, with the guess


@dataclass(frozen=True, slots=True)
class JudgeToken:
    """Ask the engine where a guess stands in its distribution."""

    engine: Engine

    async def __call__(self, prompt: str, guess: str) -> Evidence:
        """Return where the guess's first token stands, and how likely all of the guess is.

        A learner who types `kube` may mean `kube` or ` kube`, and the model tells them apart:
        the likelier of the two counts, as a whole. After a space they mean what they typed.

        Raises:
            ToolError: the engine gave no usable answer.
        """
        distribution = await self.engine.next_token(Prompt(prompt), LOOKED_AT)
        is_spaced = guess[:1].isspace() or prompt[-1:].isspace()
        forms = (guess,) if is_spaced else (f" {guess}", guess)
        scored = _among(distribution, forms)
        if scored is not None:
            return _evidence(distribution, (scored,))
        each = [await self.engine.score(Prompt(prompt), form) for form in forms]
        return _evidence(distribution, max(each, key=_logprob))


def _among(distribution: Distribution, forms: tuple[str, ...]) -> Scored | None:
    for rank, candidate in enumerate(distribution.top, start=1):
        if candidate.token.text in forms:
            return Scored(candidate.token, candidate.logprob, rank)
    return None


def _logprob(tokens: Sequence[Scored]) -> float:
    return sum(one.logprob for one in tokens)


def _evidence(distribution: Distribution, tokens: Sequence[Scored]) -> Evidence:
    scored = tokens[0]
    top = tuple(Share(c.token.spelt, c.probability) for c in distribution.top[:KEPT])
    return Evidence(
        token=scored.token.spelt,
        rank=scored.rank,
        probability=2.0**-scored.surprisal_bits,
        surprisal_bits=scored.surprisal_bits,
        top=top,
        other_probability=max(0.0, 1 - sum(share.probability for share in top)),
        model=distribution.model,
        engine=distribution.engine,
        at=distribution.at,
        whole_probability=math.exp(_logprob(tokens)) if len(tokens) > 1 else None,
    )
