"""Give a class's report, and flashcards, as files in an answer that only one person sees."""

import io
from collections.abc import Sequence
from functools import partial
from typing import Any

import discord

from bot.ui.buttons.classroom import TakeCards, TakeReport
from bot.ui.edge.handler import Errands
from bot.ui.edge.replies import answer, learner_of
from bot.usecases.classroom.classroom import Classroom

LARGEST = 10 * 1024 * 1024  # bytes of a message's files
_REPORT = (
    "Open `class.html` in a browser: it needs no connection. `guesses.csv` is for a spreadsheet,"
    " `xapi.jsonl` for a learning record store."
)
_CARDS = "Open this in Anki. Take it again later: it updates the cards and keeps your reviews."
_TOO_BIG = "\n{} is too large for Discord; whoever runs the bot can make it with `hunch report`."

NamedFile = tuple[str, bytes]


class ClassroomFiles:
    """Makes files and hands them over."""

    def __init__(self, use: Classroom) -> None:
        self._use = use

    @property
    def errands(self) -> Errands:
        """What presses do that see to their own answers."""
        return {TakeReport: self._report, TakeCards: self._cards}

    async def report(self, interaction: discord.Interaction[Any], *, has_names: bool) -> None:
        """Answer a command with the report."""
        press = TakeReport(has_names)
        await answer(interaction, partial(self._report, interaction, press), is_private=True)

    async def cards(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a command with flashcards."""
        await answer(interaction, partial(self._cards, interaction, TakeCards()))

    async def _cards(self, interaction: discord.Interaction[Any], press: TakeCards) -> None:
        await _hand_over(interaction, _CARDS, [("hunch.apkg", await self._use.make_cards())])

    async def _report(self, interaction: discord.Interaction[Any], press: TakeReport) -> None:
        made = await self._use.make_report(learner_of(interaction), has_names=press.has_names)
        named = [("class.html", made.page), ("guesses.csv", made.csv), ("xapi.jsonl", made.xapi)]
        await _hand_over(interaction, _REPORT, named)


async def _hand_over(
    interaction: discord.Interaction[Any], text: str, named: Sequence[NamedFile]
) -> None:
    files, left, room = [], [], LARGEST
    for name, content in named:
        if len(content) <= room:
            files.append(discord.File(io.BytesIO(content), name))
            room -= len(content)
        else:
            left.append(f"`{name}`")
    note = _TOO_BIG.format(", ".join(left)) if left else ""
    await interaction.edit_original_response(content=text + note, attachments=files)
