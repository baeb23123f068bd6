"""Answers that Discord takes, loses or refuses: what was acknowledged reaches the learner."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.served import Served, point_to, served
from tests.run import payloads
from tests.run.discord_faults import Fault
from tests.run.discord_stub import DiscordStub, Request, serving

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(150)]

CALLBACK = r"/interactions/\d+/[^/]+/callback"
EDIT = r"/webhooks/\d+/[^/]+/messages/@original"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("replies")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connected(folder: Path) -> AsyncIterator[Served]:
    """One bot for all tests here; each learner is another."""
    async with serving(DiscordStub()) as stub:
        with pytest.MonkeyPatch.context() as patch:
            point_to(stub, patch)
            async with served(folder, stub) as here:
                yield here


@pytest.fixture
def there(connected: Served) -> Served:
    """The same, with all well and an empty log."""
    connected.stub.faults.clear()
    connected.log.seek(0)
    connected.log.truncate()
    return connected


@pytest.mark.parametrize("status", [500, 0], ids=["answered 500", "no answer"])
async def test_a_command_taken_although_its_answer_failed_is_answered(
    there: Served, status: int
) -> None:
    there.stub.faults.append(Fault("POST", CALLBACK, status, is_done=True))

    callback = await there.stub.interact(payloads.slash("lesson"))

    assert "What is an LLM?" in json.dumps((await there.stub.answer_to(callback)).body)
    assert "Traceback" not in there.log.getvalue()


@pytest.mark.parametrize("status", [500, 0], ids=["answered 500", "no answer"])
async def test_a_press_taken_although_its_answer_failed_changes_its_card(
    there: Served, status: int
) -> None:
    begin = _custom_ids(await _card(there, payloads.slash("lesson")))[0]
    there.stub.faults.append(Fault("POST", CALLBACK, status, is_done=True))

    card = await _card(there, payloads.press(begin))

    assert any(custom_id.startswith("h1:") for custom_id in _custom_ids(card))


@pytest.mark.parametrize("code", [40060, 10062])
async def test_what_another_process_took_or_is_too_late_is_left_alone(
    there: Served, code: int
) -> None:
    there.stub.faults.append(Fault("POST", CALLBACK, 400 if code == 40060 else 404, code))
    callback = await there.stub.interact(payloads.slash("lesson"))
    await there.stub.request("POST", callback)

    await _card(there, payloads.slash("lesson"))

    assert not there.stub.asked("PATCH", f".*/{callback.split('/')[3]}/.*")
    assert there.log.getvalue().count("too late") == 1
    assert "Traceback" not in there.log.getvalue()


@pytest.mark.parametrize(
    ("status", "code"), [(404, 10008), (400, 50035), (403, 50001), (0, 0)], ids=str
)
async def test_a_guess_whose_card_cannot_be_edited_is_kept_and_shown_anew(
    there: Served, folder: Path, status: int, code: int
) -> None:
    learner = str(40_000 + status)
    sure = await _about_to_guess(there, learner)
    there.stub.faults.append(Fault("PATCH", EDIT, status, code))
    before = _guesses(folder)

    callback = await there.stub.interact(_as(learner, payloads.press(sure)))
    anew = await there.stub.done("POST", _followups(callback))

    assert _guesses(folder) == before + 1
    assert anew.body["components"]
    assert anew.body["flags"] & payloads.EPHEMERAL
    log = there.log.getvalue()
    assert log.count("a card is shown anew") == 1
    assert "Traceback" not in log
    assert "incident" not in log


async def test_a_card_that_discord_takes_nowhere_is_told_in_words(
    there: Served, folder: Path
) -> None:
    sure = await _about_to_guess(there, "41000")
    there.stub.faults.append(Fault("PATCH", EDIT, 400, 50035, times=None))
    there.stub.faults.append(Fault("POST", r"/webhooks/\d+/[^/]+", 400, 50035))
    before = _guesses(folder)

    callback = await there.stub.interact(_as("41000", payloads.press(sure)))
    told = await there.stub.done("POST", _followups(callback))

    assert "What you had locked in is kept" in told.body["content"]
    assert _guesses(folder) == before + 1
    assert "Traceback" not in there.log.getvalue()
    there.stub.faults.clear()
    assert (await _card(there, _as("41000", payloads.press(sure)))).body["components"]
    assert _guesses(folder) == before + 1


async def test_edits_answered_502_for_long_lose_nothing(there: Served, folder: Path) -> None:
    sure = await _about_to_guess(there, "42000")
    there.stub.faults.append(Fault("PATCH", EDIT, 502, times=5))  # as often as it is tried
    before = _guesses(folder)

    callback = await there.stub.interact(_as("42000", payloads.press(sure)))
    await there.stub.request("PATCH", _edits(callback), nth=5)
    anew = await there.stub.done("POST", _followups(callback))

    assert anew.body["components"]
    assert _guesses(folder) == before + 1
    assert "Traceback" not in there.log.getvalue()


async def _about_to_guess(there: Served, learner: str) -> str:
    """Go to the first question of lesson 1 and pick; return the button that locks it in."""
    card = await _card(there, _as(learner, payloads.slash("lesson")))
    for _ in range(9):
        ids = _custom_ids(card)
        sure = [one for one in ids if one.startswith("h1:guess")]
        if sure:
            return sure[0]
        pick = [one for one in ids if one.startswith(("h1:pick", "h1:next", "h1:begin"))]
        card = await _card(there, _as(learner, payloads.press((pick or ids)[0])))
    raise AssertionError(f"no question was reached: {ids}")


async def _card(there: Served, payload: dict[str, object]) -> Request:
    return await there.stub.answer_to(await there.stub.interact(payload))


def _as(learner: str, payload: dict[str, object]) -> dict[str, object]:
    member = payloads.MEMBER | {"user": payloads.LEARNER | {"id": learner}}
    return payload | {"member": member}


def _custom_ids(request: Request) -> list[str]:
    return re.findall(r'"custom_id": "([^"]+)"', json.dumps(request.body))


def _edits(callback: str) -> str:
    return f"/webhooks/{payloads.BOT_ID}/{callback.split('/')[3]}/messages/@original"


def _followups(callback: str) -> str:
    return f"/webhooks/{payloads.BOT_ID}/{callback.split('/')[3]}"


def _guesses(folder: Path) -> int:
    database = sqlite3.connect(folder / "hunch.sqlite")
    try:
        return int(database.execute("SELECT count(*) FROM guess").fetchone()[0])
    finally:
        database.close()
