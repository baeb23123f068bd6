"""The loop that writes text: predict, pick, append, again."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tools.engine.base import Candidate, Distribution, Engine, Prompt
from tools.errors import Missing

SHOWN = 20  # the most that an engine names, so the most that can be drawn from
ENDS = frozenset({"<|im_end|>", "<|endoftext|>", "</s>", "<|eot_id|>", "<eos>", "<end_of_turn>"})

Pick = Callable[[Distribution], Candidate]


@dataclass(frozen=True, slots=True)
class LoopStep:
    """One time round: what could have come, and what was picked."""

    found: Distribution
    picked: Candidate

    @property
    def is_end(self) -> bool:
        """Whether the model has ended the text."""
        return self.picked.token.text in ENDS


async def rounds(
    engine: Engine, prompt: Prompt, most: int, pick: Pick, k: int = 1
) -> tuple[LoopStep, ...]:
    """Go round up to `most` times; stops early at an end-of-text token.

    Args:
        engine: Which predicts.
        prompt: Where to start; not empty.
        most: Tokens to append.
        pick: Chooses from the `k` likeliest.
        k: How many to ask for.

    Raises:
        Missing: the server names no token ids, so nothing can be appended.
        EngineError: the engine gave no usable answer.
    """
    done: list[LoopStep] = []
    while len(done) < most and not (done and done[-1].is_end):
        found = await engine.next_token(prompt, k)
        picked = pick(found)
        if picked.token.id < 0:
            raise Missing("This server names no token ids, so the loop can't run on it.")
        done.append(LoopStep(found, picked))
        prompt = Prompt(prompt.text, (*prompt.appended, picked.token.id))
    return tuple(done)


def likeliest(found: Distribution) -> Candidate:
    """Pick the first: greedy."""
    return found.top[0]


def by_chance(dice: random.Random) -> Pick:
    """Return a pick that draws from the shown tokens, scaled up to 1."""

    def pick(found: Distribution) -> Candidate:
        weights = [one.probability for one in found.top]
        return dice.choices(found.top, weights)[0] if sum(weights) else found.top[0]

    return pick
