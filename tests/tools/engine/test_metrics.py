import math

import pytest

from tests.fakes.stub_vllm import StubVllm
from tools.engine.metrics import Histogram, Metrics, read_metrics
from tools.errors import Nonsense

# Ten durations: four up to 1 s, four from 1 to 2 s, two above.
SEEN = Histogram((1.0, 2.0, math.inf), (4.0, 8.0, 10.0))


def _read(page: str) -> Metrics:
    found = read_metrics(page, "served")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("share", "seconds"), [(0.2, 0.5), (0.4, 1.0), (0.5, 1.25), (0.8, 2.0), (0.99, 2.0)]
)
def test_a_quantile_lies_where_promql_puts_it(share: float, seconds: float) -> None:
    assert SEEN.quantile(share) == pytest.approx(seconds)


def test_a_quantile_of_nothing_is_unknown() -> None:
    assert Histogram((1.0, math.inf), (0.0, 0.0)).quantile(0.5) is None
    assert Histogram((math.inf,), (3.0,)).quantile(0.5) is None


async def test_levels_counters_and_histograms_are_read() -> None:
    seen = _read(StubVllm(running=8, queries=40, hits=10).page())
    assert (seen.running, seen.waiting, seen.cache_use) == (8, 0, 0.25)
    assert seen.hit_share == 0.25
    assert seen.first_token
    assert seen.first_token.count == 100
    assert seen.first_token.quantile(0.5) == pytest.approx(0.1)


async def test_what_the_cache_is_made_of_is_told_by_labels() -> None:
    seen = _read(StubVllm(block_size=128, blocks=729).page())
    assert (seen.block_size, seen.blocks) == (128, 729)
    untold = _read(StubVllm(block_size=None).page())
    assert (untold.block_size, untold.blocks) == (None, None)
    late = StubVllm().page().replace('num_gpu_blocks="364"', 'num_gpu_blocks="None"')
    assert _read(late).blocks is None


async def test_how_requests_ended_and_which_were_refused_is_read() -> None:
    seen = _read(StubVllm(ended=7, left=2, preemptions=3, rejected=4, made=90).page())
    assert (seen.finished, seen.aborted, seen.failed) == (9, 2, None)
    assert (seen.preemptions, seen.rejected, seen.made_tokens) == (3, 4, 90)


async def test_the_mean_of_a_histogram_is_its_sum_by_its_count() -> None:
    then, now = (_read(StubVllm(made=n, queries=3 * n).page()) for n in (10, 30))
    between = now.since(then).step_tokens
    assert between
    assert (between.count, between.total, between.mean) == (20, 80, 4)
    assert SEEN.mean is None
    assert Histogram((math.inf,), (0.0,), 0.0).mean is None


async def test_a_difference_counts_what_came_between_and_keeps_levels() -> None:
    then, now = (_read(StubVllm(running=n, queries=40 * n, hits=10 * n).page()) for n in (1, 3))
    between = now.since(then)
    assert (between.prefix_queries, between.prefix_hits, between.running) == (80, 20, 3)
    assert between.first_token
    assert between.first_token.count == 0


async def test_after_a_restart_a_difference_is_all_there_is() -> None:
    then, now = (_read(StubVllm(queries=n).page()) for n in (90, 3))
    assert now.since(then).prefix_queries == 3
    assert SEEN.since(Histogram(SEEN.bounds, (40.0, 80.0, 100.0))) == SEEN


async def test_replicas_are_added_up_and_other_models_left_out() -> None:
    page = StubVllm(running=2, queries=5).page()
    second = page.replace('engine="0"', 'engine="1"')
    other = page.replace("served", "another")
    seen = _read(page + second + other)
    assert (seen.running, seen.prefix_queries, seen.cache_use) == (4, 10, 2 / 32)
    assert seen.first_token
    assert seen.first_token.count == 200


async def test_names_of_older_versions_are_known() -> None:
    page = StubVllm(running=16).page()
    page = page.replace("kv_cache_usage", "gpu_cache_usage")
    page = page.replace("inter_token_latency", "time_per_output_token")
    seen = _read(page)
    assert seen.cache_use == 0.5
    assert seen.between_tokens


@pytest.mark.parametrize("page", ["", "# nothing here\n", 'up{job="x"} 1\n'])
def test_a_page_without_vllms_counters_tells_nothing(page: str) -> None:
    assert read_metrics(page, "served") is None


@pytest.mark.parametrize("page", ["<html>no</html>", "a b c d", "{}", 'x{le="1 3\n', "x{ 4"])
def test_what_is_no_such_page_is_nonsense_or_nothing(page: str) -> None:
    try:
        assert read_metrics(page, "served") is None
    except Nonsense:
        return


def test_a_value_that_is_no_number_is_left_out() -> None:
    assert read_metrics("vllm:num_requests_running NaN\n", "served") is None
