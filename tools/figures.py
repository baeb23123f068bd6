"""Numbers that a lesson may cite as `computed:`, each worked out here and nowhere else.

A figure is a function of the one value that the lesson gives as `of:`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tools.engine.weights.embedded import EMBEDDED, Pinned
from tools.models import SHAPES, parameter_total
from tools.shape.activations import most_live
from tools.shape.weights import weight_counts

_PARTS = {"table": ("embedding",), "attention": ("q", "k", "v", "o"), "feed-forward": ("mlp",)}


def vocabulary_size(of: str) -> int:
    """Return how many tokens a model knows; `of` is "embedded"."""
    return _embedded(of).vocabulary


def parameter_count(of: str) -> int:
    """Return how many weights a model has, its vision tower included.

    Args:
        of: "embedded", or a name in `tools.models.SHAPES`, which gives the source of each shape.
    """
    return parameter_total(SHAPES[of]) if of in SHAPES else _embedded(of).parameters


def weight_share(of: Mapping[str, str]) -> float:
    """Return which share of a model's weights one kind of part has, 0 to 1.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, and `part`: "table" (of tokens, at the input),
            "attention" or "feed-forward".
    """
    counts = weight_counts(SHAPES[of["model"]])
    return sum(counts[part] for part in _PARTS[of["part"]]) / sum(counts.values())


def activation_kilobytes(of: Mapping[str, Any]) -> float:
    """Return how many kilobytes of activations are held at the fullest moment of one pass.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, `tokens` in the pass, and `bytes` for each
            number.

    Source:
        As engines compute today; `tools.shape.activations` says what is counted.
    """
    return float(most_live(SHAPES[of["model"]], of["tokens"]) * of["bytes"] / 1000)


def softmax(of: Sequence[object]) -> float:
    """Return one probability of a softmax.

    Args:
        of: `[logits, index]`: raw scores, any real numbers, and which one is asked for, from 0.

    Returns:
        Between 0 and 1.

    Source:
        Goodfellow et al. 2016, *Deep Learning*, eq. 4.1.
    """
    logits, index = of
    if not isinstance(logits, Sequence) or not isinstance(index, int):
        raise ValueError(f"softmax takes [logits, index], not {of!r}")
    scores = [float(logit) for logit in logits]
    top = max(scores)  # so that exp() cannot overflow
    parts = [math.exp(score - top) for score in scores]
    return parts[index] / sum(parts)


def softmax_percent(of: Sequence[object]) -> float:
    """Return one probability of a softmax in percent, 0 to 100; `of` as for `softmax`."""
    return 100 * softmax(of)


def sum_of_squares(of: int) -> int:
    """Return 1² + 2² + … + n²."""
    return of * (of + 1) * (2 * of + 1) // 6


def sum_to(of: int) -> int:
    """Return 1 + 2 + … + n: tokens read when each of n rounds reads all so far."""
    return of * (of + 1) // 2


def tokens_read(of: Sequence[int]) -> int:
    """Return how many tokens a loop without a cache reads in all.

    Args:
        of: `[prompt, rounds]`: tokens of the prompt, and how many are put behind it. Each round
            reads the prompt and all that was put behind it before.
    """
    prompt, rounds = of
    return prompt * rounds + sum_to(rounds - 1)


def kv_bytes_per_token(of: Mapping[str, int]) -> int:
    """Return the bytes of keys and values that one token leaves in the cache.

    Args:
        of: `layers`, `kv_heads`, `head_size`, and `bytes` for each number (2 in 16 bit).
    """
    return 2 * of["layers"] * of["kv_heads"] * of["head_size"] * of["bytes"]


def attention_work_percent(of: Mapping[str, object]) -> float:
    """Return attention's share of the products that one token costs in a layer, in percent.

    The rest is the feed-forward part. Each weight of a matrix is one product; each token looked
    back on is two for each number of the heads: one for the score, one for the mix.

    Args:
        of: `model`, a name in `tools.models`, without experts or windows, and `context`, the
            tokens looked back on, itself included.

    Source:
        Kaplan et al. 2020, arXiv:2001.08361, table 1.
    """
    shape, context = SHAPES[str(of["model"])], of["context"]
    if not isinstance(context, int):
        raise ValueError(f"context is a count of tokens, not {context!r}")
    counts = weight_counts(shape)
    looks = 2 * context * shape.heads * shape.head_size * shape.layers
    attention = counts["q"] + counts["k"] + counts["v"] + counts["o"] + looks
    return 100 * attention / (attention + counts["mlp"])


def kv_cache(of: Mapping[str, Any]) -> float:
    """Return what some tokens keep in the cache, in the unit that is asked for.

    Args:
        of: As `kv_bytes_per_token`, with `tokens` (1 where not given) and `unit`: B, KiB, MiB, GB.
    """
    return kv_bytes_per_token(of) * int(of.get("tokens", 1)) / _UNIT_BYTES[of["unit"]]


def latent_kib_per_token(of: Mapping[str, int]) -> float:
    """Return the KiB that a token leaves where a layer keeps one latent for all its heads.

    Args:
        of: `layers`, the numbers of a `latent` and of its `rotary` key, and `bytes` for each.

    Source:
        DeepSeek-AI 2024, arXiv:2405.04434, section 2.1.
    """
    return of["layers"] * (of["latent"] + of["rotary"]) * of["bytes"] / 1024


def tokens_as_heavy(of: Mapping[str, int]) -> float:
    """Return how many tokens keep as many bytes in the cache as the weights take.

    Args:
        of: As `kv_bytes_per_token`, with the `parameters` of the model, kept in as many bytes each
            as the numbers of the cache.
    """
    return of["parameters"] * of["bytes"] / kv_bytes_per_token(of)


def step_slowdown(of: Mapping[str, float]) -> float:
    """Return how many times as long a decode step takes after `long` tokens as after `short`.

    Args:
        of: `short` and `long` in tokens, and a line that was fitted to measured steps: `base_ms`
            at no tokens, and `ms_per_token` for each token that is kept.
    """
    short_ms, long_ms = (of["base_ms"] + of["ms_per_token"] * of[at] for at in ("short", "long"))
    return long_ms / short_ms


def weight_bytes(of: Mapping[str, float]) -> float:
    """Return the bytes that weights take: `parameters` times `bytes` for each."""
    return of["parameters"] * of["bytes"]


def entropy_bits_max(of: int) -> float:
    """Return the entropy of `of` equally likely tokens, in bits: the most there can be."""
    return math.log2(of)


def surprisal_bits(of: float) -> float:
    """Return how unexpected an outcome of this probability (above 0, up to 1) is, in bits."""
    return max(0.0, -math.log2(of))


def brier(of: float) -> float:
    """Return the Brier score of a right guess made with this probability: (1 - p)²."""
    return (1.0 - of) ** 2


def rotary_turn(of: Mapping[str, float]) -> float:
    """Return after how many places a pair of a rotary model has come full circle.

    Args:
        of: `base` (rope_theta), `width` (numbers of a head that are turned), and `pair`, from 0
            for the fastest to `width / 2 - 1` for the slowest.

    Returns:
        Places, above 0: a full circle, 2π, by the radians that the pair turns at each place.

    Source:
        Su et al. 2021, arXiv:2104.09864, section 3.2.2.
    """
    return float(math.tau * of["base"] ** (2 * of["pair"] / of["width"]))


def odds_factor(of: float) -> float:
    """Return how many times the odds of a token grow when `of`, any number, is added to its score.

    Source:
        Goodfellow et al. 2016, *Deep Learning*, eq. 4.1: e to the power of what is added.
    """
    return math.exp(of)


def biased_percent(of: Sequence[float]) -> float:
    """Return a token's probability after something is added to its score, in per cent.

    Args:
        of: `[percent, added]`: what it had, between 0 and 100, and what a logit bias adds. All
            other scores stay.
    """
    percent, added = of
    grown = percent * odds_factor(added)
    return 100 * grown / (100 - percent + grown)


FIGURES: Mapping[str, Callable[..., int | float]] = MappingProxyType(
    {
        figure.__name__: figure
        for figure in (
            vocabulary_size,
            parameter_count,
            weight_share,
            activation_kilobytes,
            softmax,
            softmax_percent,
            sum_of_squares,
            sum_to,
            tokens_read,
            kv_bytes_per_token,
            attention_work_percent,
            kv_cache,
            latent_kib_per_token,
            tokens_as_heavy,
            step_slowdown,
            weight_bytes,
            entropy_bits_max,
            surprisal_bits,
            brier,
            rotary_turn,
            odds_factor,
            biased_percent,
        )
    }
)

_UNIT_BYTES: Mapping[str, float] = MappingProxyType(
    {"B": 1, "KiB": 1024, "MiB": 1024**2, "GB": 1e9}
)


def _embedded(of: str) -> Pinned:
    if of != "embedded":
        raise ValueError(f"figures are known of 'embedded' only, not of {of!r}")
    return EMBEDDED
