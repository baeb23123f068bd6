"""An instrument in a learner's hands: open it, turn its knobs, look again."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import StaleClick
from bot.domain.instrument.trial import (
    Trial,
    TrialGuess,
    TurnKnob,
    check_owner,
    check_turn,
    turned,
)
from bot.domain.learner import Learner
from bot.usecases.clock import Clock
from bot.usecases.instrument.ports import Instruments, OpenTrials
from tools.engine.asker import asking_as
from tools.exhibit.exhibit import Exhibit
from tools.instrument import Turning


@dataclass(frozen=True, slots=True)
class TrialShown:
    """An instrument's card: its state, what it produced, and what had just been guessed."""

    trial: Trial
    exhibit: Exhibit
    guess: TrialGuess | None = None


@dataclass(frozen=True, slots=True)
class StartTrial:
    """Open an instrument."""

    instruments: Instruments
    open_trials: OpenTrials
    now: Clock

    async def __call__(
        self, instrument: str, chosen: Mapping[str, Any], learner: Learner
    ) -> TrialShown:
        """Run the instrument, and keep the card's state.

        The learner is remembered before it runs, not after: who has everything about them deleted
        while it runs stays deleted.

        Raises:
            ToolError: a parameter can't be used, or the model gave no usable answer.
            TutorError: the learner was deleted meanwhile; nothing is kept.
        """
        kept = self.instruments.checked(instrument, chosen)
        async with self.open_trials() as trials:
            await trials.enrol(learner, self.now())
        with asking_as(learner.id):
            exhibit = await self.instruments.run(instrument, kept)
        async with self.open_trials() as trials:
            trial = await trials.open_trial(learner, instrument, kept, self.now())
        return TrialShown(trial, exhibit)


@dataclass(frozen=True, slots=True)
class KeepTrial:
    """Keep what was run for a learner, so that they can take it up and turn its knobs."""

    open_trials: OpenTrials
    now: Clock

    async def __call__(self, instrument: str, chosen: Mapping[str, Any], learner: Learner) -> Trial:
        """Keep an instrument with checked parameters; nothing is run.

        Raises:
            TutorError: the learner was deleted meanwhile; nothing is kept.
        """
        async with self.open_trials() as trials:
            return await trials.open_trial(learner, instrument, chosen, self.now())


@dataclass(frozen=True, slots=True)
class TurnTrial:
    """Turn a knob."""

    instruments: Instruments
    open_trials: OpenTrials
    now: Clock
    dice: random.Random

    async def __call__(self, turn: TurnKnob, learner: Learner) -> TrialShown:
        """Take one turn; the model is asked before anything is kept, so a failure loses nothing.

        Raises:
            NotYours, StaleClick: the card isn't this learner's, or has moved on.
            ToolError: the value can't be used, or the model gave no usable answer.
        """
        trial = await load_trial(self.open_trials, turn.trial_id)
        check_turn(trial, turn, learner.id)
        turning = Turning(turn.knob, turn.value, self.dice)
        with asking_as(learner.id):
            chosen = await self.instruments.turned(trial.instrument, trial.chosen, turning)
            after = turned(trial, chosen)
            exhibit = await self.instruments.run(after.instrument, after.chosen)
        async with self.open_trials() as trials:
            if not await trials.save_trial(after, self.now()):
                raise StaleClick
        return TrialShown(after, exhibit)


@dataclass(frozen=True, slots=True)
class PresentTrial:
    """Show an instrument's card as it stands now."""

    instruments: Instruments
    open_trials: OpenTrials

    async def __call__(self, trial_id: int, learner: Learner) -> TrialShown:
        """Return the card's present state.

        Raises:
            NotYours: somebody else opened the card.
            StaleClick: there is no such card any more.
            ToolError: the model gave no usable answer.
        """
        trial = await load_trial(self.open_trials, trial_id)
        check_owner(trial, learner.id)
        with asking_as(learner.id):
            return TrialShown(trial, await self.instruments.run(trial.instrument, trial.chosen))


async def load_trial(open_trials: OpenTrials, trial_id: int) -> Trial:
    """Load one.

    Raises:
        StaleClick: there is no such card any more.
    """
    async with open_trials() as trials:
        trial = await trials.trial(trial_id)
    if trial is None:
        raise StaleClick("I don't know that card any more. Type `/more instruments` for a new one.")
    return trial
