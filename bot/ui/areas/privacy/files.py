"""Hand a learner's own data over, as files that only they see."""

import io
from functools import partial
from typing import Any

import discord

from bot.ui.buttons.privacy import TakeMyData
from bot.ui.cards.privacy import mydata_text
from bot.ui.edge.audience import is_alone
from bot.ui.edge.handler import Errands
from bot.ui.edge.replies import answer, learner_of
from bot.usecases.privacy.own_data import OwnData


class OwnDataFiles:
    """Everything that is held about a person, for their eyes only."""

    def __init__(self, own: OwnData) -> None:
        self._own = own

    @property
    def errands(self) -> Errands:
        """What presses do that see to their own answers."""
        return {TakeMyData: self._hand_over}

    async def mydata(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a command with the files."""
        await answer(interaction, partial(self._hand_over, interaction, TakeMyData()))

    async def _hand_over(self, interaction: discord.Interaction[Any], press: TakeMyData) -> None:
        summary, parts = await self._own.hand_over(learner_of(interaction))
        files = [_file(part, number, len(parts)) for number, part in enumerate(parts, 1)]
        text = mydata_text(summary)
        await interaction.edit_original_response(content=text, attachments=files[:1])
        for file in files[1:]:
            await interaction.followup.send(file=file, ephemeral=not is_alone(interaction))


def _file(part: bytes, number: int, of: int) -> discord.File:
    name = "hunch-my-data.json" if of == 1 else f"hunch-my-data-{number}-of-{of}.json"
    return discord.File(io.BytesIO(part), name)
