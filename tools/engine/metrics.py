"""What vLLM counts about itself: its /metrics page, read. Pure."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tools.errors import Nonsense

# The name today, then what older versions called it.
_RUNNING = ("vllm:num_requests_running",)
_WAITING = ("vllm:num_requests_waiting",)
_CACHE_USE = ("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc")
_QUERIES = ("vllm:prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries_total")
_HITS = ("vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits_total")
_FIRST_TOKEN = ("vllm:time_to_first_token_seconds",)
_BETWEEN_TOKENS = (
    "vllm:inter_token_latency_seconds",
    "vllm:time_per_output_token_seconds",
)
_QUEUED = ("vllm:request_queue_time_seconds",)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many of the durations seen lie at or below each bound.

    Attributes:
        bounds: In seconds, rising; the last is infinite.
        counts: As many as bounds, each with all those below it.
    """

    bounds: tuple[float, ...]
    counts: tuple[float, ...]

    @property
    def count(self) -> float:
        """How many were seen."""
        return self.counts[-1]

    def quantile(self, share: float) -> float | None:
        """Return the duration, in seconds, that `share` (0..1) of those seen don't exceed.

        Taken as spread evenly inside a bucket, so it is as coarse as the buckets are. None where
        nothing was seen; the highest finite bound where it lies above that.

        Source:
            `histogram_quantile` of PromQL, prometheus.io/docs/prometheus/latest/querying/functions.
        """
        if self.count <= 0:
            return None
        wanted = share * self.count
        place = next(i for i, count in enumerate(self.counts) if count >= wanted)
        if math.isinf(self.bounds[place]):
            return self.bounds[place - 1] if place else None
        low = self.bounds[place - 1] if place else 0.0
        below = self.counts[place - 1] if place else 0.0
        inside = self.counts[place] - below
        part = (wanted - below) / inside if inside else 1.0
        return low + (self.bounds[place] - low) * part

    def since(self, earlier: "Histogram") -> "Histogram":
        """Return what was seen after an earlier reading; all of it where the server restarted."""
        if earlier.bounds != self.bounds or earlier.count > self.count:
            return self
        counts = zip(self.counts, earlier.counts, strict=True)
        return replace(self, counts=tuple(now - then for now, then in counts))


@dataclass(frozen=True, slots=True)
class Metrics:
    """One reading of the counters; None where the server has no such one.

    Attributes:
        running: Requests being worked on.
        waiting: Requests in the queue.
        cache_use: Share of the KV cache's blocks in use, 0..1.
        prefix_queries: Prompt tokens looked up in the prefix cache, since the start.
        prefix_hits: Those of them that were found there.
        first_token: Times to the first token.
        between_tokens: Times from one token to the next.
        queued: Times spent waiting.
    """

    running: float | None
    waiting: float | None
    cache_use: float | None
    prefix_queries: float | None
    prefix_hits: float | None
    first_token: Histogram | None
    between_tokens: Histogram | None
    queued: Histogram | None

    @property
    def hit_share(self) -> float | None:
        """Share of looked-up tokens that were in the prefix cache, 0..1; None before the first."""
        if not self.prefix_queries or self.prefix_hits is None:
            return None
        return self.prefix_hits / self.prefix_queries

    def since(self, earlier: "Metrics") -> "Metrics":
        """Return counters and histograms less those of an earlier reading; levels stay."""
        return replace(
            self,
            prefix_queries=_grown(self.prefix_queries, earlier.prefix_queries),
            prefix_hits=_grown(self.prefix_hits, earlier.prefix_hits),
            first_token=_seen_since(self.first_token, earlier.first_token),
            between_tokens=_seen_since(self.between_tokens, earlier.between_tokens),
            queued=_seen_since(self.queued, earlier.queued),
        )


def read_metrics(page: str, model: str) -> Metrics | None:
    """Return what a /metrics page tells of one model, or None where it tells nothing of vLLM's.

    Args:
        page: In Prometheus' text format.
        model: The name it is served under. Its replicas are added up.

    Raises:
        Nonsense: it is no such page.
    """
    try:
        samples = _of_model(page, model)
    except (ValueError, KeyError, IndexError) as garbled:
        raise Nonsense("The model server's /metrics can't be read. Is it vLLM?") from garbled
    found = Metrics(
        running=_level(samples, _RUNNING, sum),
        waiting=_level(samples, _WAITING, sum),
        cache_use=_level(samples, _CACHE_USE, fmean),
        prefix_queries=_level(samples, _QUERIES, sum),
        prefix_hits=_level(samples, _HITS, sum),
        first_token=_histogram(samples, _FIRST_TOKEN),
        between_tokens=_histogram(samples, _BETWEEN_TOKENS),
        queued=_histogram(samples, _QUEUED),
    )
    return None if found.running is None else found


def _of_model(page: str, model: str) -> Mapping[str, Sequence[Sample]]:
    """Return the samples of one model, or of none in particular, by name."""
    samples: dict[str, list[Sample]] = defaultdict(list)
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.labels.get("model_name", model) == model and math.isfinite(sample.value):
                samples[sample.name].append(sample)
    return samples


def _level(
    samples: Mapping[str, Sequence[Sample]],
    names: Iterable[str],
    join: Callable[[Iterable[float]], float],
) -> float | None:
    for name in names:
        if found := samples.get(name):
            return float(join([sample.value for sample in found]))
    return None


def _histogram(samples: Mapping[str, Sequence[Sample]], names: Iterable[str]) -> Histogram | None:
    for name in names:
        counts: dict[float, float] = defaultdict(float)
        for sample in samples.get(f"{name}_bucket", ()):
            counts[float(sample.labels["le"])] += sample.value
        if math.inf in counts:
            bounds = tuple(sorted(counts))
            return Histogram(bounds, tuple(counts[bound] for bound in bounds))
    return None


def _grown(now: float | None, then: float | None) -> float | None:
    if now is None or then is None or then > now:
        return now
    return now - then


def _seen_since(now: Histogram | None, then: Histogram | None) -> Histogram | None:
    return now.since(then) if now and then else now
