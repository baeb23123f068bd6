"""Beam search: keep the few likeliest texts, not only the likeliest next token.

Source:
    Graves 2012, arXiv:1211.3711, section 2.3; scores are sums of log-probabilities, and nothing is
    added for length.
"""

import asyncio
from dataclasses import dataclass, field

from tools.algorithms.loop import ENDS
from tools.engine.base import Candidate, Distribution, Engine, Prompt
from tools.errors import Missing


@dataclass(frozen=True, slots=True)
class Beam:
    """One text in the running: the tokens after the prompt, and their log-probabilities' sum."""

    picks: tuple[Candidate, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of its tokens."""
        return tuple(one.token.id for one in self.picks)

    @property
    def logprob(self) -> float:
        """Natural log of the probability that the model gives the whole text."""
        return sum(one.logprob for one in self.picks)

    @property
    def is_ended(self) -> bool:
        """Whether the model has ended the text; then nothing is appended to it."""
        return bool(self.picks) and self.picks[-1].token.text in ENDS


@dataclass(frozen=True, slots=True)
class Search:
    """What was kept after each token, likeliest first, and the greedy text beside it."""

    levels: tuple[tuple[Beam, ...], ...]
    greedy: Beam
    last: Distribution = field(repr=False)

    @property
    def best(self) -> Beam:
        """The likeliest text found."""
        return self.levels[-1][0]

    @property
    def shared(self) -> int:
        """How many first tokens the greedy text and the best one have in common."""
        pairs = zip(self.greedy.ids, self.best.ids, strict=False)
        same = [left == right for left, right in pairs]
        return same.index(False) if False in same else len(same)


async def search(engine: Engine, prompt: Prompt, width: int, depth: int) -> Search:
    """Search `depth` tokens far, keeping the `width` likeliest texts after each.

    Raises:
        Missing: the server names no token ids, so nothing can be appended.
        EngineError: the engine gave no usable answer.
    """
    asked: dict[tuple[int, ...], Distribution] = {}

    async def grown(beam: Beam) -> list[Beam]:
        if beam.is_ended:
            return [beam]
        if beam.ids not in asked:
            appended = (*prompt.appended, *beam.ids)
            asked[beam.ids] = await engine.next_token(Prompt(prompt.text, appended), width)
        return [Beam((*beam.picks, one)) for one in _named(asked[beam.ids])]

    kept: tuple[Beam, ...] = (Beam(),)
    levels, greedy = [], Beam()
    for _ in range(depth):
        found = await asyncio.gather(*(grown(beam) for beam in kept))
        every = [beam for beams in found for beam in beams]
        kept = tuple(sorted(every, key=lambda beam: -beam.logprob)[:width])
        levels.append(kept)
        greedy = (await grown(greedy))[0]
    return Search(tuple(levels), greedy, next(reversed(asked.values())))


def _named(found: Distribution) -> tuple[Candidate, ...]:
    if any(one.token.id < 0 for one in found.top):
        raise Missing("This server names no token ids, so a beam can't be grown on it.")
    return found.top
