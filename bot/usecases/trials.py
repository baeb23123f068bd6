"""The loop by hand: see what could come next, append a token, see again."""

import random
from dataclasses import dataclass

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.trial import (
    Append,
    Sample,
    Trial,
    Turn,
    Undo,
    check_owner,
    check_turn,
    with_token,
    without_last,
)
from bot.usecases.ports import Clock, OpenRecords
from tools.engine.base import Distribution, Engine, Prompt
from tools.engine.prompts import clean_prompt
from tools.instruments.next_token import sample

SAMPLED_FROM = 20


@dataclass(frozen=True, slots=True)
class TrialShown:
    """A loop by hand, and what the model says comes next."""

    trial: Trial
    distribution: Distribution
    drawn: str | None = None  # the token just sampled, and by what chance


@dataclass(frozen=True, slots=True)
class StartTrial:
    """Predict what comes after a learner's own text."""

    engine: Engine
    open_records: OpenRecords
    now: Clock

    async def __call__(self, prompt: str, top: int, learner: Learner) -> TrialShown:
        """Ask the model, and keep the card's state.

        Raises:
            ToolError: the prompt can't be used, or the model gave no usable answer.
        """
        text = clean_prompt(prompt)
        distribution = await self.engine.next_token(Prompt(text), top)
        async with self.open_records() as records:
            trial = await records.open_trial(learner, text, top, self.now())
        return TrialShown(trial, distribution)


@dataclass(frozen=True, slots=True)
class TurnTrial:
    """Append a token, sample one, or take one back."""

    engine: Engine
    open_records: OpenRecords
    now: Clock
    chance: random.Random

    async def __call__(self, turn: Turn, learner: Learner) -> TrialShown:
        """Take one turn; the model is asked before anything is kept, so a failure loses nothing.

        Raises:
            NotYours, StaleClick: the card isn't this learner's, or has moved on.
            UnusableAnswer: it is as long as a card can show.
            ToolError: the model gave no usable answer.
        """
        trial = await load_trial(self.open_records, turn.trial_id)
        check_turn(trial, turn, learner.id)
        after, drawn = await self._after(trial, turn)
        distribution = await self.engine.next_token(prompt_of(after), after.top)
        async with self.open_records() as records:
            if not await records.save_trial(after, self.now()):
                raise StaleClick
        return TrialShown(after, distribution, drawn)

    async def _after(self, trial: Trial, turn: Turn) -> tuple[Trial, str | None]:
        match turn:
            case Append(token_id=token_id):
                return with_token(trial, token_id), None
            case Undo():
                return without_last(trial), None
            case Sample():
                shown = await self.engine.next_token(prompt_of(trial), SAMPLED_FROM)
                drawn = sample(shown, self.chance)
                return with_token(trial, drawn.token.id), drawn.token.text


@dataclass(frozen=True, slots=True)
class PresentTrial:
    """Show a loop by hand as it stands now."""

    engine: Engine
    open_records: OpenRecords

    async def __call__(self, trial_id: int, learner: Learner) -> TrialShown:
        """Return the card's present state.

        Raises:
            NotYours: somebody else opened the card.
            StaleClick: there is no such card any more.
            ToolError: the model gave no usable answer.
        """
        trial = await load_trial(self.open_records, trial_id)
        check_owner(trial, learner.id)
        return TrialShown(trial, await self.engine.next_token(prompt_of(trial), trial.top))


async def load_trial(open_records: OpenRecords, trial_id: int) -> Trial:
    """Load one.

    Raises:
        StaleClick: there is no such card any more.
    """
    async with open_records() as records:
        trial = await records.trial(trial_id)
    if trial is None:
        raise StaleClick("I don't know that card any more. Type `/nexttoken` for a new one.")
    return trial


def prompt_of(trial: Trial) -> Prompt:
    """Return what the model reads."""
    return Prompt(trial.prompt, trial.appended)
