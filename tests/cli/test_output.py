"""Output that isn't UTF-8: every sign is written, or told by its number; nothing crashes.

The class: each encoding that a terminal, a pipe or a Windows console may have, by each way in
which the command line writes.
"""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

from bot import __main__
from bot.cli.plain import write_plainly
from tests.cli.conftest import ROOT

ENCODINGS = ("cp1252", "cp437", "latin-1", "ascii", "koi8-r", "utf-8", "utf-16")
EVERY_SIGN = "−…·×→␣⏎Σ█▌ naïve café 猫 🙂 \u202e \udcff"


@contextmanager
def writing(encoding: str) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Make standard output and standard error as strict as can be."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, "strict") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        yield out, err


def text_of(stream: io.TextIOWrapper) -> str:
    """Return what was written, which its encoding can read; typer takes ASCII for a mistake."""
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8" if stream.encoding == "ascii" else stream.encoding)


encodings = pytest.mark.parametrize("encoding", ENCODINGS)


@encodings
@pytest.mark.parametrize(
    "words",
    [
        ("instruments",),
        ("--help",),
        ("lessons", "keys"),
        ("softmax", "--temperature", "0.7"),
        ("nexttoken", "naïve 猫 \udcff"),
        ("no-such-command-猫",),
        ("db", "downgrade", "猫\udcff"),
    ],
    ids=lambda words: words[0],
)
def test_every_way_of_writing_ends_without_a_crash(
    monkeypatch: pytest.MonkeyPatch, encoding: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.argv", ["hunch", *words])
    with writing(encoding) as written, pytest.raises(SystemExit) as ended:
        __main__.main()
    said = "".join(map(text_of, written))
    assert ended.value.code in (0, 1, 2)
    assert said.endswith("\n")
    assert "\ufffd" not in said


@encodings
def test_no_sign_is_lost(encoding: str) -> None:
    with writing(encoding) as written:
        write_plainly()
        for stream in written:
            print(EVERY_SIGN, file=stream)
            said = text_of(stream)
            assert "猫" in said or "\\u732b" in said
            assert "🙂" in said or "\\U0001f642" in said
            assert "\\udcff" in said  # half a character is in no encoding
            assert "?" not in said


def test_our_own_signs_have_plain_twins() -> None:
    with writing("koi8-r") as (out, _):
        write_plainly()
        print("−1 … 2 × 3 → ▊ 4\u202f096", file=out)
        assert text_of(out) == "-1 ... 2 x 3 -> # 4 096\n"


@pytest.mark.parametrize(
    "terminal",
    [{"PYTHONIOENCODING": "cp1252:strict"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}],
    ids=["a Windows console", "no locale"],
)
def test_a_process_writes_there_too(terminal: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "instruments"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "0"} | terminal,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"nexttoken" in ended.stdout
