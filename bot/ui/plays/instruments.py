"""Instruments: open one, turn its knobs."""

from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.trial import TurnKnob
from bot.ui.plays.play import Refusal
from bot.ui.presses.instruments import (
    ChooseInstrument,
    Dialled,
    Enter,
    OpenInstrument,
    OpenInstruments,
    RunPrompt,
    TryPrompt,
)
from bot.ui.presses.kinds import Written
from bot.ui.screens.instrument import draw_instrument, draw_instruments
from bot.ui.screens.kit import Card
from bot.ui.windows.knob import knob_window, prompt_window
from bot.usecases.catalogue import UseCases
from bot.usecases.trials import TrialShown
from tools.catalogue import INSTRUMENTS, as_it_comes


@dataclass(frozen=True, slots=True)
class InstrumentPlay:
    """Instruments in a learner's hands."""

    use: UseCases

    presses = frozenset(
        {
            OpenInstruments,
            OpenInstrument,
            ChooseInstrument,
            TurnKnob,
            Dialled,
            Enter,
            TryPrompt,
            RunPrompt,
        }
    )

    async def card(self, press: Any, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenInstruments():
                return draw_instruments(INSTRUMENTS)
            case OpenInstrument(name):
                return draw_trial(await self.use.start_trial(name, as_it_comes(name), learner))
            case RunPrompt(prompt):
                chosen = {"prompt": prompt}
                return draw_trial(await self.use.start_trial("nexttoken", chosen, learner))
            case TurnKnob():
                return draw_trial(await self.use.turn_trial(press, learner))
            case _:
                raise StaleClick  # a menu without a choice, a window without a text

    async def present(self, press: Any, learner: Learner, refused: Refusal) -> Card:
        """Return the instrument's card as it stands, with the reason on it."""
        if not isinstance(press, TurnKnob):
            raise refused
        return draw_trial(await self.use.present_trial(press.trial_id, learner), str(refused))

    def window(self, press: Written) -> ui.Modal:
        """Return the window for a knob's value, or for a prompt."""
        return knob_window(press) if isinstance(press, Enter) else prompt_window(press)


def draw_trial(shown: TrialShown, note: str | None = None) -> Card:
    """Return the card of an instrument."""
    return draw_instrument(shown.trial, shown.exhibit, note)
