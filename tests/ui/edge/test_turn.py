"""Whose each press is."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from bot.settings import Settings
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.kinds import Errand, Menu, Written
from bot.ui.edge.turn import Turns
from bot.wiring.bot import build_bot
from tests.fakes.model import FakeEngine

PRESSES: tuple[type, ...] = get_args(Press)
COMPLETED = [press for press in PRESSES if issubclass(press, Menu | Written)]


@pytest.fixture
def turns(tmp_path: Path) -> Turns:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite")
    return build_bot(settings, FakeEngine()).turns


def test_every_press_is_completed_or_belongs_to_one_handler_or_is_an_errand(turns: Turns) -> None:
    claimed = [press for handler in turns.handlers for press in handler.presses]
    assert Counter([*claimed, *turns.errands, *COMPLETED]) == Counter(PRESSES)


def test_every_press_that_is_written_has_a_window(turns: Turns) -> None:
    assert set(turns.windows) == {press for press in PRESSES if issubclass(press, Written)}


def test_every_errand_is_run_by_somebody(turns: Turns) -> None:
    assert set(turns.errands) == {press for press in PRESSES if issubclass(press, Errand)}
