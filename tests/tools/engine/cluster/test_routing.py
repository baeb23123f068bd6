import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

from tests.fakes.servers import LyingServer, completion, honest, serving
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.cluster.routing import read_routed
from tools.engine.sharing.shared import SharedEngine
from tools.errors import Missing, Nonsense

# what vLLM 0.32.0's own routers and its CompletionResponseChoice gave for a made-up Qwen3-MoE of
# 3 layers and 8 experts, 2 used, and a prompt of 5 tokens; see tests/cluster/experts_of_vllm.py
OF_VLLM = (
    "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDUsIDMsIDIp"
    "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoHBQYEAAUHBAYD"
    "AgMHAAcCAgMABwQBAQAFBwYEAwE="
)
ROUTED = np.array([[[3, 1], [0, 2]], [[1, 0], [2, 3]], [[0, 3], [1, 2]]], np.uint8)


def encoded(found: Any) -> str:
    """As vLLM 0.32.0 writes it: utils/serial_utils.py, numpy2base64."""
    with io.BytesIO() as buffer:
        np.save(buffer, found, allow_pickle=False)
        return base64.b64encode(buffer.getbuffer()).decode("ascii")


@pytest.fixture
async def server() -> AsyncIterator[LyingServer]:
    async with serving() as server:
        yield honest(server)


@pytest.fixture
async def engine(server: LyingServer) -> AsyncIterator[SharedEngine]:
    cluster = ClusterEngine(server.base_url, "served", timeout_s=5)
    yield SharedEngine(cluster)
    await cluster.close()


def test_what_vllm_wrote_is_read_by_layer() -> None:
    assert read_routed(completion(routed_experts=OF_VLLM), 5) == (
        ((7, 5), (7, 4), (7, 0), (0, 7), (5, 7)),
        ((6, 4), (6, 3), (7, 2), (4, 1), (6, 4)),
        ((0, 5), (2, 3), (2, 3), (1, 0), (3, 1)),
    )


def test_layers_without_experts_are_left_out_and_large_numbers_kept() -> None:
    found = np.zeros((2, 3, 2), np.uint16)
    found[:, 1] = [[300, 7], [2, 300]]
    assert read_routed(completion(routed_experts=encoded(found)), 2) == (((300, 7), (2, 300)),)


@pytest.mark.parametrize("answer", [completion(), completion(routed_experts=None)])
def test_a_server_that_names_no_experts_tells_nothing(answer: Any) -> None:
    assert read_routed(answer, 3) is None


@pytest.mark.parametrize(
    "written",
    [
        7,
        "no base64!",
        encoded(ROUTED)[:60],
        base64.b64encode(b"no array at all").decode(),
        encoded(ROUTED[:2]),  # of fewer tokens than were sent
        encoded(ROUTED[0]),
        encoded(ROUTED.astype(np.float32)),
        encoded(ROUTED.astype(np.int32) - 2),
        encoded(np.zeros((3, 2, 2), np.uint8)),
        encoded(np.full((3, 2, 2), 5, np.uint8)),  # each token twice to the same
        encoded(np.zeros((3, 0, 2), np.uint8)),
    ],
)
def test_experts_that_cannot_be_true_are_nonsense(written: Any) -> None:
    with pytest.raises(Nonsense, match="can't be shown as true"):
        read_routed(completion(routed_experts=written), 3)


def test_a_size_that_is_only_claimed_takes_no_memory() -> None:
    honest_file = base64.b64decode(encoded(ROUTED))
    lying = honest_file.replace(b"(3, 2, 2), }           ", b"(3, 99999999999, 99), }")
    assert lying != honest_file
    assert len(lying) == len(honest_file)
    with pytest.raises(Nonsense):
        read_routed(completion(routed_experts=base64.b64encode(lying).decode()), 3)


async def test_the_engine_sends_ids_once_and_names_the_tokens(
    server: LyingServer, engine: SharedEngine
) -> None:
    server.says("/v1/completions", completion(routed_experts=encoded(ROUTED)))
    found = await engine.routed_experts("The cat sat")
    assert found
    assert [token.text for token in found.tokens] == ["The", " cat", " sat"]
    assert found.experts[1] == ((0, 2), (2, 3), (1, 2))
    (sent,) = server.bodies("/v1/completions")
    assert (sent["prompt"], sent["max_tokens"]) == ([1, 2, 3], 1)


async def test_without_tokenize_nobody_can_name_the_tokens(
    server: LyingServer, engine: SharedEngine
) -> None:
    del server.paths["/tokenize"]
    with pytest.raises(Missing, match="no /tokenize"):
        await engine.routed_experts("The cat")


async def test_a_server_without_the_flag_tells_nothing(engine: SharedEngine) -> None:
    assert await engine.routed_experts("The cat sat") is None
