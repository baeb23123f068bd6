"""Figures of a model on several GPUs: what crosses between them, and what it gains."""

from collections.abc import Mapping
from typing import Any

from tools.figures.figure import Figure
from tools.gpus import GPUS
from tools.models import SHAPES


def one_chat_ms(of: Mapping[str, Any]) -> float:
    """Return the milliseconds from token to token of one chat on GPUs that share each matrix.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, the `gigabytes` (10⁹) read for a token, `gpu`
            and `gpus`; what was measured or is assumed: the share of the memory's speed that is
            `reached`, `pass_ms` of each pass whatever is in it, `exchange_us` of each exchange.

    Source:
        Two exchanges a layer: arXiv:1909.08053, section 3.
    """
    gpus = of["gpus"]
    reading = of["gigabytes"] * 1e9 / (gpus * of["reached"] * GPUS[of["gpu"]].bytes_per_s)
    exchanges = 2 * SHAPES[of["model"]].layers if gpus > 1 else 0
    return float(1000 * reading + of["pass_ms"] + exchanges * of["exchange_us"] / 1000)


def split_gain(of: Mapping[str, Any]) -> float:
    """Return how many times as fast one chat is on `gpus` as on one: `of` as `one_chat_ms`."""
    return one_chat_ms({**of, "gpus": 1}) / one_chat_ms(of)


def tokens_in_cache(of: Mapping[str, Any]) -> float:
    """Return how many tokens the cache of one copy of a model holds, in 16 bit.

    A kv head can't be halved: where there are more GPUs than kv heads, several keep the same one.

    Args:
        of: `model`, a name in `tools.models.SHAPES` that keeps keys and values in all layers, the
            `gpus` that share it, and the `gib` that each has for its cache.

    Source:
        vLLM 0.32.0, config/model.py, `get_num_kv_heads`.
    """
    shape = SHAPES[of["model"]]
    heads_on_each = max(1, shape.kv_heads // of["gpus"])
    return float(of["gib"] * 2**30 / (2 * shape.layers * heads_on_each * shape.head_size * 2))


def summed_gigabytes(of: Mapping[str, Any]) -> float:
    """Return the gigabytes (10⁹) each GPU sends to add up a pass, tensor parallel, by a ring.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, the `tokens` in the pass, and `gpus`.

    Source:
        Two all-reduces a layer, arXiv:1909.08053, section 3; a ring has each of n GPUs send
        2 (n − 1) ÷ n of what is added, here a vector of 16-bit numbers for each token.
    """
    shape, gpus = SHAPES[of["model"]], of["gpus"]
    vector = 2 * shape.width
    return float(2 * shape.layers * of["tokens"] * vector * 2 * (gpus - 1) / gpus / 1e9)


def handed_on_gigabytes(of: Mapping[str, Any]) -> float:
    """Return the gigabytes (10⁹) that one stage of layers hands to the next, in 16 bit.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, and the `tokens` in the pass.
    """
    return float(of["tokens"] * 2 * SHAPES[of["model"]].width / 1e9)


def experts_woken(of: Mapping[str, int]) -> float:
    """Return how many experts of a layer some token of a pass goes to, if all are equally likely.

    Args:
        of: `experts` in the layer, how many of them a token is `used` by, and `tokens`.
    """
    return float(of["experts"] * (1 - (1 - of["used"] / of["experts"]) ** of["tokens"]))


FIGURES: tuple[Figure, ...] = (
    one_chat_ms,
    split_gain,
    tokens_in_cache,
    summed_gigabytes,
    handed_on_gigabytes,
    experts_woken,
)
