"""What a sampler does to a distribution before it draws, knob by knob, in vLLM's order.

Repetition penalty, temperature, min-p, top-k, top-p..

Source:
    vLLM 0.32, `vllm/v1/sample/sampler.py`: penalties, temperature, min-p, top-k and top-p.
    Holtzman et al. 2020, arXiv:1904.09751 (top-p); Fan et al. 2018, arXiv:1805.04833 (top-k);
    Nguyen et al. 2024, arXiv:2407.01082 (min-p); Keskar et al. 2019, arXiv:1909.05858 (penalty).
"""

import math
import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class SampleCandidate:
    """A token that may be drawn: its id and score, where it stood, and which knob cut it."""

    id: int
    score: float  # natural log of a share, up to a constant
    place: int = 0
    cut_by: str = ""


@dataclass(frozen=True, slots=True)
class SamplingKnobs:
    """The knobs. As they stand they change nothing."""

    temperature: float = 1.0  # 0 is greedy
    top_k: int = 20
    top_p: float = 1.0
    min_p: float = 0.0
    penalty: float = 1.0


def settled(
    choices: Sequence[SampleCandidate], seen: Collection[int], settings: SamplingKnobs
) -> tuple[SampleCandidate, ...]:
    """Return the choices after every knob, likeliest first.

    Args:
        choices: In any order, at least one.
        seen: Ids of tokens that the penalty is for.
        settings: The knobs.
    """
    found = in_order([penalized(one, seen, settings.penalty) for one in choices])
    if settings.temperature == 0:
        return cut_beyond(found, 1, "greedy")
    found = tuple(replace(one, score=one.score / settings.temperature) for one in found)
    found = cut_unlikely(found, settings.min_p)
    found = cut_beyond(found, settings.top_k, "top-k")
    return cut_tail(found, settings.top_p)


def penalized(choice: SampleCandidate, seen: Collection[int], penalty: float) -> SampleCandidate:
    """Return a choice made less likely if it was seen: a score above 0 ÷, one below 0 × penalty."""
    if choice.id not in seen:
        return choice
    score = choice.score / penalty if choice.score > 0 else choice.score * penalty
    return replace(choice, score=score)


def in_order(choices: Sequence[SampleCandidate]) -> tuple[SampleCandidate, ...]:
    """Return the likeliest first; equals stay as they were."""
    return tuple(sorted(choices, key=lambda one: -one.score))


def cut_unlikely(choices: Sequence[SampleCandidate], min_p: float) -> tuple[SampleCandidate, ...]:
    """Cut each choice less than `min_p` times as likely as the likeliest."""
    if min_p == 0:
        return tuple(choices)
    floor = choices[0].score + math.log(min_p)
    return tuple(_cut(one, "min-p") if one.score < floor else one for one in choices)


def cut_beyond(choices: Sequence[SampleCandidate], k: int, by: str) -> tuple[SampleCandidate, ...]:
    """Cut all but the first `k`."""
    return tuple(one if place < k else _cut(one, by) for place, one in enumerate(choices))


def cut_tail(choices: Sequence[SampleCandidate], top_p: float) -> tuple[SampleCandidate, ...]:
    """Keep the fewest of the first choices whose shares, of those still in, reach `top_p`."""
    before, kept = 0.0, []
    for place, (one, share) in enumerate(zip(choices, shares(choices), strict=True)):
        kept.append(_cut(one, "top-p") if place > 0 and before >= top_p else one)
        before += share
    return tuple(kept)


def shares(choices: Sequence[SampleCandidate]) -> tuple[float, ...]:
    """Return what each is drawn with, summing to 1; 0 for those cut."""
    top = max(one.score for one in choices if not one.cut_by)
    powers = [0.0 if one.cut_by else math.exp(one.score - top) for one in choices]
    return tuple(power / sum(powers) for power in powers)


def tallied(weights: Sequence[float], draws: int, dice: random.Random) -> Counter[int]:
    """Draw places by their weights, and count."""
    return Counter(dice.choices(range(len(weights)), weights, k=draws))


def _cut(choice: SampleCandidate, by: str) -> SampleCandidate:
    return choice if choice.cut_by else replace(choice, cut_by=by)
