"""Run the unchanged `hunch` command, with Discord's address turned to the stand-in.

python -m tests.run.launch run      with STUB_DISCORD_URL and STUB_GATEWAY_URL in the environment.
With STUB_LOOP, event loops take no signals. At the end, the names of all imported modules go to the
file that STUB_MODULES_FILE names.
"""

import asyncio
import atexit
import os
import sys
from pathlib import Path

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.__main__ import main


def _point_to_the_stub() -> None:
    Route.BASE = os.environ["STUB_DISCORD_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["STUB_GATEWAY_URL"])


def _take_the_loop_its_signals() -> None:
    """Let event loops be as on Windows, which take no signal handlers."""
    asyncio.SelectorEventLoop.add_signal_handler = (  # type: ignore[method-assign]
        asyncio.AbstractEventLoop.add_signal_handler
    )


def _write_modules() -> None:
    Path(os.environ["STUB_MODULES_FILE"]).write_text("\n".join(sys.modules), encoding="utf-8")


if __name__ == "__main__":
    _point_to_the_stub()
    if "STUB_LOOP" in os.environ:
        _take_the_loop_its_signals()
    atexit.register(_write_modules)
    main()
