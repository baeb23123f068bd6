"""What is said of where words go follows from the same settings that send them there."""

import pytest
from pydantic import SecretStr

from bot.domain.privacy.sent import Receiver, Receivers, host_of
from bot.settings import Settings, WhoAnswers
from bot.ui.cards.sent import sent_lines
from bot.wiring.engines import build_chat, receivers_of
from tests.fakes.chat_server import Turn, chat_server, in_turn
from tools.engine.weights.embedded import EMBEDDED
from tools.errors import Unavailable

SERVER = "http://gpu.example:8000/v1"
EMBEDDED_ONE = Receiver(EMBEDDED.name)
SERVED = {"model_url": SERVER, "model": "qwen"}


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, Receivers(EMBEDDED_ONE)),
        ({"local_model": "/models/mine"}, Receivers(Receiver("mine"))),
        (
            SERVED,
            Receivers(Receiver("qwen", "gpu.example:8000"), Receiver("qwen", "gpu.example:8000")),
        ),
        (
            {**SERVED, "tutor": WhoAnswers.NOTES},
            Receivers(Receiver("qwen", "gpu.example:8000")),
        ),
        (
            {"chat_url": "https://chat.example/v1", "chat_model": "big"},
            Receivers(EMBEDDED_ONE, Receiver("big", "chat.example")),
        ),
    ],
)
async def test_the_models_that_are_named_are_those_that_are_asked(
    chosen: dict[str, str], told: Receivers
) -> None:
    settings = Settings(**chosen)  # type: ignore[arg-type]
    assert receivers_of(settings) == told
    chat = build_chat(settings)
    assert (chat is not None) is (told.chat is not None)
    if chat is not None:
        await chat.close()


async def test_the_chat_server_is_waited_for_as_long_as_the_setting_says() -> None:
    async with chat_server(in_turn(Turn(hangs=True))) as server:
        settings = Settings(chat_url=server.base_url, chat_model="m", model_timeout_s=0.3)
        chat = build_chat(settings)
        assert chat is not None
        with pytest.raises(Unavailable, match=r"gave no answer in 0\.3 s"):
            await chat.check()
        await chat.close()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:secret@gpu.example:8000/v1?key=secret", "gpu.example:8000"),
        ("http://[::1]:9/v1", "::1:9"),
        ("not an address", "an unnamed host"),
        ("http://h:nonsense/v1", "h"),
    ],
)
def test_a_host_is_named_without_what_opens_it(url: str, host: str) -> None:
    assert host_of(url) == host


def test_no_key_and_no_password_is_said() -> None:
    url = "https://user:secret@gpu.example:8000/v1"
    settings = Settings(model_url=url, model="m", model_key=SecretStr("secret"))
    assert "secret" not in sent_lines(receivers_of(settings))


def test_nothing_is_said_to_leave_where_nothing_does() -> None:
    said = sent_lines(Receivers(EMBEDDED_ONE))
    assert "stay on this machine" in said
    assert " at `" not in said
    far = sent_lines(Receivers(Receiver("qwen", "gpu:1"), Receiver("big", "chat:2")))
    assert "stay" not in far
    assert "*qwen* at `gpu:1`" in far
    assert "*big* at `chat:2`" in far
