"""The unchanged `hunch play`, which asks its model for one distribution as soon as the page stands.

Run by `play_start`; says "Answered" when the distribution is there.
"""

import asyncio
import sys
from collections.abc import Callable

import bot.cli.play
from bot.__main__ import main
from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot
from bot.wiring.engines import build_engine
from tools.engine.base import Engine, Prompt

_engines: list[Engine] = []
_asking: set[asyncio.Task[None]] = set()
_play = bot.cli.play.serve


async def _probed(settings: Settings, port: int, say: Callable[[str], None]) -> None:
    def tell(text: str) -> None:
        say(text)
        sys.stdout.flush()
        if text.startswith("Open"):
            _asking.add(asyncio.create_task(_ask(say)))

    await _play(settings, port, tell)


async def _ask(say: Callable[[str], None]) -> None:
    distribution = await _engines[0].next_token(Prompt("The cat sat on the"), 8)
    say(f"Answered {distribution.top[0].token.text!r}")
    sys.stdout.flush()


def _build_bot(settings: Settings) -> HunchBot:
    _engines.append(build_engine(settings))
    return build_bot(settings, _engines[0])


if __name__ == "__main__":
    bot.cli.play.serve = _probed
    bot.cli.play.build_bot = _build_bot  # type: ignore[attr-defined, assignment]
    sys.argv[1:] = ["play"]
    main()
