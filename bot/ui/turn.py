"""One press: acknowledge, run what it stands for, redraw the card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.domain.commands import Draft, Explain
from bot.domain.errors import StaleClick, TutorError, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.trial import TurnKnob
from bot.ui import custom_ids
from bot.ui.failures import show_failure
from bot.ui.modals import modal_for, text_of
from bot.ui.presses import (
    Begin,
    ChooseInstrument,
    ChooseLesson,
    Dialled,
    Enter,
    Live,
    OpenHome,
    OpenInstrument,
    OpenInstruments,
    OpenOne,
    Press,
    TryPrompt,
    Write,
    WriteWhy,
)
from bot.ui.replies import learner_of, show
from bot.ui.screens.home import draw_home
from bot.ui.screens.instrument import draw_instrument, draw_instruments
from bot.ui.screens.kit import Card
from bot.ui.screens.lesson import draw
from bot.usecases.catalogue import UseCases
from bot.usecases.lesson import Shown
from bot.usecases.trials import TrialShown
from tools.catalogue import INSTRUMENTS, as_it_comes
from tools.errors import BadInput


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
            if isinstance(press, Write | WriteWhy | TryPrompt | Enter):
                await interaction.response.send_modal(modal_for(press, self.use.course))
                return
            await self._acknowledge(interaction, is_new=_opens_anew(press, interaction))
            await self._play(interaction, _completed(press, values))
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
                    await self._play(interaction, Draft(attempt_id, step, text))
                case WriteWhy(attempt_id, step):
                    await self._play(interaction, Explain(attempt_id, step, text))
                case Enter(trial_id, revision, knob):
                    await self._play(interaction, TurnKnob(trial_id, revision, knob, text))
                case TryPrompt():
                    learner = learner_of(interaction)
                    shown = await self.use.start_trial("nexttoken", {"prompt": text}, learner)
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

    async def _play(self, interaction: discord.Interaction[Any], press: Press) -> None:
        learner = learner_of(interaction)
        try:
            card = await self._card(press, learner)
        except (StaleClick, UnusableAnswer, BadInput) as refused:
            card = await self._present(press, learner, refused)
        await show(interaction, card)

    async def _card(self, press: Press, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenHome():
                return draw_home(await self.use.show_home(learner))
            case OpenOne(slug):
                return draw_shown(await self.use.open_lesson(slug, learner))
            case Begin(slug):
                return draw_shown(await self.use.begin_lesson(slug, learner))
            case Live(attempt_id, step):
                return draw_shown(await self.use.see_live(attempt_id, step, learner))
            case OpenInstruments():
                return draw_instruments(INSTRUMENTS)
            case OpenInstrument(name):
                shown = await self.use.start_trial(name, as_it_comes(name), learner)
                return draw_trial(shown)
            case TurnKnob():
                return draw_trial(await self.use.turn_trial(press, learner))
            case Write() | WriteWhy() | TryPrompt() | Enter():
                raise StaleClick  # these open a window and never come here
            case ChooseLesson() | ChooseInstrument() | Dialled():
                raise StaleClick  # a menu without a choice
            case _:
                return draw_shown(await self.use.take_turn(press, learner))

    async def _present(
        self, press: Press, learner: Learner, refused: TutorError | BadInput
    ) -> Card:
        """Return the card that should stand where a press was refused, with the reason on it.

        Raises:
            TutorError: there is no such card, or it is somebody else's; the words alone will do.
        """
        attempt_id, trial_id = custom_ids.attempt_of(press), custom_ids.trial_of(press)
        if attempt_id is not None:
            present = await self.use.present_card(attempt_id, learner)
            return draw_shown(replace(present, note=str(refused)))
        if trial_id is not None:
            return draw_trial(await self.use.present_trial(trial_id, learner), str(refused))
        raise refused


def draw_shown(shown: Shown) -> Card:
    """Return the card of what a lesson's use case showed."""
    return draw(shown.screen, shown.exhibit, shown.note, can_retry=shown.can_retry)


def draw_trial(shown: TrialShown, note: str | None = None) -> Card:
    """Return the card of an instrument."""
    return draw_instrument(shown.trial, shown.exhibit, note)


def _completed(press: Press, values: Sequence[str]) -> Press:
    """Return what a menu stands for once something is chosen from it."""
    if not values:
        return press
    match press:
        case ChooseLesson():
            return OpenOne(values[0])
        case ChooseInstrument():
            return OpenInstrument(values[0])
        case Dialled(trial_id, revision, knob):
            return TurnKnob(trial_id, revision, knob, values[0])
        case _:
            return press


def _opens_anew(press: Press, interaction: discord.Interaction[Any]) -> bool:
    """Whether a press gets a card of its own: one on a card that the whole channel shares does."""
    is_opener = isinstance(
        press,
        OpenHome
        | OpenOne
        | ChooseLesson
        | Begin
        | OpenInstruments
        | OpenInstrument
        | ChooseInstrument,
    )
    message = interaction.message
    is_shared = message is not None and not message.flags.ephemeral
    return is_opener and is_shared and interaction.guild_id is not None
