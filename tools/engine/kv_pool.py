"""What vLLM says of its own cache: how many blocks it cut at its start, of how many tokens."""

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from tools.errors import Nonsense

_INFO = "vllm:cache_config_info"  # a gauge that is always 1: its labels tell


@dataclass(frozen=True, slots=True)
class KvPool:
    """The cache of a server; None for what its version doesn't tell.

    Attributes:
        engines: Data-parallel engines, each with a cache like this one.
        blocks: In each.
        block_tokens: Of each block.
        tokens: That the server says it holds: concurrency times the longest sequence.
        concurrency: Sequences of the longest length.
        cache_type: Of keys and values: "auto" is the model's own.
        memory_share: Of a GPU's memory that may be used.
    """

    engines: int
    blocks: int | None
    block_tokens: int | None
    tokens: int | None
    concurrency: float | None
    cache_type: str
    memory_share: float | None


def read_kv_pool(page: str) -> KvPool | None:
    """Return what a /metrics page tells of the cache; None where it tells nothing.

    Raises:
        Nonsense: it is no such page.
    """
    try:
        told = [
            sample.labels
            for family in text_string_to_metric_families(page)
            for sample in family.samples
            if sample.name == _INFO
        ]
    except (ValueError, KeyError, IndexError) as garbled:
        raise Nonsense("The model server's /metrics can't be read. Is it vLLM?") from garbled
    if not told:
        return None
    first = told[0]
    return KvPool(
        engines=len({labels.get("engine", "") for labels in told}),
        blocks=_count(first, "num_gpu_blocks"),
        block_tokens=_count(first, "effective_attention_block_size") or _count(first, "block_size"),
        tokens=_count(first, "kv_cache_size_tokens"),
        concurrency=_number(first, "kv_cache_max_concurrency"),
        cache_type=first.get("cache_dtype", "auto"),
        memory_share=_number(first, "gpu_memory_utilization"),
    )


def _count(labels: Mapping[str, str], name: str) -> int | None:
    found = _number(labels, name)
    return None if found is None else int(found)


def _number(labels: Mapping[str, str], name: str) -> float | None:
    """Return a label's number; None where it is missing, or no number above 0."""
    try:
        found = float(labels[name])
    except (KeyError, ValueError):
        return None
    return found if 0 < found < float("inf") else None
