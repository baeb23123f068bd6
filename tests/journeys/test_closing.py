"""The bot ends, and something can't be closed: the rest is, and it is told."""

from typing import Any

import pytest

from bot.ui.client import HunchBot
from tests.fakes.model import FakeEngine


async def stuck() -> None:
    raise OSError("stuck")


async def test_a_board_that_cannot_be_closed_keeps_the_model_and_discord_no_longer(
    simcord_env: Any, simcord_bot: HunchBot, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simcord_bot._board, "close", stuck)
    with pytest.raises(OSError, match="stuck"):
        await simcord_bot.close()
    assert simcord_bot.is_closed()
    assert engine.calls["close"] == 1


async def test_a_model_that_cannot_be_closed_is_told_by_whoever_closes(
    simcord_env: Any, simcord_bot: HunchBot, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "close", stuck)
    with pytest.raises(OSError, match="stuck") as raised:
        await simcord_bot.close()
    assert "while closing: instruments" in raised.value.__notes__
    assert simcord_bot.is_closed()
