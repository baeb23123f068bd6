"""Settings as they are pasted: cleaned, or refused in one line that names the variable.

The class: each way in which a key, an address or a name is spoilt between where it was copied and
the environment. No refusal shows a key or a password.
"""

import pytest

from bot.cli.console import read_settings
from bot.settings import Settings

KEYS = ("HUNCH_DISCORD_TOKEN", "HUNCH_MODEL_KEY", "HUNCH_CHAT_KEY")
SERVERS = ("HUNCH_MODEL_URL", "HUNCH_CHAT_URL")
NEEDED = {"HUNCH_MODEL": "served", "HUNCH_CHAT_MODEL": "served"}
AT = "http://gpu-1:8000/v1"


@pytest.fixture(autouse=True)
def _nothing_else_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HUNCH_{name.upper()}", raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)


def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> str:
    """Return the one line on a setting that can't be used."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        read_settings()
    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert said.err.startswith(f"hunch: A setting can't be used: {name}: ")
    return said.err


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", "  {}\t", "\ufeff{}", "{}\u00a0\u200b\n"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((key, "s3cret") for key in KEYS),
        *((server, AT) for server in SERVERS),
        ("HUNCH_MODEL", "a/model"),
        ("HUNCH_DATABASE_URL", "postgresql://h/db"),
        ("HUNCH_TUTOR", "notes"),
        ("HUNCH_LOG_LEVEL", "debug"),
        ("HUNCH_SHARDS", "3"),
        ("HUNCH_CACHE_DIR", "/var/cache/hunch"),
    ],
)
def test_what_a_file_or_a_paste_adds_is_cut(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, around: str
) -> None:
    monkeypatch.setenv(name, around.format(value))
    found = getattr(Settings(), name.removeprefix("HUNCH_").lower())
    found = found.get_secret_value() if name in KEYS else found
    assert str(found) == value


@pytest.mark.parametrize("name", [f"HUNCH_{name.upper()}" for name in Settings.model_fields])
def test_a_setting_of_blanks_alone_is_unset(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, " \n")
    assert name.removeprefix("HUNCH_").lower() not in Settings().model_fields_set


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("s3crät", "no key has, at place 5"),
        ("s3cret…", "no key has, at place 7"),
        ("s3\ncret", "isn't printable, at place 3"),
        ("s3cret\x7fs", "isn't printable, at place 7"),
        ("s3cret\udcff", "isn't UTF-8"),
        ('"s3cret"', "leave them out"),
        ("Bearer s3cret", "begins with Bearer, which is no part of the key"),
        ("Bot s3cret", "begins with Bot, which is no part of the key"),
    ],
)
def test_a_key_that_cant_be_sent_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    key: str,
    says: str,
) -> None:
    said = refusal(monkeypatch, capsys, name, key)
    assert says in said
    assert "s3cr" not in said


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("gpu-1:8000/v1", "begin with http:// or https://"),
        ("127.0.0.1:8000/v1", "begin with http:// or https://"),
        ("htp://gpu-1/v1", "begin with http:// or https://"),
        ("http:/gpu-1/v1", "begin with http:// or https://"),
        ("http:///v1", "names no host"),
        ("http://:8000/v1", "names no host"),
        ("http://a..b/v1", "names no host"),
        ("http://[::1/v1", "is no address"),
        ("http://gpu-1:99999/v1", "port"),
        ("http://gpu-1:0/v1", "port"),
        ("http://gpu-1:80a/v1", "port"),
        ("http://gpu 1/v1", "a space"),
        ("http://gpu-1\n/v1", "isn't printable"),
        ("'http://gpu-1/v1'", "leave them out"),
        ("http://gpu-1/v1?key=s3cret", "before the ?"),
        ("http://gpu-1/v1/chat/completions", "has to end where the API begins"),
        ("http://me:s3cret@gpu-1:80a/v1", "port"),
    ],
)
def test_a_servers_address_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    address: str,
    says: str,
) -> None:
    said = refusal(monkeypatch, capsys, name, address)
    assert says in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    "address",
    [AT, "http://[::1]:8000/v1", "https://müller.example/v1/", "HTTPS://gpu-1", "http://me:p@h/v1"],
)
def test_an_address_that_can_be_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HUNCH_MODEL_URL", address)
    assert Settings().model_url == address


@pytest.mark.parametrize("address", ["tcp://gpu-1", "gpu-1:5557", "tcp://gpu-1:99999", "tcp://:5"])
def test_a_publishers_address_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert refusal(monkeypatch, capsys, "HUNCH_KV_EVENTS", address)


def test_a_password_that_would_be_taken_for_a_host_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`u:s3@cret@h` was looked up as the host `cret@h`, and told so."""
    said = refusal(monkeypatch, capsys, "HUNCH_DATABASE_URL", "postgresql://u:s3@cret@h/db")
    assert "%40" in said
    assert "cret@" not in said


def test_a_folder_is_found_from_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("HUNCH_COURSE_DIR", "~/course")
    assert str(Settings().course_dir) == "/home/ada/course"


def test_settings_show_no_key_and_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "s3cret")
    for name in SERVERS:
        monkeypatch.setenv(name, "http://me:s3cret@gpu-1/v1")
    monkeypatch.setenv("HUNCH_DATABASE_URL", "postgresql://me:s3cret@h/db")
    assert "s3cret" not in f"{Settings()} {Settings()!r}"
