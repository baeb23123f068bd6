"""The bot's process, as an operator would start and stop it."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.run.discord_stub import PATIENCE_S, DiscordStub

ROOT = Path(__file__).parents[2]
CLUSTER = {"HUNCH_MODEL_URL": "http://127.0.0.1:9/v1", "HUNCH_MODEL": "some-model"}  # nobody there


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, what it wrote, and what it had imported by then."""

    code: int
    out: str
    err: str
    modules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Running:
    """`hunch run`, started; what it writes goes into files, so that it never waits to be read."""

    process: Process
    folder: Path

    async def ended(self) -> Ended:
        """Wait for the end."""
        code = await asyncio.wait_for(self.process.wait(), PATIENCE_S)
        modules = self.folder / "modules"
        names = modules.read_text("utf-8").split() if modules.exists() else ()
        return Ended(code, self.read("out"), self.read("err"), frozenset(names))

    async def stopped(self, signal: int) -> Ended:
        """Send a signal and wait for the end."""
        self.process.send_signal(signal)
        return await self.ended()

    async def logged(self, words: str) -> str:
        """Wait until the log says something, and return the log."""
        async with asyncio.timeout(PATIENCE_S):
            while words not in self.read("err"):
                if self.process.returncode is not None:
                    raise AssertionError(f"ended without {words!r}:\n{self.read('err')}")
                await asyncio.sleep(0.02)
        return self.read("err")

    def read(self, name: str) -> str:
        """Return what was written so far to "out" or "err"."""
        return (self.folder / name).read_text("utf-8")


@asynccontextmanager
async def hunch_run(
    folder: Path, stub: DiscordStub, settings: Mapping[str, str] = CLUSTER
) -> AsyncIterator[Running]:
    """Start `hunch run` against a stand-in, with nothing but these settings; leave none behind."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("HUNCH_")}
    env = inherited | {
        "STUB_DISCORD_URL": stub.url,
        "STUB_GATEWAY_URL": stub.gateway,
        "STUB_MODULES_FILE": str(folder / "modules"),
        "HUNCH_DATABASE_URL": f"sqlite:///{folder}/hunch.sqlite",
        "HUNCH_DISCORD_TOKEN": "a.test.token",
        **settings,
    }
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.run.launch", "run"),
            cwd=ROOT,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
    try:
        yield Running(process, folder)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
