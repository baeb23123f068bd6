"""Score a token guess by the live model's own probability for it.

A guess is the tokens that it becomes behind the prompt, never a piece that looks like it.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.lesson.evidence import Evidence, Share
from tools.engine.base import Distribution, Engine, Prompt, Scored, Token, bytes_of
from tools.errors import Missing

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
            Missing: nobody can say which tokens the guess becomes.
            ToolError: the engine gave no usable answer.
        """
        asked = Prompt(prompt)
        is_spaced = guess[:1].isspace() or prompt[-1:].isspace()
        forms = (guess,) if is_spaced else (f" {guess}", guess)
        distribution = await self.engine.next_token(asked, LOOKED_AT)
        found: tuple[Scored, ...] = ()
        for way in await self._ways(asked, forms, distribution):
            if found and _logprob(found) >= way.most:
                break  # the other can't be likelier
            scored = _among(distribution, way.cut) or await self.engine.score(asked, way.form)
            found = max(found or scored, scored, key=_logprob)
        return _evidence(distribution, found)

    async def _ways(
        self, prompt: Prompt, forms: Sequence[str], distribution: Distribution
    ) -> list["_Way"]:
        """Return the forms that can be cut behind the prompt, the likeliest first; at least one."""
        cuts = await asyncio.gather(
            *(self.engine.continuation(prompt, form) for form in forms), return_exceptions=True
        )
        failed = [cut for cut in cuts if isinstance(cut, BaseException)]
        if len(failed) == len(cuts) or any(not isinstance(one, Missing) for one in failed):
            raise next((one for one in failed if not isinstance(one, Missing)), failed[0])
        found = [
            _Way(form, cut, _most(distribution, cut))
            for form, cut in zip(forms, cuts, strict=True)
            if not isinstance(cut, BaseException)
        ]
        return sorted(found, key=lambda way: -way.most)


@dataclass(frozen=True, slots=True)
class _Way:
    """A guess as it may be meant, its tokens, and the most that its log-probability can be."""

    form: str
    cut: tuple[Token, ...]
    most: float


def _among(distribution: Distribution, cut: Sequence[Token]) -> tuple[Scored, ...] | None:
    """Return a guess of one token, if it is among those shown."""
    found = _place(distribution, cut[0])
    if len(cut) > 1 or found is None:
        return None
    candidate = distribution.top[found]
    return (Scored(candidate.token, candidate.logprob, found + 1),)


def _most(distribution: Distribution, cut: Sequence[Token]) -> float:
    """Return the most that a guess's log-probability can be: that of its first token."""
    found = _place(distribution, cut[0])
    return distribution.top[-1 if found is None else found].logprob


def _place(distribution: Distribution, token: Token) -> int | None:
    """Return where a token stands: by its id, or by its bytes where a server names no ids."""
    for place, candidate in enumerate(distribution.top):
        other = candidate.token
        if other.id == token.id or (other.id < 0 and bytes_of(other) == bytes_of(token)):
            return place
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
