"""Where questions come from: a command, a window, a message that is meant for the bot."""

import re
from typing import Any

import discord

from bot.domain.errors import NotYours, StaleClick
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Venue
from bot.ui.areas.tutor.answering import Answers, IncomingQuestion
from bot.ui.areas.tutor.handler import with_step
from bot.ui.areas.tutor.outlets import InChannel, InInteraction
from bot.ui.buttons.tutor import Ask, ForgetHere, StopAnswer
from bot.ui.cards.kit import Card
from bot.ui.cards.tutor.answer import draw_forgotten
from bot.ui.edge.handler import Errands
from bot.ui.edge.replies import author_of, learner_of, show
from bot.usecases.catalogue import UseCases

_WRITTEN = (discord.MessageType.default, discord.MessageType.reply)
_ENDED = "That answer has ended, or was cut off when I was restarted. Ask again: `/ask`."


class QuestionIntake:
    """Takes questions in."""

    def __init__(self, use: UseCases, answers: Answers) -> None:
        self._use, self._answers = use, answers

    @property
    def errands(self) -> Errands:
        """What presses do that see to their own answers."""
        return {Ask: self._ask, StopAnswer: self._stop, ForgetHere: self._forget}

    def take(
        self, interaction: discord.Interaction[Any], text: str, about: Source | None = None
    ) -> None:
        """Answer what was typed or written in private; the interaction is acknowledged."""
        place = Venue(interaction.channel_id or 0, is_private=True)
        asked = IncomingQuestion(text, learner_of(interaction), place, True, about)
        self._answers.begin(asked, InInteraction(interaction))

    def message(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Answer a message, if it is meant for the bot."""
        text = question_in(message, me)
        if text is None:
            return
        place = Venue(message.channel.id, is_private=message.guild is None)
        self._answers.begin(IncomingQuestion(text, author_of(message), place), InChannel(message))

    async def _ask(self, interaction: discord.Interaction[Any], press: Ask) -> None:
        about = Source(press.lesson, step=press.step) if press.lesson and press.step else None
        self.take(interaction, with_step(press, self._use.course), about)

    async def _forget(self, interaction: discord.Interaction[Any], press: ForgetHere) -> None:
        await show(interaction, await self.forgotten(interaction))

    async def forgotten(self, interaction: discord.Interaction[Any]) -> Card:
        """Forget what was asked here, in private and in public; return what says so."""
        learner, channel = learner_of(interaction), interaction.channel_id or 0
        places = [Venue(channel, is_private) for is_private in (True, False)]
        return draw_forgotten(sum([await self._use.forget_talk(learner, p) for p in places]))

    async def _stop(self, interaction: discord.Interaction[Any], press: StopAnswer) -> None:
        if interaction.user.id != press.learner_id:
            raise NotYours("Only whoever asked can stop that answer.")
        if not await self._answers.stop(press.learner_id):
            raise StaleClick(_ENDED)


def question_in(message: discord.Message, me: discord.ClientUser) -> str | None:
    """Return what a message asks the bot, without the mention; None: it isn't meant for the bot.

    Meant for it is what people write to it directly, and what mentions it, as a reply does. What
    bots, webhooks and Discord itself write is not, nor what calls everyone.
    """
    is_written = message.type in _WRITTEN and not message.author.bot and not message.webhook_id
    is_ours = message.guild is None or any(user.id == me.id for user in message.mentions)
    if not is_written or not is_ours or message.mention_everyone:
        return None
    return re.sub(rf"<@!?{me.id}>", " ", message.content).strip()
