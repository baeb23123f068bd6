"""What vLLM counts about itself: its /metrics page, read. Pure."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tools.errors import Nonsense

# Of each: the name today, then what older versions called it.
_GAUGES = {
    "running": ("vllm:num_requests_running",),
    "waiting": ("vllm:num_requests_waiting",),
    "cache_use": ("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"),
}
_COUNTERS = {
    "prefix_queries": ("vllm:prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries_total"),
    "prefix_hits": ("vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits_total"),
    "read_tokens": ("vllm:prompt_tokens_total",),
    "made_tokens": ("vllm:generation_tokens_total",),
    "preemptions": ("vllm:num_preemptions_total",),
    "finished": ("vllm:request_success_total",),
    "rejected": ("vllm:admission_rejections_total",),
}
_HISTOGRAMS = {
    "first_token": ("vllm:time_to_first_token_seconds",),
    "between_tokens": ("vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"),
    "queued": ("vllm:request_queue_time_seconds",),
    "end_to_end": ("vllm:e2e_request_latency_seconds",),
    "step_tokens": ("vllm:iteration_tokens_total",),
}
_CACHE_CONFIG = "vllm:cache_config_info"  # its labels are what it tells


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many of the values seen, mostly durations, lie at or below each bound.

    Attributes:
        bounds: Rising, durations in seconds; the last is infinite.
        counts: As many as bounds, each with all those below it.
        total: The sum of all values seen; None where the server doesn't tell.
    """

    bounds: tuple[float, ...]
    counts: tuple[float, ...]
    total: float | None = None

    @property
    def count(self) -> float:
        """How many were seen."""
        return self.counts[-1]

    @property
    def mean(self) -> float | None:
        """The mean of what was seen; None where nothing was, or no sum is told."""
        return self.total / self.count if self.total is not None and self.count > 0 else None

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
        total = _grown(self.total, earlier.total)
        return replace(self, counts=tuple(now - then for now, then in counts), total=total)


@dataclass(frozen=True, slots=True)
class Metrics:
    """One reading of the counters; None where the server has no such one.

    Attributes:
        running: Requests being worked on.
        waiting: Requests in the queue.
        cache_use: Share of the KV cache's blocks in use, 0..1.
        block_size: Tokens in a block of the KV cache.
        blocks: How many blocks there are; one of them is never used.
        prefix_queries: Prompt tokens looked up in the prefix cache, since the start.
        prefix_hits: Those of them that were found there.
        read_tokens: Prompt tokens, those found in a cache too; what is read again isn't counted.
        made_tokens: Tokens generated.
        preemptions: How often a request lost its blocks, to be read again.
        finished: Requests that ended, for whatever reason.
        aborted: Those of them whose client had left.
        failed: Those of them that ended in an error.
        rejected: Requests refused at the door: the queue's limit was reached.
        first_token: Times to the first token.
        between_tokens: Times from one token to the next.
        queued: Times spent waiting.
        end_to_end: Times from arrival to the last token.
        step_tokens: Tokens of each step, a prompt's booked all at once.
    """

    running: float | None = None
    waiting: float | None = None
    cache_use: float | None = None
    block_size: int | None = None
    blocks: int | None = None
    prefix_queries: float | None = None
    prefix_hits: float | None = None
    read_tokens: float | None = None
    made_tokens: float | None = None
    preemptions: float | None = None
    finished: float | None = None
    aborted: float | None = None
    failed: float | None = None
    rejected: float | None = None
    first_token: Histogram | None = None
    between_tokens: Histogram | None = None
    queued: Histogram | None = None
    end_to_end: Histogram | None = None
    step_tokens: Histogram | None = None

    @property
    def hit_share(self) -> float | None:
        """Share of looked-up tokens that were in the prefix cache, 0..1; None before the first."""
        if not self.prefix_queries or self.prefix_hits is None:
            return None
        return self.prefix_hits / self.prefix_queries

    def since(self, earlier: "Metrics") -> "Metrics":
        """Return counters and histograms less those of an earlier reading; levels stay."""
        changed: dict[str, Any] = {}
        for name in (*_COUNTERS, "aborted", "failed"):
            changed[name] = _grown(getattr(self, name), getattr(earlier, name))
        for name in _HISTOGRAMS:
            changed[name] = _seen_since(getattr(self, name), getattr(earlier, name))
        return replace(self, **changed)


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
    read: dict[str, Any] = {}
    for name, called in (_GAUGES | _COUNTERS).items():
        read[name] = _level(samples, called, fmean if name == "cache_use" else sum)
    for name, called in _HISTOGRAMS.items():
        read[name] = _histogram(samples, called)
    found = Metrics(
        **read,
        aborted=_ended(samples, "abort"),
        failed=_ended(samples, "error"),
        block_size=_told(samples, "block_size"),
        blocks=_told(samples, "num_gpu_blocks"),
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
            total = _level(samples, (f"{name}_sum",), sum)
            return Histogram(bounds, tuple(counts[bound] for bound in bounds), total)
    return None


def _ended(samples: Mapping[str, Sequence[Sample]], reason: str) -> float | None:
    """Return how many requests ended for a reason."""
    ended = samples.get("vllm:request_success_total", ())
    found = [one.value for one in ended if one.labels.get("finished_reason") == reason]
    return sum(found) if found else None


def _told(samples: Mapping[str, Sequence[Sample]], label: str) -> int | None:
    """Return a whole number that the cache's configuration names."""
    for one in samples.get(_CACHE_CONFIG, ()):
        value = one.labels.get(label, "")
        if value.isascii() and value.isdigit() and int(value) > 0:
            return int(value)
    return None


def _grown(now: float | None, then: float | None) -> float | None:
    if now is None or then is None or then > now:
        return now
    return now - then


def _seen_since(now: Histogram | None, then: Histogram | None) -> Histogram | None:
    return now.since(then) if now and then else now
