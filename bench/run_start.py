"""`hunch run` against stand-ins for Discord and a model server: seconds to ready, and memory."""

import asyncio
import signal
import tempfile
from pathlib import Path

from bench.figure import Figure, of_runs
from bench.watched import resident_mb
from tests.fakes import servers
from tests.journeys.player import AT_ONCE, parts_of
from tests.run import payloads
from tests.run.discord_stub import DiscordStub, serving
from tests.run.process import hunch_run

RUNS = 5
MODEL_LIBRARIES = frozenset({"torch", "transformers"})


def measure(runs: int = RUNS) -> list[Figure]:
    """Return the seconds from login to ready, the memory then, and whether torch was there."""
    found = [asyncio.run(_run()) for _ in range(runs)]
    seconds, idle, served, libraries = zip(*found, strict=True)
    return [
        of_runs("run: login to ready", seconds, "s", 2),
        of_runs("run: resident when ready", idle, "MB", 200),
        of_runs("run: resident after a lesson card and a distribution", served, "MB", 200),
        of_runs("run: model libraries imported", libraries, "of 2", 0),
    ]


async def _run() -> tuple[float, float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        async with servers.serving() as model, serving(DiscordStub()) as discord:
            servers.honest(model)
            settings = {"HUNCH_MODEL_URL": model.base_url, "HUNCH_MODEL": "served"}
            async with hunch_run(Path(folder), discord, settings) as running:
                await discord.until(lambda: discord.identified)
                await running.logged("ready")
                seconds = discord.ready_at - (await discord.request("GET", "/users/@me")).at
                idle = resident_mb(running.process.pid)
                await _use(discord)
                served = resident_mb(running.process.pid)
                ended = await running.stopped(signal.SIGTERM)
    return seconds, idle, served, len(ended.modules & MODEL_LIBRARIES)


async def _use(discord: DiscordStub) -> None:
    """Let a learner open the lesson and ask for a distribution."""
    await discord.answer_to(await discord.interact(payloads.slash("lesson")))
    option = {"name": "prompt", "type": 3, "value": "The cat sat on the"}
    asked = payloads.slash("nexttoken", option)
    card = await discord.answer_to(await discord.interact(asked))
    drawn = parts_of(card.body["components"])
    at_once = next(p["custom_id"] for p in drawn if p.get("label") == AT_ONCE)
    await discord.answer_to(await discord.interact(payloads.press(at_once)))
