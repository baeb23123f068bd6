"""A lesson whose file was edited while somebody was in it: real files, a real restart."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.ui.client import HunchBot
from tests.conftest import EVERY_KIND
from tests.journeys.player import Player


@pytest.fixture
def course_dir(tmp_path: Path) -> Path:
    """A course whose files the test may edit."""
    return Path(shutil.copytree(EVERY_KIND, tmp_path / "course"))


def edit(course_dir: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the lesson, and raise its version."""
    file = course_dir / "lessons" / "01-every-kind.yaml"
    lesson = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(lesson)
    lesson["version"] += 1
    file.write_text(yaml.safe_dump(lesson, sort_keys=False, allow_unicode=True), encoding="utf-8")


def kept_in(tmp_path: Path) -> dict[str, tuple[str, int]]:
    """Return each guess with the version it answered, as the file has it."""
    with sqlite3.connect(tmp_path / "hunch.sqlite") as file:
        rows = file.execute("SELECT step, answer, version FROM guess")
        return {step: (answer, version) for step, answer, version in rows}


async def test_a_learner_whose_step_was_taken_away_goes_on_behind_their_last_guess(
    simcord_env: Any,
    alice: Player,
    new_bot: Callable[[], HunchBot],
    course_dir: Path,
    tmp_path: Path,
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    for label in ("A", "sure", "Next"):
        await alice.press(label)
    assert "How many tokens does the small model know?" in alice.text

    def change(lesson: dict[str, Any]) -> None:
        lesson["steps"] = [step for step in lesson["steps"] if step["id"] != "how-many"]
        del lesson["misconceptions"]["too-many"]

    edit(course_dir, change)
    await simcord_env.restart_bot(new_bot())
    assert "Which token comes next?" in await alice.press("Skip")  # on the card of what is gone
    for label in ("Skip", "A first", "B second", "C third", "sure"):
        await alice.press(label)
    assert "can't pick before it has scored" in alice.text
    assert kept_in(tmp_path) == {"pick": ("A", 1), "in-order": ("ABCD", 2)}


async def test_a_learner_stays_on_their_step_when_the_order_around_it_changes(
    simcord_env: Any,
    alice: Player,
    new_bot: Callable[[], HunchBot],
    course_dir: Path,
    tmp_path: Path,
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    await alice.press("A")

    def change(lesson: dict[str, Any]) -> None:
        lesson["steps"] = lesson["steps"][1:4] + lesson["steps"][:1] + lesson["steps"][4:]
        lesson["steps"][3]["options"][0]["reply"] = "It is made piece by piece."

    edit(course_dir, change)
    await simcord_env.restart_bot(new_bot())
    assert "It is made piece by piece." in await alice.press("sure")
    assert kept_in(tmp_path) == {"pick": ("A", 2)}
    assert "What is each kept for?" in await alice.press("Next")
