from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.fakes.servers import LyingServer, serving
from tests.fakes.stub_vllm import StubVllm, stub_vllm
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.sharing.shared import SharedEngine

# how long an example takes says nothing on a busy machine
settings.register_profile("tools", deadline=None)
settings.load_profile("tools")


@pytest.fixture(scope="session")
def plain(embedded_folder: Path) -> Any:
    """The same model as transformers alone reads it, attention weights and all."""
    import torch  # seconds, which tests that need no model are spared
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        embedded_folder,
        dtype=torch.float32,
        local_files_only=True,
        attn_implementation="eager",
    ).eval()


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
