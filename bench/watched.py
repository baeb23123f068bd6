"""A process that is timed from outside: when it says what, and how much memory it holds."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Watched:
    """A running process; `started` is `time.perf_counter()` just before it began."""

    process: "subprocess.Popen[str]"
    started: float

    def seconds_to(self, words: str) -> float:
        """Read what it says up to a line that begins like this; return the seconds since start."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(words):
                return time.perf_counter() - self.started
        raise RuntimeError(f"it ended without saying {words!r}")


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


@contextmanager
def watched(module: str, *args: str, settings: Mapping[str, str]) -> Iterator[Watched]:
    """Run `python -m module args` with nothing but these settings and a new database."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("HUNCH_")}
    with tempfile.TemporaryDirectory() as folder:
        own = {"HUNCH_DATABASE_URL": f"sqlite:///{folder}/hunch.sqlite"}
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", module, *args],
            cwd=ROOT,
            env=inherited | own | dict(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Watched(process, started)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
