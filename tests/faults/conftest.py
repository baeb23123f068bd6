"""A bot of this process, connected to a stand-in for Discord in which things go wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.served import Served, point_to, served
from tests.run.discord_stub import DiscordStub, serving


@pytest.fixture
async def discord_stub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordStub]:
    """A Discord that all connections of this process go to."""
    async with serving(DiscordStub()) as stub:
        point_to(stub, monkeypatch)
        yield stub


@pytest.fixture
async def there(tmp_path: Path, discord_stub: DiscordStub) -> AsyncIterator[Served]:
    """A bot that is connected."""
    async with served(tmp_path, discord_stub) as here:
        yield here
