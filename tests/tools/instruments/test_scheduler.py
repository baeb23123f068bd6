import pytest

from tests.tools.instruments.serving_checks import (
    facts,
    only,
    prose,
    tables,
    turn_every_knob,
)
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Exhibit, Origin, Timeline
from tools.instruments.scheduled_steps import name_of
from tools.instruments.scheduler import Scheduler, exhibit, requests_of, scheduled


def shown(**chosen: object) -> Exhibit:
    return exhibit(Scheduler.model_validate(chosen))


def spans(one: Exhibit, lane: int) -> list[tuple[str, float, float]]:
    found = only(one, Timeline).lanes[lane].spans
    return [(span.label, span.start, span.end) for span in found]


async def test_it_opens_on_chunks_and_on_somebody_thrown_out(embedded: LocalEngine) -> None:
    one = await catalogue.run(embedded, "scheduler", {})
    labels = {span.label for lane in only(one, Timeline).lanes for span in lane.spans}
    assert labels == {"waits", "reads", "writes", "reads again"}
    assert one.provenance.origin is Origin.COMPUTED
    assert facts(one)["preempted"] == "preempted 1 time"
    assert "lost all of theirs" in prose(one)
    assert ("F", "0", "thrown out") in tables(one)[0].rows
    for turned in await turn_every_knob(embedded, "scheduler", {}):
        assert len(turned.parts) <= 6


def test_a_workload_may_be_typed_request_by_request() -> None:
    one = shown(
        workload="4+3 100+2@1, 4+1@1",
        max_num_batched_tokens=32,
        max_num_seqs=2,
        async_scheduling=False,
    )
    assert facts(one)["requests"] == "requests 3"
    assert "seed" not in facts(one)
    assert spans(one, 0) == [("reads", 0, 1), ("writes", 1, 3)]
    # 31 tokens beside the one that writes; then 32, then what is left of 100
    assert spans(one, 1) == [("reads", 1, 5), ("writes", 5, 6)]
    assert spans(one, 2) == [("waits", 1, 4), ("reads", 4, 5)]


def test_a_step_is_shown_with_what_it_hands_out_and_what_is_left() -> None:
    one = shown(
        workload="4+3 100+2@1",
        step=2,
        max_num_batched_tokens=32,
        enable_prefix_caching=False,
        num_gpu_blocks_override=40,
    )
    table = tables(one)[0]
    assert table.header[0] == "#2"
    assert table.rows == (("A", "1", "writes"), ("B", "31", "reads"), ("", "0", "left over"))


def test_what_all_prompts_share_is_found_and_not_read_again() -> None:
    chosen = {"workload": "20+2 20+2@2 20+2@4", "num_gpu_blocks_override": 40, "block_size": 16}
    alone, sharing = (
        scheduled(requests_of(params), params.config)
        for params in (Scheduler(**chosen, shared=n) for n in (0, 64))  # type: ignore[arg-type]
    )
    read = [sum(share.tokens for step in run for share in step.shares) for run in (alone, sharing)]
    assert read == [3 * 21, 84 + 2 * 20 + 3]


def test_without_chunks_a_prompt_is_read_at_once_or_refused() -> None:
    chosen = {"workload": "100+2", "max_num_batched_tokens": 64, "enable_chunked_prefill": False}
    with pytest.raises(BadInput, match=r"Request A can't be served: .* may not be read in parts"):
        shown(**chosen)
    one = shown(**chosen | {"max_num_batched_tokens": 128})
    assert spans(one, 0) == [("reads", 0, 1), ("writes", 1, 2)]


def test_a_request_that_no_block_holds_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"Request B can't be served.* more blocks"):
        shown(workload="4+4 300+100", num_gpu_blocks_override=20)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"workload": "4"}, "prompt.answer@step"),
        ({"workload": "0+3"}, "prompts have up to 100,000"),
        ({"workload": "4+1001"}, "answers"),
        ({"workload": "4+4@1001"}, "steps"),
        ({"workload": " ".join(["1+1"] * 75)}, None),
        ({"max_num_batched_tokens": 3}, r"max_num_batched_tokens \(3\) must be at least"),
        ({"watermark": 1.0}, "watermark"),
        ({"num_gpu_blocks_override": 1}, "num_gpu_blocks_override"),
    ],
)
def test_settings_that_vllm_would_not_take_are_refused(
    chosen: dict[str, object], says: str | None
) -> None:
    if says is None:
        assert catalogue.parameters("scheduler", chosen)
        return
    with pytest.raises(BadInput, match=says):
        catalogue.parameters("scheduler", chosen)


def test_what_takes_too_long_to_work_out_is_refused() -> None:
    with pytest.raises(BadInput, match="12,000 turns"):
        shown(
            requests=200,
            longest_prompt=4096,
            longest_answer=256,
            num_gpu_blocks_override=100_000,
            max_num_seqs=64,
        )


def test_two_hundred_requests_are_twelve_lanes_and_it_says_so() -> None:
    one = shown(
        requests=200, max_num_batched_tokens=256, max_num_seqs=32, num_gpu_blocks_override=200
    )
    assert len(only(one, Timeline).lanes) == 12
    assert "The first 12 of 200 are drawn" in prose(one)


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR")])
def test_requests_have_letters(place: int, name: str) -> None:
    assert name_of(place) == name
