import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes.servers import honest, serving
from tests.fakes.stub_vllm import StubVllm
from tools.engine.base import Capability
from tools.engine.cluster.answers import Chunk
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.cluster.stopwatch import Stopwatch
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Nonsense, Unavailable


@pytest.fixture
async def engine(stub: StubVllm) -> AsyncIterator[ClusterEngine]:
    engine = ClusterEngine(stub.base_url, "served", timeout_s=5)
    yield engine
    await engine.close()


async def test_each_token_of_a_stream_is_timed(stub: StubVllm, engine: ClusterEngine) -> None:
    timed = await engine.stream_timed("The cat sat", 4)
    assert timed.text == " w0 w1 w2 w3"
    assert (timed.tokens, timed.prompt_tokens) == (4, 3)
    assert timed.first_token_s > 0
    assert all(gap >= 0 for gap in timed.gaps_s)
    assert stub.bodies[-1]["ignore_eos"] is True


async def test_a_stream_that_is_left_is_closed_at_the_server(
    stub: StubVllm, engine: ClusterEngine
) -> None:
    stub.gate.clear()
    asked = asyncio.create_task(engine.stream_timed("The cat", 4))
    await stub.until_running(1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await stub.until_running(0)
    assert stub.left == 1


async def test_control_tokens_are_broken_up_in_a_stream_too(
    stub: StubVllm, engine: ClusterEngine
) -> None:
    told = {"added_tokens_decoder": {"6": "<filename>", "9": "  "}}
    stub.others.says("/tokenizer_info", told)
    await engine.stream_timed("a <filename>  <|im_end|>", 1)
    sent = stub.bodies[-1]["prompt"]
    assert "<filename>" not in sent
    assert "<|im_end|>" not in sent
    assert "  " in sent


@pytest.mark.parametrize("tokens", [0, 257])
async def test_an_impossible_number_of_tokens_is_refused(
    engine: ClusterEngine, tokens: int
) -> None:
    with pytest.raises(BadInput, match="1 to 256"):
        await engine.stream_timed("The", tokens)


@pytest.mark.parametrize(
    "event",
    [
        {"choices": [{"text": 4}]},
        {"choices": ["x"]},
        {"choices": [{}]},
        {"choices": [{"text": ""}]},
        {"hello": 1},
        [],
        4,
    ],
)
async def test_a_stream_that_cannot_be_true_is_nonsense(
    stub: StubVllm, engine: ClusterEngine, event: dict[str, object]
) -> None:
    stub.event = event
    with pytest.raises(Nonsense):
        await engine.stream_timed("The", 2)


async def test_an_error_amid_a_stream_is_told(stub: StubVllm, engine: ClusterEngine) -> None:
    stub.event = {"error": {"message": "engine died", "code": 500}}
    with pytest.raises(Unavailable, match="broke off"):
        await engine.stream_timed("The", 2)


async def test_tokens_that_came_together_share_their_gap() -> None:
    watch = Stopwatch(10.0)
    for chunk, now in ((Chunk("", 0, None), 10.1), (Chunk("a", 1, None), 10.5)):
        watch.saw(chunk, now)
    watch.saw(Chunk("bc", 2, None), 11.5)
    timed = watch.timed()
    assert timed.first_token_s == pytest.approx(0.5)
    assert timed.gaps_s == pytest.approx((0.5, 0.5))
    assert timed.ended_s == pytest.approx(11.5)


async def test_at_start_the_server_is_asked_what_it_has(
    stub: StubVllm, engine: ClusterEngine
) -> None:
    stub.has_metrics = False
    del stub.others.paths["/tokenize"]
    assert Capability.METRICS in engine.capabilities()
    engine.start()
    assert engine._asking
    await engine._asking
    can = engine.capabilities()
    assert {Capability.NEXT_TOKEN, Capability.STREAM, Capability.MASK} == can


async def test_doctor_is_told_what_there_is_and_what_is_lacking(
    stub: StubVllm, engine: ClusterEngine
) -> None:
    del stub.others.paths["/detokenize"]
    line = await engine.check()
    has = "vLLM 0.32.0; has logprobs, token ids, /tokenize, /metrics, structured_outputs"
    assert f"{has}, prompt_logprobs; lacks /detokenize" in line


async def test_a_server_without_log_probabilities_is_known_by_asking() -> None:
    async with serving() as server:
        honest(server).says("/v1/completions", {"choices": [{"text": "x", "logprobs": None}]})
        engine = ClusterEngine(server.base_url, "served", timeout_s=5)
        found = await engine.find_out()
        assert engine.capabilities() == {Capability.STREAM, Capability.TOKENIZE}
        assert "lacks logprobs, token ids, /metrics" in str(found)
        await engine.close()


async def test_a_server_that_is_down_at_start_is_taken_for_a_whole_one() -> None:
    engine = ClusterEngine("http://127.0.0.1:9/v1", "served", timeout_s=5)
    engine.start()
    assert engine._asking
    await engine._asking
    assert Capability.METRICS in engine.capabilities()
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
        await engine.stream_timed("The", 2)
    await engine.close()


async def test_closing_gives_up_asking(stub: StubVllm) -> None:
    engine = ClusterEngine(stub.base_url, "served", timeout_s=5)
    engine.start()
    await engine.close()
    assert engine._asking
    assert engine._asking.done()


async def test_who_serves_is_told_and_a_password_is_not(stub: StubVllm) -> None:
    secret = stub.base_url.replace("http://", "http://me:secret@")
    engine = ClusterEngine(secret, timeout_s=5)
    served = await engine.served()
    assert (served.version, served.context_tokens) == ("0.32.0", 2048)
    assert engine.model == "served"
    assert engine.address == stub.base_url
    await engine.close()


async def test_counters_are_read_for_a_model_that_the_server_chose(stub: StubVllm) -> None:
    engine = ClusterEngine(stub.base_url, timeout_s=5)
    seen = await engine.metrics()
    assert seen
    assert seen.running == 0
    stub.has_metrics = False
    assert await engine.metrics() is None
    await engine.close()


async def test_a_shared_engine_sends_every_request_that_is_timed(
    stub: StubVllm, engine: ClusterEngine
) -> None:
    shared = SharedEngine(engine)
    stub.gate.clear()
    asked = [asyncio.create_task(shared.stream_timed("The same", 2)) for _ in range(3)]
    await stub.until_running(3)
    stub.gate.set()
    assert len(await asyncio.gather(*asked)) == 3
    assert await shared.metrics()
    assert (await shared.served()).version == "0.32.0"
