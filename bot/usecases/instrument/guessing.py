"""Guess before an instrument shows anything: the first time that a learner opens it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.instrument.trial import GuessAtTrial, ShowAtOnce, Trial, TrialGuess, check_owner
from bot.domain.learner import Learner
from bot.usecases.clock import Clock
from bot.usecases.instrument.ports import Instruments, OpenTrials
from bot.usecases.instrument.trials import StartTrial, TrialShown, load_trial
from tools.asking import FirstQuestion
from tools.engine.asker import asking_as


@dataclass(frozen=True, slots=True)
class TrialAsked:
    """An instrument that hasn't been run yet, and what is guessed before it is."""

    trial: Trial
    question: FirstQuestion


@dataclass(frozen=True, slots=True)
class AskFirst:
    """Open an instrument: with a question where this learner meets it for the first time."""

    instruments: Instruments
    open_trials: OpenTrials
    start: StartTrial
    now: Clock

    async def __call__(
        self, instrument: str, chosen: Mapping[str, Any], learner: Learner
    ) -> TrialAsked | TrialShown:
        """Return the question, or what the instrument produced; errors as for `StartTrial`."""
        kept = self.instruments.checked(instrument, chosen)
        async with self.open_trials() as trials:
            is_known = await trials.has_guessed(learner.id, instrument)
            if not is_known:
                await trials.enrol(learner, self.now())
        question = None
        if not is_known:
            with asking_as(learner.id):
                question = await self.instruments.question(instrument, kept)
        if question is None:
            return await self.start(instrument, chosen, learner)
        async with self.open_trials() as trials:
            trial = await trials.open_trial(learner, instrument, kept, self.now())
        return TrialAsked(trial, question)


@dataclass(frozen=True, slots=True)
class GuessTrial:
    """Take the guess, or go without one; then run the instrument. The first guess stands."""

    instruments: Instruments
    open_trials: OpenTrials
    now: Clock

    async def __call__(self, press: GuessAtTrial | ShowAtOnce, learner: Learner) -> TrialShown:
        """Run it, and keep what was guessed once it is known what is right.

        Raises:
            NotYours, StaleClick: the card isn't this learner's, or offers no such thing.
            ToolError: the model gave no usable answer; nothing is kept, the card can be pressed.
        """
        trial = await load_trial(self.open_trials, press.trial_id)
        check_owner(trial, learner.id)
        with asking_as(learner.id):
            options = await self._options(trial, press)
            exhibit = await self.instruments.run(trial.instrument, trial.chosen)
        guess = TrialGuess(trial.id, trial.learner_id, trial.instrument)
        if isinstance(press, GuessAtTrial):
            right = self.instruments.right(trial.instrument, exhibit)
            guess = guess.made(options, press.place, right)
        async with self.open_trials() as trials:
            first = await trials.keep_guess(guess, self.now())
        return TrialShown(trial, exhibit, first)

    async def _options(self, trial: Trial, press: GuessAtTrial | ShowAtOnce) -> tuple[str, ...]:
        if isinstance(press, ShowAtOnce):
            return ()
        question = await self.instruments.question(trial.instrument, trial.chosen)
        return question.options if question else ()
