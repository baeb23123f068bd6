"""A lesson taken out of the course while learners are in it: they are sent home, all is kept."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from bot.ui.client import HunchBot
from tests.conftest import EVERY_KIND
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build
from tests.journeys.player import Player

GONE = "That lesson is no longer part of the course. What you did in it is kept"


@pytest.fixture
def course_dir(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EVERY_KIND, tmp_path / "course"))


@pytest.fixture
def new_bot(
    tmp_path: Path, engine: FakeEngine, course_dir: Path, build: Build
) -> Callable[[], HunchBot]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite", course_dir=course_dir)
    return lambda: build(settings, engine)


def replace_lesson(folder: Path) -> None:
    """Take the lesson out, and put another in its place."""
    old = folder / "lessons/01-every-kind.yaml"
    text = old.read_text("utf-8").replace("slug: every-kind", "slug: another")
    old.unlink()
    (folder / "lessons/01-another.yaml").write_text(text.replace("Every kind", "Another"), "utf-8")
    outline = folder / "course.yaml"
    outline.write_text(outline.read_text("utf-8").replace("every-kind", "another"), "utf-8")


@pytest.mark.parametrize("press", ["B", "Skip", "Hint"])
async def test_a_press_in_a_lesson_that_is_gone_leads_home_kindly(
    simcord_env: Any, alice: Player, course_dir: Path, new_bot: Callable[[], HunchBot], press: str
) -> None:
    await alice.type("lesson", which="1")
    await alice.press("Start")
    replace_lesson(course_dir)
    await simcord_env.restart_bot(new_bot())
    text = await alice.press(press)
    assert GONE in text
    assert "### A course to test with" in text
    assert "Start lesson 1" in alice.labels
    assert "### Another" in await alice.press("Start lesson 1")


async def test_everything_else_goes_on_without_that_lesson(
    simcord_env: Any,
    alice: Player,
    simcord_bot: HunchBot,
    course_dir: Path,
    new_bot: Callable[[], HunchBot],
) -> None:
    await alice.type("lesson", which="1")
    for label in ("Start", "A", "sure"):
        await alice.press(label)
    intro = alice.card
    replace_lesson(course_dir)
    bot = new_bot()
    await simcord_env.restart_bot(bot)
    for command in ("hunch", "lesson", "review", "more redo", "more placement", "more progress"):
        assert "went wrong" not in await alice.type(command)
    assert GONE in await alice.press("Next", intro) or GONE in _card(alice, intro)
    _, files = await bot._use.own_data.hand_over(_who(alice))
    held = b"".join(files)
    assert b'"every-kind"' in held


def _card(player: Player, card: Any) -> str:
    from tests.journeys.player import text_of

    return text_of(player.env.backend.get_message(card.channel.id, card.id))


def _who(player: Player) -> Any:
    from bot.domain.learner import Learner

    return Learner(player.actor.id)


async def test_an_old_start_button_of_it_leads_home_too(
    simcord_env: Any, alice: Player, course_dir: Path, new_bot: Callable[[], HunchBot]
) -> None:
    await alice.type("lesson", which="1")
    replace_lesson(course_dir)
    await simcord_env.restart_bot(new_bot())
    text = await alice.press("Start")
    assert GONE in text
    assert "Start lesson 1" in alice.labels
