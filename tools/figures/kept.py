"""Figures of what a text keeps in the key-value cache, and what that costs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tools.figures.figure import Figure

_UNIT_BYTES: Mapping[str, float] = MappingProxyType(
    {"B": 1, "KiB": 1024, "MiB": 1024**2, "GB": 1e9}
)


def kv_bytes_per_token(of: Mapping[str, int]) -> int:
    """Return the bytes of keys and values that one token leaves in the cache.

    Args:
        of: `layers`, `kv_heads`, `head_size`, and `bytes` for each number (2 in 16 bit).
    """
    return 2 * of["layers"] * of["kv_heads"] * of["head_size"] * of["bytes"]


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


FIGURES: tuple[Figure, ...] = (
    kv_bytes_per_token,
    kv_cache,
    latent_kib_per_token,
    tokens_as_heavy,
    step_slowdown,
)
