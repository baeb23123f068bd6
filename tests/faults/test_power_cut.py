"""Power is cut at two hundred moments: whoever was shown *locked in* is locked in afterwards."""

import asyncio
import random
from pathlib import Path

import pytest

from bot.domain.learner import Learner
from bot.store import migrate
from bot.store.database import opened
from bot.store.keeping import Keeping
from curriculum.schema import Course
from tests.fakes.disk import Disk, Told, read_back, recording
from tests.store.test_database import guess

LEARNERS = 240
AT_ONCE = 12
CUTS = 200


async def test_nothing_that_was_shown_as_locked_in_is_lost_by_a_power_cut(
    tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, base = await taught(tmp_path, course, monkeypatch)
    assert len(disk.told(len(disk.happened))) == LEARNERS
    assert after_cuts(disk, base, tmp_path) == [0] * CUTS


async def test_the_cuts_are_ones_that_lose_what_nobody_waited_for(
    tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the test above would show nothing."""

    async def tell_at_once(self: Keeping, seen: int) -> None:
        pass

    monkeypatch.setattr(Keeping, "until", tell_at_once)
    disk, base = await taught(tmp_path, course, monkeypatch)
    assert sum(after_cuts(disk, base, tmp_path)) > CUTS


async def taught(
    folder: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> tuple[Disk, bytes]:
    """Let a class guess; return what the disk saw, and the file it began with."""
    file = folder / "hunch.sqlite"
    async with opened(f"sqlite:///{file}") as engine:
        await migrate.upgrade(engine)
    base = file.read_bytes()
    with recording(monkeypatch) as disk:
        async with opened(f"sqlite:///{file}") as engine:
            places = asyncio.Semaphore(AT_ONCE)

            async def learn(number: int) -> None:
                async with places:
                    disk.note(Told(await guess(engine, course, Learner(number, 900))))

            await asyncio.gather(*map(learn, range(1, LEARNERS + 1)))
            taught = len(disk.happened)
    del disk.happened[taught:]  # closing writes everything into the file
    return disk, base


def after_cuts(disk: Disk, base: bytes, folder: Path) -> list[int]:
    """Return how many shown guesses each cut lost; every cut leaves a database that is whole."""
    chance = random.Random(15)
    lost = []
    for _ in range(CUTS):
        moment = chance.randrange(len(disk.happened))
        after = read_back(folder, disk.left_after_cut(base, moment, chance))
        assert after.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert after.execute("PRAGMA foreign_key_check").fetchall() == []
        kept = {row[0] for row in after.execute("SELECT attempt_id FROM guess")}
        counted = after.execute("SELECT coalesce(sum(votes), 0) FROM tally").fetchone()[0]
        after.close()
        assert counted == len(kept)
        lost.append(len({*disk.told(moment)} - kept))
    return lost
