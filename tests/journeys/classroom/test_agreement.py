"""What a learner agreed to, as they are told it, and what is left of it when they take it back."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journeys.classroom.conftest import guess
from tests.journeys.player import Player

HIDDEN = "I can't show you this learner"


async def test_mydata_says_who_sees_a_learner_and_taking_it_back_hides_them(
    teacher: Player, alice: Player, tmp_path: Path
) -> None:
    await guess(alice)
    await alice.type("more mydata")
    assert "in 0 of 1 servers" in alice.raw.content
    await alice.type("more sharing")
    await alice.press("Agree")
    await alice.type("more mydata")
    assert "in 1 of 1 servers" in alice.raw.content
    assert f"<@{alice.actor.id}>" in await teacher.type("class learner", who=alice.actor)
    assert names_in(tmp_path) == ["alice"]

    await alice.type("more sharing")
    await alice.press("Keep private")
    assert HIDDEN in await teacher.type("class learner", who=alice.actor)
    assert names_in(tmp_path) == [None]


async def test_who_was_deleted_is_hidden_and_comes_back_unseen(
    teacher: Player, alice: Player, tmp_path: Path
) -> None:
    await guess(alice)
    await alice.type("more sharing")
    await alice.press("Agree")
    await alice.type("more deleteme")
    await alice.press("Delete everything")
    assert HIDDEN in await teacher.type("class learner", who=alice.actor)
    assert names_in(tmp_path) == []
    await guess(alice)
    assert HIDDEN in await teacher.type("class learner", who=alice.actor)


def names_in(folder: Path) -> list[str | None]:
    """Return the names that are kept of learners."""
    with closing(sqlite3.connect(folder / "hunch.sqlite")) as file:
        members = "SELECT name FROM membership WHERE name IS NOT NULL OR learner_id IN"
        guessed = "(SELECT learner_id FROM attempt)"
        return [name for (name,) in file.execute(f"{members} {guessed}")]
