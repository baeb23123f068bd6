"""One press: acknowledge, run what it stands for, redraw the card."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import discord

from bot.domain.errors import StaleClick, UnusableAnswer
from bot.ui.buttons import custom_ids
from bot.ui.buttons.kinds import Aside, Menu, Opens, Written
from bot.ui.edge.failures import show_failure
from bot.ui.edge.handler import Play
from bot.ui.edge.replies import is_alone, learner_of, show
from bot.ui.edge.submission import text_of
from tools.errors import BadInput

Act = Callable[[discord.Interaction[Any], Any], Awaitable[None]]


class Turns:
    """What presses and submitted windows do."""

    def __init__(self, plays: Iterable[Play], acts: Mapping[type, Act]) -> None:
        """Take the areas; each press belongs to one of them, or sees to its card itself."""
        self._play_of = {press: play for play in plays for press in play.presses}
        self._acts = acts

    async def press(
        self, interaction: discord.Interaction[Any], custom_id: str, values: Sequence[str]
    ) -> None:
        """Play the press of a button or menu on the message it came from."""
        try:
            press = custom_ids.decode(custom_id)
            if isinstance(press, Written):
                await interaction.response.send_modal(self._of(press).window(press))
                return
            await _acknowledge(interaction, is_new=_opens_anew(press, interaction))
            chosen = press.chosen(values[0]) if isinstance(press, Menu) and values else press
            await self._play(interaction, chosen)
        except Exception as error:  # noqa: BLE001 - the edge: every failure is shown
            await show_failure(interaction, error)

    async def submit(self, interaction: discord.Interaction[Any], custom_id: str) -> None:
        """Take what was written in a window."""
        try:
            press = custom_ids.decode(custom_id)
            if not isinstance(press, Written):
                raise StaleClick
            await _acknowledge(interaction, is_new=isinstance(press, Opens))
            await self._play(interaction, press.written(text_of(interaction)))
        except Exception as error:  # noqa: BLE001 - the edge: every failure is shown
            await show_failure(interaction, error)

    async def _play(self, interaction: discord.Interaction[Any], press: Any) -> None:
        if act := self._acts.get(type(press)):
            await act(interaction, press)
            return
        learner, play = learner_of(interaction), self._of(press)
        try:
            card = await play.card(press, learner)
        except (StaleClick, UnusableAnswer, BadInput) as refused:
            card = await play.present(press, learner, refused)
        await show(interaction, card)

    def _of(self, press: Any) -> Play:
        return self._play_of[type(press)]


async def _acknowledge(interaction: discord.Interaction[Any], *, is_new: bool) -> None:
    """Answer within Discord's three seconds; nothing slow comes before this."""
    if is_new or interaction.message is None:
        await interaction.response.defer(ephemeral=not is_alone(interaction), thinking=True)
    else:
        await interaction.response.defer()


def _opens_anew(press: Any, interaction: discord.Interaction[Any]) -> bool:
    """Whether a press gets a card of its own: one on a card that the whole channel shares does."""
    if isinstance(press, Aside):
        return True
    message = interaction.message
    is_shared = message is not None and not message.flags.ephemeral
    return isinstance(press, Opens) and is_shared and interaction.guild_id is not None
