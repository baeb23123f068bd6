"""One press: acknowledge, run what it stands for, redraw the card."""

from collections.abc import Iterable, Sequence
from typing import Any, Never, cast

import discord

from bot.domain.errors import StaleClick, UnusableAnswer
from bot.ui.buttons import custom_ids
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.instrument import RunPrompt
from bot.ui.buttons.kinds import Aside, Errand, LeadsBack, Menu, Opens, Weighed, Written
from bot.ui.buttons.lesson import LEADS_ON
from bot.ui.cards.left import opened_below
from bot.ui.edge.acknowledging import acknowledge
from bot.ui.edge.audience import is_alone
from bot.ui.edge.bottom import has_more_below
from bot.ui.edge.failures import failures_shown
from bot.ui.edge.handler import Errands, HandledPress, Handler, MakeWindow, RunErrand, Windows
from bot.ui.edge.live import say_below
from bot.ui.edge.meanwhile import doing_of, meanwhile
from bot.ui.edge.replies import learner_of, show, show_below
from bot.ui.edge.submission import level_of, text_of
from bot.ui.edge.underway import working_on
from tools.errors import BadInput


class Turns:
    """What presses and submitted windows do."""

    def __init__(
        self, handlers: Iterable[Handler[Never]], windows: Windows, errands: Errands
    ) -> None:
        """Remember whose each press is.

        Args:
            handlers: Of the presses that lead to a card; each belongs to one of them.
            windows: Where the presses that are written are written.
            errands: What the presses do that see to their own answers.
        """
        self.handlers, self.windows, self.errands = tuple(handlers), windows, errands
        self._handler_of = {press: each for each in self.handlers for press in each.presses}

    async def press(
        self, interaction: discord.Interaction[Any], custom_id: str, values: Sequence[str]
    ) -> None:
        """Take the press of a button or menu on the message it came from."""
        async with failures_shown(interaction), working_on(interaction):
            press = custom_ids.decode(custom_id)
            if isinstance(press, Written):
                await interaction.response.send_modal(self._window(press)(press))
                return
            is_new = _opens_anew(press, interaction)
            await _acknowledge(interaction, is_new=is_new)
            if is_new:
                await say_below(interaction, custom_id, opened_below())
            if isinstance(press, Menu):
                press = press.chosen(_choice(values))
            await self._take(interaction, press)

    async def submit(self, interaction: discord.Interaction[Any], custom_id: str) -> None:
        """Take what was written in a window."""
        async with failures_shown(interaction), working_on(interaction):
            press = custom_ids.decode(custom_id)
            if not isinstance(press, Written):
                raise StaleClick
            whole = _whole(interaction, press)
            await _acknowledge(interaction, is_new=isinstance(press, Opens))
            if isinstance(press, Opens):
                ran = whole.prompt if isinstance(whole, RunPrompt) else ""
                await say_below(interaction, custom_id, opened_below(ran))
            await self._take(interaction, whole)

    async def _take(
        self, interaction: discord.Interaction[Any], press: HandledPress | Errand
    ) -> None:
        if isinstance(press, Errand):
            await self._errand(press)(interaction, press)
            return
        learner, handler = learner_of(interaction), self._handler(press)
        try:
            async with meanwhile(interaction, doing_of(press)):
                card = await handler.card(press, learner)
        except (StaleClick, UnusableAnswer, BadInput) as refused:
            card = await handler.present(press, learner, refused)
        else:
            if _goes_below(press, interaction):
                await show_below(interaction, card)
                return
        await show(interaction, card)

    # each of these is found by the type of the press, so it takes this press
    def _handler(self, press: HandledPress) -> Handler[HandledPress]:
        return cast(Handler[HandledPress], self._handler_of[type(press)])

    def _errand(self, press: Errand) -> RunErrand[Errand]:
        return cast(RunErrand[Errand], self.errands[type(press)])

    def _window(self, press: Written[Press]) -> MakeWindow[Written[Press]]:
        return cast(MakeWindow[Written[Press]], self.windows[type(press)])


def _goes_below(press: HandledPress, interaction: discord.Interaction[Any]) -> bool:
    """Whether the next card belongs below: it has none yet, and what was pressed isn't done with.

    It isn't where something stands below it by now, or where it was no card of a lesson.
    """
    if interaction.response.type is not discord.InteractionResponseType.deferred_message_update:
        return False
    is_done_with = isinstance(press, LEADS_ON) and has_more_below(interaction)
    return is_done_with or isinstance(press, LeadsBack)


def _whole(interaction: discord.Interaction[Any], press: Written[Any]) -> Any:
    """Return what a submitted window stands for, by the press that opened it."""
    text, level = text_of(interaction), level_of(interaction)
    if isinstance(press, Weighed) and level is not None:
        return press.weighed(text, level)
    return press.written(text)


def _choice(values: Sequence[str]) -> str:
    """Return what was chosen from a menu.

    Raises:
        StaleClick: nothing; somebody made that click up.
    """
    if not values:
        raise StaleClick
    return values[0]


async def _acknowledge(interaction: discord.Interaction[Any], *, is_new: bool) -> None:
    """Answer within Discord's three seconds; nothing slow comes before this."""
    is_awaited = is_new or interaction.message is None
    is_hidden = is_awaited and not is_alone(interaction)
    await acknowledge(interaction, is_awaited=is_awaited, is_hidden=is_hidden)


def _opens_anew(press: Press, interaction: discord.Interaction[Any]) -> bool:
    """Whether a press gets a card of its own: one on a card that the whole channel shares does."""
    if isinstance(press, Aside):
        return True
    message = interaction.message
    is_shared = message is not None and not message.flags.ephemeral
    return isinstance(press, Opens) and is_shared and interaction.guild_id is not None
