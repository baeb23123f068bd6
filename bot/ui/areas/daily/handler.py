"""The guess game."""

from dataclasses import dataclass
from typing import Any, cast

from discord import ui

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.ui.areas.daily.windows import token_window
from bot.ui.buttons.daily import AskAgain, GoOnWithout, OpenDaily, SayToken, WriteToken
from bot.ui.buttons.kinds import Written
from bot.ui.cards.daily import draw_daily
from bot.ui.cards.kit import Card
from bot.ui.edge.handler import Refusal
from bot.usecases.daily.guessing import PlayDaily


@dataclass(frozen=True, slots=True)
class GuessPlay:
    """The day's passage."""

    use: PlayDaily

    presses = frozenset({OpenDaily, WriteToken, SayToken, AskAgain, GoOnWithout})

    async def card(self, press: Any, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenDaily():
                return draw_daily(await self.use.show(learner))
            case SayToken(day, place, text):
                return draw_daily(await self.use.guess(day, place, text, learner))
            case AskAgain(day, place):
                return draw_daily(await self.use.ask_again(day, place, learner))
            case GoOnWithout(day, place):
                return draw_daily(await self.use.go_on(day, place, learner))
            case _:
                raise StaleClick  # a window without a text

    async def present(self, press: Any, learner: Learner, refused: Refusal) -> Card:
        """Return today's passage as far as it was guessed, with the reason on it."""
        return draw_daily(await self.use.show(learner), str(refused))

    def window(self, press: Written) -> ui.Modal:
        """Return the window for the next token."""
        return token_window(cast(WriteToken, press), self.use.course)
