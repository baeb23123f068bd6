"""Where learners stand in these journeys."""

import re
from collections.abc import Callable

from bot.ui.client import HunchBot
from tests.journeys.player import Player

_LISTED = re.compile(r"^\*\*([A-E])\*\*  (.*)$", re.MULTILINE)

Restart = Callable[[], HunchBot]


def shown(player: Player) -> dict[str, str]:
    """Return the letters of the card by what stands beside them."""
    return {text: letter for letter, text in _LISTED.findall(player.text)}
