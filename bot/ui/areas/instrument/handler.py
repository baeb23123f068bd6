"""Instruments: open one, turn its knobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never, get_args

from bot.domain.instrument.trial import GuessAtTrial, ShowAtOnce, TurnKnob
from bot.domain.learner import Learner
from bot.ui.areas.instrument.windows import knob_window, prompt_window
from bot.ui.buttons.instrument import (
    Enter,
    HandledInstrumentPress,
    OpenInstrument,
    OpenInstruments,
    RunPrompt,
    TryPrompt,
)
from bot.ui.cards.asked import draw_asked
from bot.ui.cards.instrument import draw_instruments
from bot.ui.cards.kit import Card
from bot.ui.edge.drawn import draw_trial
from bot.ui.edge.glossary import prompt_kept
from bot.ui.edge.handler import Refusal, Windows
from bot.usecases.catalogue import UseCases
from bot.usecases.instrument.guessing import TrialAsked
from tools.catalogue import INSTRUMENTS, as_it_comes

NEXT_TOKEN = "nexttoken"
INSTRUMENT_WINDOWS: Windows = {Enter: knob_window, TryPrompt: prompt_window}


@dataclass(frozen=True, slots=True)
class InstrumentHandler:
    """Instruments in a learner's hands."""

    use: UseCases

    presses = frozenset(get_args(HandledInstrumentPress))

    async def card(self, press: HandledInstrumentPress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenInstruments():
                return draw_instruments(INSTRUMENTS)
            case OpenInstrument(name):
                return await trial_card(self.use, name, as_it_comes(name), learner)
            case RunPrompt(prompt):
                chosen = {"prompt": prompt}  # from a lesson, where the guess was made
                return await trial_card(self.use, NEXT_TOKEN, chosen, learner, asks=False)
            case TurnKnob():
                chosen = {"prompt": press.value} if press.knob == "prompt" else {}
                kept = await prompt_kept(self.use, chosen, learner)
                return kept or draw_trial(await self.use.turn_trial(press, learner))
            case GuessAtTrial() | ShowAtOnce():
                return draw_trial(await self.use.guess_trial(press, learner))
            case _:
                assert_never(press)

    async def present(
        self, press: HandledInstrumentPress, learner: Learner, refused: Refusal
    ) -> Card:
        """Return the instrument's card as it stands, with the reason on it."""
        if not isinstance(press, TurnKnob):
            raise refused
        return draw_trial(await self.use.present_trial(press.trial_id, learner), str(refused))


async def trial_card(
    use: UseCases,
    instrument: str,
    chosen: Mapping[str, Any],
    learner: Learner,
    *,
    asks: bool = True,
) -> Card:
    """Return the card of an instrument; of a step, where its very answer would be shown.

    Args:
        use: What a person can do.
        instrument: Which.
        chosen: Its parameters.
        learner: Who opens it.
        asks: Whether they guess first, where they meet it for the first time.

    Raises:
        TutorError, ToolError: it can't be run; the text says what to do.
    """
    if instrument == NEXT_TOKEN and (kept := await prompt_kept(use, chosen, learner)):
        return kept
    opened = await (use.open_trial if asks else use.start_trial)(instrument, chosen, learner)
    if isinstance(opened, TrialAsked):
        return draw_asked(opened.trial, opened.question)
    return draw_trial(opened)
