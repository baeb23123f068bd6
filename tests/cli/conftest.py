"""The command, as an operator types it: a process, its two streams and its exit code."""

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
NOBODY = "http://127.0.0.1:9/v1"  # the discard port: nobody listens


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on what is wrong; fails where there is more, less or a traceback."""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("hunch: "), self.err
        return self.err.strip()


Hunch = Callable[..., Ran]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the commands of a test keep their records."""
    return tmp_path / "records" / "hunch.sqlite"


class Warm:
    """Runs commands in forks of one process that has everything imported; see `warm.py`."""

    def __init__(self, folder: Path) -> None:
        self.out, self.err = folder / "out", folder / "err"
        self.process = subprocess.Popen(
            (sys.executable, "-m", "tests.cli.warm"),
            cwd=ROOT,
            env=bare(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = selectors.DefaultSelector()
        self.ready.register(self.process.stdout or sys.stdin, selectors.EVENT_READ)

    def run(self, args: tuple[str | bytes, ...], env: dict[str, str]) -> Ran:
        """Run a command to its end."""
        assert self.process.stdin
        assert self.process.stdout
        for file in (self.out, self.err):
            file.write_bytes(b"")
        words = [os.fsdecode(word) for word in args]
        asked = {"args": words, "env": env, "out": str(self.out), "err": str(self.err)}
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        assert self.ready.select(PATIENCE_S), f"{args} doesn't end: {self.err.read_text('utf-8')}"
        code = int(self.process.stdout.readline())
        return Ran(code, self.out.read_text("utf-8"), self.err.read_text("utf-8"))


def bare() -> dict[str, str]:
    """Return this process's environment without settings of ours."""
    return {k: v for k, v in os.environ.items() if not k.startswith("HUNCH_")}


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """Start what runs the commands; once, since it imports for seconds."""
    one = Warm(tmp_path_factory.mktemp("warm"))
    with one.process as process:
        yield one
        process.kill()


@pytest.fixture
def hunch(database: Path, warm: Warm) -> Hunch:
    """Run `hunch` with some arguments and settings, and nothing else set."""

    def run(*args: str | bytes, **settings: str) -> Ran:
        own = {"HUNCH_DATABASE_URL": f"sqlite:///{database}"}
        if cache := os.environ.get("HUNCH_CACHE_DIR"):
            own["HUNCH_CACHE_DIR"] = cache  # where the model is, if not in the usual place
        env = bare() | own | settings
        ended = afresh(args, env) if "PYTHONPATH" in settings else warm.run(args, env)
        assert "Traceback" not in ended.err, ended.err
        return ended

    return run


def afresh(args: tuple[str | bytes, ...], env: dict[str, str]) -> Ran:
    """Run a command in a process of its own, which imports what it finds."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)
