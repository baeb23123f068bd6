"""What an operator set in vain is told in one line: names that are none, and keys to nothing.

The class: a variable that is set and not read, so that another model, or none, answers in silence.
"""

import pytest

from bot.cli.unread import unread
from bot.settings import Settings
from tests.cli.conftest import NOBODY, Hunch

AT = {"model_url": NOBODY, "model": "served"}
CHAT_AT = {"chat_url": NOBODY, "chat_model": "served"}


def told(*names: str) -> list[str]:
    return unread(dict.fromkeys(names, "x"), Settings.model_construct())


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("HUNCH_CHAT_ULR", "HUNCH_CHAT_URL?"),
        ("HUNCH_MODLE", "HUNCH_MODEL?"),
        ("HUNCH_MODELURL", "HUNCH_MODEL_URL?"),
        ("HUNCH_MODEL_TIMEOUT", "HUNCH_MODEL_TIMEOUT_S?"),
        ("HUNCH_DATABASE", "HUNCH_DATABASE_URL?"),
        ("HUNCH_TOKEN", "HUNCH_DISCORD_TOKEN?"),
        ("HUNCH_API_KEY", "HUNCH_CHAT_KEY or HUNCH_MODEL_KEY?"),
        ("hunch_chat_ulr", "HUNCH_CHAT_URL?"),
    ],
)
def test_a_misspelt_name_is_told_with_the_one_that_was_meant(name: str, meant: str) -> None:
    assert told(name) == [f"{name.upper()} is no setting. Did you mean {meant}"]


@pytest.mark.parametrize(
    "name", ["HUNCH_TEST_CLUSTER", "HUNCH_SERVICE_HOST", "HUNCH_PORT_80_TCP_ADDR", "OTHER_MODEL"]
)
def test_another_programs_name_is_left_alone(name: str) -> None:
    assert told(name) == []


def test_each_setting_is_one() -> None:
    names = [f"HUNCH_{name.upper()}" for name in Settings.model_fields]
    assert told(*names, *map(str.lower, names)) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"model": "m"}, ["HUNCH_MODEL needs HUNCH_MODEL_URL"]),
        ({"model_key": "k"}, ["HUNCH_MODEL_KEY needs HUNCH_MODEL_URL"]),
        ({"tokenizer": "t"}, ["HUNCH_TOKENIZER needs HUNCH_MODEL_URL"]),
        ({"kv_events": "tcp://h:1"}, ["HUNCH_KV_EVENTS needs HUNCH_MODEL_URL"]),
        ({"chat_key": "k"}, ["HUNCH_CHAT_KEY needs HUNCH_CHAT_URL"]),
        ({"chat_key": "k", **AT}, ["HUNCH_CHAT_KEY needs HUNCH_CHAT_URL"]),
        ({"chat_model": "m"}, ["HUNCH_CHAT_MODEL needs HUNCH_CHAT_URL or HUNCH_MODEL_URL"]),
        ({"local_model": "m", **AT}, ["HUNCH_LOCAL_MODEL isn't used: the server"]),
        ({"chat_model": "m", **AT}, []),
        ({"chat_key": "k", **CHAT_AT}, []),
        ({"model_key": "k", "tokenizer": "t", **AT}, []),
        ({"local_model": "m", **CHAT_AT}, []),
    ],
)
def test_a_key_to_a_server_that_isnt_named_is_told(given: dict[str, str], says: list[str]) -> None:
    found = unread({}, Settings.model_validate(given))
    assert [one[: len(start)] for one, start in zip(found, says, strict=True)] == says


def test_doctor_and_each_command_tell_it_without_the_key(hunch: Hunch) -> None:
    vain = {"HUNCH_CHAT_KEY": "s3cret", "HUNCH_CHAT_ULR": NOBODY}
    examined, ran = hunch("doctor", **vain), hunch("run", **vain)
    both = (
        "HUNCH_CHAT_ULR is no setting. Did you mean HUNCH_CHAT_URL? HUNCH_CHAT_KEY needs "
        "HUNCH_CHAT_URL: without, it isn't used."
    )
    assert f"FAIL  settings    {both}\n" in examined.out
    assert examined.err == ""
    first, *rest = ran.err.splitlines()
    assert first.endswith(f"[warning  ] {both}")
    assert len(rest) == 1
    assert "s3cret" not in examined.out + ran.err


def test_what_is_set_and_used_is_not_told(hunch: Hunch) -> None:
    ran = hunch("doctor", HUNCH_LOG_LEVEL="error")
    assert "ok    settings    each that is set is used\n" in ran.out
