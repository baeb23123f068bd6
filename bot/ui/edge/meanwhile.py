"""What stands on a card while something takes seconds: what is being measured, and what to do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.domain.instrument.trial import GuessAtTrial, ShowAtOnce, TurnKnob
from bot.domain.lesson.commands import CommitGuess, LockIn, Reveal
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.instrument import OpenInstrument, RunPrompt
from bot.ui.buttons.lesson import Live, TakeUp
from bot.ui.buttons.tutor import OpenTrial
from bot.ui.cards.kit import Card, card
from bot.ui.cards.left import draw_rid, draw_said, waiting
from bot.ui.edge.streaming import REFUSALS, Edits, beat_of
from tools.catalogue import INSTRUMENTS


def doing_of(press: Press) -> str | None:
    """Return what a press has a model do; None where it asks none, and takes no time."""
    match press:
        case OpenInstrument(name):
            return named(name)
        case RunPrompt():
            return "Asking the model what comes next"
        case Live() | TakeUp() | OpenTrial() | TurnKnob() | GuessAtTrial() | ShowAtOnce():
            return "Measuring"
        case CommitGuess() | LockIn() | Reveal():
            return "Looking at your guess"
        case _:
            return None


def named(instrument: str) -> str:
    """Return what an instrument does, for a card that has nothing else on it."""
    known = INSTRUMENTS.get(instrument)
    return f"Measuring: **{instrument}**. {known.line}" if known else "Measuring"


@asynccontextmanager
async def meanwhile(
    interaction: discord.Interaction[Any], doing: str | None
) -> AsyncIterator[None]:
    """Say that it is being measured, if what is done inside takes longer than a moment.

    A card that stands keeps its buttons, and a line below the one that was pressed: so nothing is
    lost if the bot is stopped in the middle. What fails leaves the card as it was.

    Args:
        interaction: What was pressed or typed; it is acknowledged already.
        doing: What is measured; None where nothing takes long.
    """
    sign = _sign(interaction, doing) if doing else None
    if sign is None:
        yield
        return

    async def show(view: Card) -> None:
        message = interaction.message if _is_in_place(interaction) else None
        files = message.attachments if message else []
        await interaction.edit_original_response(view=view, attachments=files)

    edits, has_ended = Edits(show, beat_of(interaction), on_gone=lambda: None), False
    edits.offer(lambda: sign, is_filler=True)
    try:
        yield
        has_ended = True
    finally:
        await edits.drop()
        if edits.has_shown and not has_ended and _is_in_place(interaction):
            await _rid(interaction)


def _sign(interaction: discord.Interaction[Any], doing: str) -> Card | None:
    if not _is_in_place(interaction) or interaction.message is None:
        return card(waiting(doing, "ask for it once more"))
    data: Any = interaction.data or {}
    said = waiting(doing, "press again")
    return draw_said(interaction.message, str(data.get("custom_id", "")), said)


async def _rid(interaction: discord.Interaction[Any]) -> None:
    """Take the line off again, from the card as it stands by now."""
    try:
        now = await interaction.original_response()
        if view := draw_rid(now):
            await interaction.edit_original_response(view=view, attachments=now.attachments)
    except REFUSALS:
        return  # the line says what to do


def _is_in_place(interaction: discord.Interaction[Any]) -> bool:
    """Whether the answer takes the place of the card that was pressed."""
    return interaction.response.type is discord.InteractionResponseType.deferred_message_update
