import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from platformdirs import user_cache_path

from tests.tools.servers import LyingServer, serving
from tests.tools.stub_vllm import StubVllm, stub_vllm
from tools.engine.cluster import ClusterEngine
from tools.engine.embedded import EMBEDDED
from tools.engine.local import LocalEngine
from tools.engine.shared import SharedEngine
from tools.engine.weights import ensure

# how long an example takes says nothing on a busy machine
settings.register_profile("tools", deadline=None)
settings.load_profile("tools")


@pytest.fixture(scope="session")
def embedded_folder() -> Path:
    """The real model, in the cache that `hunch play` uses too."""
    chosen = os.environ.get("HUNCH_CACHE_DIR")
    return ensure(Path(chosen) if chosen else user_cache_path("hunch", appauthor=False))


@pytest.fixture(scope="session")
def embedded(embedded_folder: Path) -> Iterator[LocalEngine]:
    engine = LocalEngine(lambda: embedded_folder, model=EMBEDDED.name)
    yield engine
    engine._worker.close()
    assert engine._worker.join(10)


@pytest.fixture
async def server() -> AsyncIterator[LyingServer]:
    async with serving() as running:
        yield running


@pytest.fixture
async def stub() -> AsyncIterator[StubVllm]:
    async with stub_vllm() as running:
        yield running


@pytest.fixture
async def served(stub: StubVllm) -> AsyncIterator[SharedEngine]:
    """The cluster engine on that server, wrapped as the bot wraps it."""
    engine = SharedEngine(ClusterEngine(stub.base_url, "served", timeout_s=5))
    yield engine
    await engine.close()
