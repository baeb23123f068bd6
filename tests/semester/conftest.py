"""A server, its instructor and sixty learners; one clock for the simulated Discord and the bot."""

import random
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest

import curriculum
from bot import logs
from bot.settings import Settings
from bot.ui.client import HunchBot
from curriculum.loader import load_course
from curriculum.schema import Course
from tests.conftest import EVERY_KIND
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build, closed_at_the_end
from tests.journeys.conftest import by_words
from tests.journeys.tutor.desk import HandBeat
from tests.semester.ledger import Ledger
from tests.semester.person import Person

SEED, LEARNERS = 5, 60
LESSONS = ("every-kind", "once-more", "and-again")


@dataclass
class SimulatedClock:
    """Tells the program the time of the simulated Discord."""

    env: Any = None

    def __call__(self) -> datetime:
        return self.env.now() if self.env else datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_log() -> None:
    """Log as the program does, but only what goes wrong."""
    logs.configure("error", "text")


@pytest.fixture
def course_dir(tmp_path: Path) -> Path:
    """Three lessons with every kind of step, and the passages that ship."""
    folder = Path(shutil.copytree(EVERY_KIND, tmp_path / "course"))
    first = (folder / "lessons" / "01-every-kind.yaml").read_text()
    stages = ["title: A course to test with", "stages:"]
    for number, slug in enumerate(LESSONS, 1):
        text = first.replace("number: 1\n", f"number: {number}\n", 1)
        text = text.replace("slug: every-kind\n", f"slug: {slug}\n", 1)
        (folder / "lessons" / f"{number:02}-{slug}.yaml").write_text(text)
        stages.append(f"  - {{number: {number}, slug: {slug}, title: T{number}, stop: text}}")
    stages.append("  - {number: 4, slug: not-yet, title: Not written yet, stop: tokens}")
    (folder / "course.yaml").write_text("\n".join(stages) + "\n")
    shutil.copy(Path(curriculum.__file__).parent / "passages.yaml", folder)
    return folder


@pytest.fixture
def taught(course_dir: Path) -> Course:
    return load_course(course_dir)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def beat() -> HandBeat:
    return HandBeat()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "hunch.sqlite"


@pytest.fixture
async def build() -> AsyncIterator[Build]:
    """Build bots that are closed after the test."""
    async with closed_at_the_end() as build:
        yield build


@pytest.fixture
def new_bot(
    database: Path, course_dir: Path, clock: SimulatedClock, beat: HandBeat, build: Build
) -> Callable[[], HunchBot]:
    """Build the bot anew over the same database: what a restart does."""
    settings = Settings(
        database_url=f"sqlite:///{database}",
        course_dir=course_dir,
        reviews_a_day=999,
        new_reviews_a_day=999,
    )
    return lambda: build(settings, FakeEngine(), grader=by_words(), now=clock, beat=beat)


@pytest.fixture
def simcord_bot(new_bot: Callable[[], HunchBot]) -> HunchBot:
    return new_bot()


@pytest.fixture
def channel(simcord_env: Any, clock: SimulatedClock, beat: HandBeat) -> Any:
    clock.env = beat.env = simcord_env
    return simcord_env.create_guild().create_text_channel("inference")


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def ina(simcord_env: Any, channel: Any, taught: Course, ledger: Ledger) -> Person:
    """The instructor: she may manage the server."""
    may = discord.Permissions(manage_guild=True, manage_messages=True)
    role = simcord_env.guild.create_role("teachers", permissions=may)
    user = simcord_env.create_user("ina")
    member = simcord_env.guild.add_member(user, roles=[role])
    return Person(simcord_env, member, channel, user, random.Random(0), taught, ledger)


@pytest.fixture
def learners(simcord_env: Any, channel: Any, taught: Course, ledger: Ledger) -> list[Person]:
    """Each with dice of their own, so that what one does changes nothing for another."""

    def join(number: int) -> Person:
        user = simcord_env.create_user(f"learner {number}")
        member = simcord_env.guild.add_member(user)
        dice = random.Random(SEED * 1000 + number)
        return Person(simcord_env, member, channel, user, dice, taught, ledger)

    return [join(number) for number in range(LEARNERS)]
