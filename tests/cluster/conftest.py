"""A real vLLM on this machine, started by the code of `make cluster`, for all tests here."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bench.serve_vllm import MODEL, Cluster, model_cache, running
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure

TIMEOUT_S = 120.0  # a busy machine without a GPU


@pytest.fixture(scope="session")
def model_folder() -> Path:
    return ensure(model_cache())


@pytest.fixture(scope="session")
def cluster_url(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it answers, up to /v1. HUNCH_TEST_CLUSTER names one that runs already."""
    if there := os.environ.get("HUNCH_TEST_CLUSTER"):
        yield there
        return
    log = tmp_path_factory.mktemp("vllm") / "vllm.log"
    with running(model_folder, _free_port(), log=log) as cluster:
        yield _stays_up(cluster)


@pytest.fixture
async def cluster(cluster_url: str) -> AsyncIterator[ClusterEngine]:
    engine = ClusterEngine(cluster_url, MODEL, timeout_s=TIMEOUT_S)
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
