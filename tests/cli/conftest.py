"""The command, as an operator types it: a process, its two streams and its exit code."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def hunch(database: Path) -> Hunch:
    """Run `hunch` with some arguments and settings, and nothing else set."""

    def run(*args: str | bytes, **settings: str) -> Ran:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("HUNCH_")}
        own = {"HUNCH_DATABASE_URL": f"sqlite:///{database}"}
        if cache := os.environ.get("HUNCH_CACHE_DIR"):
            own["HUNCH_CACHE_DIR"] = cache  # where the model is, if not in the usual place
        ended = subprocess.run(
            [sys.executable, "-m", "bot", *args],
            cwd=ROOT,
            env=inherited | own | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return Ran(ended.returncode, ended.stdout, ended.stderr)

    return run
