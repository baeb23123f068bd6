"""Two real servers on this machine, vLLM and llama.cpp, both on the embedded model's weights.

vLLM is started by the code of `make cluster`. What both can is tested by `either`, on each.
"""

import json
import os
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import serve_llama_cpp
from bench.serve_vllm import MODEL, Cluster, model_cache, running
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.fetch import fetch_gguf
from tools.engine.weights.weights import ensure

TIMEOUT_S = 120.0  # a busy machine without a GPU
BLOCKS = 40  # of 128 tokens each, one of them never used


@pytest.fixture(scope="session")
def model_folder() -> Path:
    return ensure(model_cache())


@dataclass(frozen=True, slots=True)
class Served:
    """A vLLM that answers: where, where it publishes its KV events, and what it says as it starts.

    Of one that runs already, nothing is known of its start.
    """

    url: str
    kv_events: str | None
    log: Path | None = None


@pytest.fixture(scope="session")
def served(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests, with few blocks, so that they can run out. It masks by llguidance.

    Left to itself it would take xgrammar, which lets a forced word be spelt in any tokens.

    HUNCH_TEST_CLUSTER names one that runs already; HUNCH_TEST_KV_EVENTS, where it publishes.
    """
    if there := os.environ.get("HUNCH_TEST_CLUSTER"):
        yield Served(there, os.environ.get("HUNCH_TEST_KV_EVENTS"))
        return
    log = tmp_path_factory.mktemp("vllm") / "vllm.log"
    port, events_port = _free_port(), _free_port()
    told = {
        "enable_kv_cache_events": True,
        "publisher": "zmq",
        "endpoint": f"tcp://*:{events_port}",
    }
    more = (
        *("--num-gpu-blocks-override", str(BLOCKS), "--kv-events-config", json.dumps(told)),
        *("--structured-outputs-config", json.dumps({"backend": "guidance"})),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VLLM_SERVER_DEV_MODE", "1")  # has /pause and /reset_prefix_cache
        with running(model_folder, port, log=log, more=more) as cluster:
            yield Served(_stays_up(cluster), f"tcp://127.0.0.1:{events_port}", log)


@pytest.fixture(scope="session")
def cluster_url(served: Served) -> str:
    """Where it answers, up to /v1."""
    return served.url


@pytest.fixture
async def cluster(served: Served) -> AsyncIterator[ClusterEngine]:
    engine = ClusterEngine(served.url, MODEL, timeout_s=TIMEOUT_S, kv_events=served.kv_events)
    yield engine
    await engine.close()


@pytest.fixture(scope="session")
def llama_cpp_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a llama.cpp answers, up to /v1."""
    folder = tmp_path_factory.mktemp("llama_cpp")
    gguf = fetch_gguf(EMBEDDED, folder, show_progress=False)
    with serve_llama_cpp.running(gguf, _free_port(), log=folder / "llama_cpp.log") as url:
        yield url


@pytest.fixture
async def llama_cpp(llama_cpp_url: str) -> AsyncIterator[ClusterEngine]:
    engine = ClusterEngine(llama_cpp_url, MODEL, timeout_s=TIMEOUT_S)
    await engine.find_out()
    yield engine
    await engine.close()


@pytest.fixture(params=["vllm", "llama_cpp"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[ClusterEngine]:
    """Each of the two, for what both can."""
    fixture = {"vllm": "cluster_url", "llama_cpp": "llama_cpp_url"}[request.param]
    engine = ClusterEngine(request.getfixturevalue(fixture), MODEL, timeout_s=TIMEOUT_S)
    yield engine
    await engine.close()


@pytest.fixture
async def shared(cluster: ClusterEngine) -> SharedEngine:
    """The engine as the bot has it."""
    return SharedEngine(cluster)


@pytest.fixture(scope="session")
def embedded(model_folder: Path) -> Iterator[LocalEngine]:
    engine = LocalEngine(lambda: model_folder, model=EMBEDDED.name)
    yield engine
    engine._worker.close()
    assert engine._worker.join(30)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _stays_up(cluster: Cluster) -> str:
    assert cluster.process.poll() is None
    return cluster.url
