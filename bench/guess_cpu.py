"""Processor time per press: Hunch against a bare bot that edits the same card without thinking.

Both run in one process, each under a simulated Discord on an event loop of its own, and take
turns: our guess, then its click. What is counted is the processor time of the whole process from
a click to the settled answer; the simulated Discord's own part is the same on both sides.
"""

import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from bench.bare_bot import BareBot
from bench.figure import Figure, of_runs
from bench.stage import Part, Stage
from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot
from tests.fakes.model import FakeEngine

ROUNDS = 5
CLICKS = 60  # learners in a round, each of whom guesses once
WARMING = 5  # learners before the first that counts
GOAL = 2.0  # times the bare bot
STEPS = {"Start": "start", "A": "pick", "sure": "guess", "Next": "next"}


def measure(rounds: int = ROUNDS, clicks: int = CLICKS, warming: int = WARMING) -> list[Figure]:
    """Return the milliseconds of each press, and the ratio that has a goal."""
    costs: dict[str, list[float]] = defaultdict(list)  # of each press, the median of each round
    for _ in range(rounds):
        for press, found in _round(clicks, warming).items():
            costs[press].append(median(found))
    ratios = [ours / bare for ours, bare in zip(costs["sure"], costs["bare"], strict=True)]
    return [
        of_runs("guess: times a bare bot's static card", ratios, "×", GOAL),
        of_runs("guess: bare bot", costs["bare"], "ms"),
        *(of_runs(f"guess: {name}", costs[press], "ms") for press, name in STEPS.items()),
    ]


def _round(clicks: int, warming: int) -> dict[str, list[float]]:
    """Let each learner take the first step, the bare bot's clicked in between; costs in ms."""
    costs: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        card = _card_after_guess()
        with Stage(hunch(folder)) as ours, Stage(BareBot(card)) as bare:
            static = bare.open("card")
            for learner in range(warming + clicks):
                lesson = ours.open("lesson")
                for press in STEPS:
                    cost = ours.click(*lesson, label=press)
                    base = bare.click(*static, custom_id="bare:0")
                    if learner >= warming:
                        costs[press].append(cost)
                        costs["bare"].append(base)
    return costs


def _card_after_guess() -> list[Part]:
    """Return the texts and buttons of the card that a guess leads to."""
    with tempfile.TemporaryDirectory() as folder, Stage(hunch(folder)) as stage:
        actor, card = stage.open("lesson")
        for press in list(STEPS)[:3]:
            stage.click(actor, card, label=press)
        return stage.parts(card)


def hunch(folder: str) -> HunchBot:
    """Build the bot, with its records in a folder and a model that thinks for no time."""
    url = f"sqlite:///{Path(folder) / 'hunch.sqlite'}"
    return build_bot(Settings(database_url=url), FakeEngine())
