"""What a sampler does to raw scores before it draws, knob by knob, in vLLM's order.

Logit bias, repetition, frequency and presence penalty, temperature, min-p, top-k, top-p. numpy is
imported here, so whoever needs this imports it late.

Source:
    vLLM 0.32.0: `v1/sample/sampler.py` (the order), `v1/sample/logits_processor/builtin.py` (bias,
    min-p), `model_executor/layers/utils.py:apply_penalties`, `v1/sample/ops/topk_topp_sampler.py`,
    `sampling_params.py` (what is greedy). Its second runner, `v1/worker/gpu/sample/sampler.py`,
    has the same order.
    Keskar et al. 2019, arXiv:1909.05858 (repetition); Fan et al. 2018, arXiv:1805.04833 (top-k);
    Holtzman et al. 2020, arXiv:1904.09751 (top-p); Nguyen et al. 2024, arXiv:2407.01082 (min-p).
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tools.algorithms.sampled import LEAST_TEMPERATURE, Sampled, SampledToken, SamplingKnobs

KEPT, GREEDY, MIN_P, TOP_K, TOP_P = range(5)  # what `Settled.cut_by` holds
CUTS = {GREEDY: "greedy", MIN_P: "min-p", TOP_K: "top-k", TOP_P: "top-p"}
GREEDY_BELOW = 1e-5  # a temperature
BEYOND = 20  # of the likeliest, as many as a server shows
_LIKELIEST_BEFORE = 3  # of those shown
RawScoreArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Every token after the knobs. All of shape (vocabulary,), by id.

    Attributes:
        scores: After bias, penalties and temperature.
        cut_by: KEPT, or which knob cut it.
        shares: What each is drawn with, summing to 1; 0 for those cut.
    """

    scores: RawScoreArray
    cut_by: NDArray[np.int8]
    shares: RawScoreArray


def sampled(
    raw: ArrayLike,
    prompt: Sequence[int],
    written: Sequence[int],
    knobs: SamplingKnobs,
    *,
    rows: int,
    draws: int,
    dice: random.Random,
) -> Sampled:
    """Turn the knobs, draw, and tell what came of it.

    Args:
        raw: As `settled` takes it.
        prompt: Ids that were read.
        written: Ids of the answer so far.
        knobs: The knobs.
        rows: How many tokens to tell of.
        draws: How often to draw.
        dice: What chance is taken from.
    """
    was = softmax(np.array(raw, dtype=np.float64))
    after = settled(raw, prompt, written, knobs)
    count = drawn(after.shares, draws, dice)
    is_kept = after.cut_by == KEPT
    likeliest = _likeliest(after.scores, max(rows, BEYOND))
    chosen = list(dict.fromkeys([*_likeliest(was, _LIKELIEST_BEFORE), *likeliest]))[:rows]
    chosen.sort(key=lambda number: -after.scores[number])

    def told(number: int) -> SampledToken:
        share, cut = float(after.shares[number]), CUTS.get(int(after.cut_by[number]), "")
        return SampledToken(number, float(was[number]), share, cut, count[number])

    return Sampled(
        top=tuple(told(number) for number in chosen),
        kept=int(is_kept.sum()),
        kept_was=float(was[is_kept].sum()),
        cut=_counted(after.cut_by),
        beyond=max(0.0, 1.0 - float(after.shares[likeliest[:BEYOND]].sum())),
    )


def _counted(cut_by: NDArray[np.int8]) -> dict[str, int]:
    """Return how many tokens each knob has cut, by its name; none that cut nothing."""
    times = {name: int((cut_by == code).sum()) for code, name in CUTS.items()}
    return {name: count for name, count in times.items() if count}


def settled(
    raw: ArrayLike, prompt: Sequence[int], written: Sequence[int], knobs: SamplingKnobs
) -> Settled:
    """Return every token after every knob.

    Args:
        raw: Scores as the model gives them, shape (vocabulary,), any real numbers. Only a
            repetition penalty minds if they are log-probabilities: those are all below 0.
        prompt: Ids that were read.
        written: Ids of the answer so far.
        knobs: The knobs.
    """
    scores = np.array(raw, dtype=np.float64)
    for number, added in knobs.bias.items():
        scores[number] += added
    penalize(scores, prompt, written, knobs)
    cut_by = np.full(scores.shape, KEPT, dtype=np.int8)
    if knobs.temperature < GREEDY_BELOW:
        cut_by[:] = GREEDY
        cut_by[scores.argmax()] = KEPT
        return Settled(scores, cut_by, softmax(scores, cut_by == KEPT))
    scores /= max(knobs.temperature, LEAST_TEMPERATURE)
    cut_unlikely(scores, cut_by, knobs.min_p)
    cut_beyond(scores, cut_by, knobs.top_k)
    cut_tail(scores, cut_by, knobs.top_p)
    return Settled(scores, cut_by, softmax(scores, cut_by == KEPT))


def penalize(
    scores: RawScoreArray, prompt: Sequence[int], written: Sequence[int], knobs: SamplingKnobs
) -> None:
    """Make less likely, in place, what was said before.

    Repetition divides a raw score above 0 and multiplies one below, of tokens in the prompt or in
    the answer, once each. Frequency and presence are taken off tokens of the answer alone.
    """
    seen = np.array(sorted({*prompt, *written}), dtype=np.int64)
    known = scores[seen]
    scores[seen] = np.where(known > 0, known / knobs.repetition, known * knobs.repetition)
    for number, times in Counter(written).items():
        scores[number] -= knobs.frequency * times + knobs.presence


def cut_unlikely(scores: RawScoreArray, cut_by: NDArray[np.int8], min_p: float) -> None:
    """Cut each token less than `min_p` times as likely as the likeliest."""
    if min_p > 0:
        cut_by[scores < scores.max() + math.log(min_p)] = MIN_P


def cut_beyond(scores: RawScoreArray, cut_by: NDArray[np.int8], k: int) -> None:
    """Cut what is less likely than the k-th of those still in; its equals stay."""
    left = scores[cut_by == KEPT]
    if 0 < k < len(left):
        floor = np.partition(left, len(left) - k)[len(left) - k]
        cut_by[(cut_by == KEPT) & (scores < floor)] = TOP_K


def cut_tail(scores: RawScoreArray, cut_by: NDArray[np.int8], top_p: float) -> None:
    """Keep the fewest of the likeliest whose shares, of those still in, exceed `top_p`."""
    if top_p >= 1:
        return  # or rounding would cut the very unlikely
    left = np.flatnonzero(cut_by == KEPT)
    unlikely_first = left[np.argsort(scores[left], kind="stable")]
    below = softmax(scores, cut_by == KEPT)[unlikely_first].cumsum()
    tail = below <= 1 - top_p
    tail[-1] = False  # one always stays
    cut_by[unlikely_first[tail]] = TOP_P


def softmax(scores: RawScoreArray, kept: NDArray[np.bool_] | None = None) -> RawScoreArray:
    """Return probabilities, summing to 1; 0 for what isn't kept."""
    left = scores if kept is None else np.where(kept, scores, -np.inf)
    powers: RawScoreArray = np.exp(left - left.max())  # so that exp() cannot overflow
    powers /= powers.sum()
    return powers


def drawn(shares: RawScoreArray, draws: int, dice: random.Random) -> Counter[int]:
    """Draw ids by their shares, and count."""
    ids = np.flatnonzero(shares)
    chances = shares[ids].cumsum()
    points = [dice.random() * float(chances[-1]) for _ in range(draws)]
    places = np.searchsorted(chances, points, side="right")
    return Counter(ids[np.minimum(places, len(ids) - 1)].tolist())


def _likeliest(values: RawScoreArray, count: int) -> list[int]:
    """Return the ids of the largest, largest first."""
    some = min(count, len(values))
    found = np.argpartition(-values, some - 1)[:some]
    return [int(number) for number in found[np.argsort(-values[found], kind="stable")]]
