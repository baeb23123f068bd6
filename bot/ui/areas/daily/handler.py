"""The guess game."""

from dataclasses import dataclass
from functools import partial
from typing import assert_never, get_args

from bot.domain.learner import Learner
from bot.ui.areas.daily.windows import token_window
from bot.ui.buttons.daily import (
    AskAgain,
    GoOnWithout,
    HandledDailyPress,
    OpenDaily,
    SayToken,
    WriteToken,
)
from bot.ui.cards.daily import draw_daily
from bot.ui.cards.kit import Card
from bot.ui.edge.handler import Refusal, Windows
from bot.usecases.daily.guessing import PlayDaily
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class DailyHandler:
    """The day's passage."""

    use: PlayDaily

    presses = frozenset(get_args(HandledDailyPress))

    async def card(self, press: HandledDailyPress, learner: Learner) -> Card:
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
                assert_never(press)

    async def present(self, press: HandledDailyPress, learner: Learner, refused: Refusal) -> Card:
        """Return today's passage as far as it was guessed, with the reason on it."""
        return draw_daily(await self.use.show(learner), str(refused))


def daily_windows(course: Course) -> Windows:
    """Return where the next token is written."""
    return {WriteToken: partial(token_window, course=course)}
