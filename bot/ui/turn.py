"""One press: acknowledge, run what it stands for, redraw the card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.domain.commands import Draft, Explain
from bot.domain.errors import StaleClick, TutorError, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.trial import Append, Sample, Undo
from bot.ui import custom_ids
from bot.ui.failures import show_failure
from bot.ui.modals import modal_for, text_of
from bot.ui.presses import (
    Begin,
    ChooseLesson,
    Live,
    OpenHome,
    OpenOne,
    Pick,
    Press,
    RawCall,
    TryPrompt,
    Write,
    WriteWhy,
)
from bot.ui.replies import learner_of, show
from bot.ui.screens.home import draw_home
from bot.ui.screens.lesson import draw
from bot.ui.screens.next_token import draw_next_token, draw_raw_call
from bot.usecases.catalogue import UseCases
from bot.usecases.lesson import Shown
from bot.usecases.trials import TrialShown

DEFAULT_TOP = 8


@dataclass(frozen=True, slots=True)
class Turns:
    """What presses and submitted windows do."""

    use: UseCases

    async def press(
        self, interaction: discord.Interaction[Any], custom_id: str, values: Sequence[str]
    ) -> None:
        """Play the press of a button or menu on the message it came from."""
        try:
            press = custom_ids.decode(custom_id)
            if isinstance(press, Write | WriteWhy | TryPrompt):
                await interaction.response.send_modal(modal_for(press, self.use.course))
                return
            await self._acknowledge(interaction, is_new=_opens_anew(press, interaction))
            await self._play(interaction, press, values)
        except Exception as error:  # noqa: BLE001 - the edge: every failure is shown
            await show_failure(interaction, error)

    async def submit(self, interaction: discord.Interaction[Any], custom_id: str) -> None:
        """Take what was written in a window."""
        try:
            press = custom_ids.decode(custom_id)
            text = text_of(interaction)
            await self._acknowledge(interaction, is_new=isinstance(press, TryPrompt))
            match press:
                case Write(attempt_id, step):
                    await self._play(interaction, Draft(attempt_id, step, text), ())
                case WriteWhy(attempt_id, step):
                    await self._play(interaction, Explain(attempt_id, step, text), ())
                case TryPrompt():
                    learner = learner_of(interaction)
                    shown = await self.use.start_trial(text, DEFAULT_TOP, learner)
                    await show(interaction, draw_trial(shown))
                case _:
                    raise StaleClick
        except Exception as error:  # noqa: BLE001 - the edge: every failure is shown
            await show_failure(interaction, error)

    async def _acknowledge(self, interaction: discord.Interaction[Any], *, is_new: bool) -> None:
        """Answer within Discord's three seconds; nothing slow comes before this."""
        if is_new or interaction.message is None:
            await interaction.response.defer(ephemeral=True, thinking=True)
        else:
            await interaction.response.defer()

    async def _play(
        self, interaction: discord.Interaction[Any], press: Press, values: Sequence[str]
    ) -> None:
        learner = learner_of(interaction)
        try:
            view = await self._view(press, values, learner)
        except (StaleClick, UnusableAnswer) as refused:
            view = await self._present(press, learner, refused)
        await show(interaction, view)

    async def _view(self, press: Press, values: Sequence[str], learner: Learner) -> ui.LayoutView:
        """Return the card that a press leads to."""
        match press:
            case OpenHome():
                return draw_home(await self.use.show_home(learner))
            case OpenOne(slug):
                return draw_shown(await self.use.open_lesson(slug, learner))
            case ChooseLesson():
                return draw_shown(await self.use.open_lesson(_one(values), learner))
            case Begin(slug):
                return draw_shown(await self.use.begin_lesson(slug, learner))
            case Live(attempt_id, step):
                return draw_shown(await self.use.see_live(attempt_id, step, learner))
            case Append() | Sample() | Undo():
                return draw_trial(await self.use.turn_trial(press, learner))
            case Pick(trial_id, revision):
                turn = Append(trial_id, revision, _token_id(values))
                return draw_trial(await self.use.turn_trial(turn, learner))
            case RawCall(trial_id):
                shown = await self.use.present_trial(trial_id, learner)
                return draw_raw_call(shown.trial, shown.distribution, self.use.server_url)
            case Write() | WriteWhy() | TryPrompt():
                raise StaleClick  # these open a window and never come here
            case _:
                return draw_shown(await self.use.take_turn(press, learner))

    async def _present(self, press: Press, learner: Learner, refused: TutorError) -> ui.LayoutView:
        """Return the card that should stand where a press was refused, with the reason on it.

        Raises:
            TutorError: there is no such card, or it is somebody else's; the words alone will do.
        """
        attempt_id, trial_id = custom_ids.attempt_of(press), custom_ids.trial_of(press)
        if attempt_id is not None:
            present = await self.use.present_card(attempt_id, learner)
            return draw_shown(replace(present, note=str(refused)))
        if trial_id is not None:
            return draw_trial(await self.use.present_trial(trial_id, learner), note=str(refused))
        raise refused


def _opens_anew(press: Press, interaction: discord.Interaction[Any]) -> bool:
    """Whether a press gets a card of its own: one on a card that the whole channel shares does."""
    if isinstance(press, RawCall):
        return True
    is_opener = isinstance(press, OpenHome | OpenOne | ChooseLesson | Begin)
    message = interaction.message
    is_shared = message is not None and not message.flags.ephemeral
    return is_opener and is_shared and interaction.guild_id is not None


def draw_shown(shown: Shown) -> ui.LayoutView:
    """Return the card of what a lesson's use case showed."""
    return draw(shown.screen, shown.exhibit, shown.note, can_retry=shown.can_retry)


def draw_trial(shown: TrialShown, note: str | None = None) -> ui.LayoutView:
    """Return the card of a loop by hand."""
    return draw_next_token(shown.trial, shown.distribution, shown.drawn, note)


def _one(values: Sequence[str]) -> str:
    if not values:
        raise StaleClick
    return values[0]


def _token_id(values: Sequence[str]) -> int:
    text = _one(values)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise StaleClick
    return int(text)
