"""What is under way at a stop, and in a flood: finished, or told; never taken and forgotten."""

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ui.edge import underway
from tests.faults.served import Served
from tests.run import payloads
from tests.run.discord_stub import DiscordStub, Request, serving
from tests.run.process import hunch_run

pytestmark = pytest.mark.timeout(150)

LEARNERS = [str(50_000 + number) for number in range(30)]


@pytest.fixture
async def stub() -> AsyncIterator[DiscordStub]:
    async with serving(DiscordStub()) as stub:
        yield stub


def _as(learner: str) -> dict[str, object]:
    member = payloads.MEMBER | {"user": payloads.LEARNER | {"id": learner}}
    return payloads.slash("lesson") | {"member": member}


def _edits(stub: DiscordStub) -> list[Request]:
    return [one for one in stub.asked("PATCH", ".*/messages/@original") if one.status == 200]


async def test_sigterm_finishes_all_that_was_acknowledged(
    stub: DiscordStub, tmp_path: Path
) -> None:
    async with hunch_run(tmp_path, stub) as running:
        await running.logged("ready")
        stub.edits.clear()
        callbacks = [await stub.interact(_as(learner)) for learner in LEARNERS]
        await stub.until(lambda: len(stub.asked("PATCH", ".*")) == len(LEARNERS))
        running.process.send_signal(signal.SIGTERM)
        await running.logged("SIGTERM")
        stub.edits.set()
        ended = await running.ended()

    answered = {one.path.split("/")[3] for one in _edits(stub)}
    assert answered == {callback.split("/")[3] for callback in callbacks}
    assert ended.code == 0
    assert "Traceback" not in ended.err


async def test_a_press_while_it_stops_is_told_and_not_taken(there: Served) -> None:
    there.stub.edits.clear()
    callback = await there.stub.interact(_as("50100"))
    await there.stub.until(lambda: there.stub.asked("PATCH", ".*"))
    closing = asyncio.create_task(there.bot.close())
    await asyncio.sleep(0)

    late = await there.stub.interact(_as("50101"))
    told = await there.stub.done("POST", late)
    there.stub.edits.set()
    await closing

    assert "incident" not in there.log.getvalue()
    assert "being restarted" in told.body["data"]["content"]
    assert [one.path.split("/")[3] for one in _edits(there.stub)] == [callback.split("/")[3]]


async def test_what_takes_too_long_at_a_stop_is_told_that_it_was_cut_off(
    there: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(underway, "DRAIN_S", 0.1)
    monkeypatch.setattr(underway, "LAST_WORDS_S", 30.0)
    there.stub.edits.clear()
    await there.stub.interact(_as("50200"))
    await there.stub.until(lambda: there.stub.asked("PATCH", ".*"))

    closing = asyncio.create_task(there.bot.close())
    await there.stub.until(lambda: len(there.stub.asked("PATCH", ".*")) == 2)
    there.stub.edits.set()
    await closing

    assert "restarted in the middle" in json.dumps(there.stub.asked("PATCH", ".*")[1].body)
    assert "Traceback" not in there.log.getvalue()


async def test_a_flood_is_bounded_and_who_is_not_served_is_told(
    there: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(underway, "MOST", 40)
    there.stub.edits.clear()
    callbacks = [await there.stub.interact(_as(who)) for _ in range(10) for who in LEARNERS]
    await there.stub.until(lambda: len(there.stub.asked("POST", ".*/callback")) == len(callbacks))
    assert len(there.bot.underway) == 40

    there.stub.edits.set()
    await there.stub.until(lambda: len(_edits(there.stub)) == 40)

    words = json.dumps([one.body for one in there.stub.asked("POST", ".*/callback")])
    assert len(re.findall("Very many are pressing", words)) == len(callbacks) - 40
    await _is_well(there)
    assert "incident" not in there.log.getvalue()


async def test_one_person_who_presses_without_a_pause_takes_nobody_elses_turn(
    there: Served,
) -> None:
    there.stub.edits.clear()
    for _ in range(3 * underway.MOST_EACH):
        await there.stub.interact(_as("50300"))
    await there.stub.interact(_as("50301"))
    await there.stub.until(lambda: len(there.stub.asked("PATCH", ".*")) == underway.MOST_EACH + 1)

    there.stub.edits.set()

    await there.stub.until(lambda: len(_edits(there.stub)) == underway.MOST_EACH + 1)
    words = json.dumps([one.body for one in there.stub.asked("POST", ".*/callback")])
    assert len(re.findall("busy with your last presses", words)) == 2 * underway.MOST_EACH


async def _is_well(there: Served) -> None:
    card = await there.stub.answer_to(await there.stub.interact(_as("50999")))
    assert "What is an LLM?" in json.dumps(card.body)
