"""What comes over the connection and can't be read: logged once, left out, and the bot goes on."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.faults.served import Served, point_to, served
from tests.run import payloads
from tests.run.discord_stub import DiscordStub, serving

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(150)]

_WHOLE = payloads.slash("lesson") | {
    "id": "8001",
    "token": "token-8001",
    "application_id": payloads.BOT_ID,
}
_MESSAGE = payloads.message({}) | {"author": payloads.LEARNER}


def _without(name: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key != name}


UNREADABLE = {
    "a press without a limit": ("INTERACTION_CREATE", _without("attachment_size_limit", _WHOLE)),
    "a press without a token": ("INTERACTION_CREATE", _without("token", _WHOLE)),
    "a press without data": ("INTERACTION_CREATE", _without("data", _WHOLE)),
    "an unknown kind of press": ("INTERACTION_CREATE", _without("data", _WHOLE) | {"type": 99}),
    "a press that is none": ("INTERACTION_CREATE", None),
    "a message without an id": ("MESSAGE_CREATE", _without("id", _MESSAGE)),
    "a message without an author": ("MESSAGE_CREATE", _without("author", _MESSAGE)),
    "a server without an id": ("GUILD_CREATE", {"name": "A class"}),
    "a server without channels": ("GUILD_CREATE", {"id": "2002", "roles": 7}),
    "a list": ("MESSAGE_DELETE", []),
    "an event that nobody knows": ("LEARNERS_FLY", {"how": "high"}),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """One bot for all tests here: nothing that they send may change it."""
    folder = tmp_path_factory.mktemp("gateway")
    async with serving(DiscordStub()) as stub:
        with pytest.MonkeyPatch.context() as patch:
            point_to(stub, patch)
            async with served(folder, stub) as here:
                yield here


@pytest.mark.parametrize("name", UNREADABLE)
async def test_an_event_that_cannot_be_read_is_left_out_and_the_connection_goes_on(
    there: Served, name: str
) -> None:
    event, payload = UNREADABLE[name]

    before = len(there.log.getvalue())
    for _ in range(3):
        await there.stub.dispatch(event, payload)

    await _is_well(there)
    assert len(there.stub.identified) == 1
    log = there.log.getvalue()[before:]
    assert log.count("can't be read") <= 1
    assert "Traceback" not in log


async def test_what_was_left_out_is_counted_and_logged_once(there: Served) -> None:
    event, payload = "INTERACTION_CREATE", _without("version", _WHOLE)

    for _ in range(5):
        await there.stub.dispatch(event, payload)

    await _is_well(there)
    assert there.bot.unread["INTERACTION_CREATE: KeyError 'version' in _from_data"] == 5
    assert there.log.getvalue().count("KeyError 'version'") == 1


@pytest.mark.parametrize("frame", ["{", "[]", "7", '{"op": 0}', '{"op": 77, "d": {}}', "null"])
async def test_a_frame_that_is_no_event_is_left_out(there: Served, frame: str) -> None:
    for _ in range(3):
        await there.stub.frame(frame)

    await _is_well(there)
    assert "Traceback" not in there.log.getvalue()


async def test_what_was_garbled_on_the_way_is_asked_for_again(there: Served) -> None:
    payload = _WHOLE | {"id": "8002", "token": "token-8002"}
    last, before = there.stub.sequence, len(there.stub.resumed)
    await there.stub.dispatch("INTERACTION_CREATE", payload, garbled=True)

    await there.stub.answer_to("/interactions/8002/token-8002/callback")

    assert [told["seq"] for told in there.stub.resumed[before:]] == [last]


async def test_what_comes_garbled_again_is_asked_for_once(there: Served) -> None:
    there.stub.garbles = there.stub.sequence + 1
    before = len(there.stub.resumed)
    await there.stub.dispatch("LEARNERS_FLY", {})

    await _is_well(there)
    assert len(there.stub.resumed[before:]) == 1


async def _is_well(there: Served) -> None:
    card = await there.stub.answer_to(await there.stub.interact(payloads.slash("lesson")))
    assert "What is an LLM?" in json.dumps(card.body)
    assert not there.serving.done()
