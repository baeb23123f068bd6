"""What a turn needs of an area: which presses are its own, what each leads to, where one writes."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Never, Protocol, TypeVar

import discord
from discord import ui

from bot.domain.errors import TutorError
from bot.domain.learner import Learner
from bot.ui.buttons.classroom import HandledClassroomPress
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.daily import HandledDailyPress
from bot.ui.buttons.instrument import HandledInstrumentPress
from bot.ui.buttons.kinds import Errand, Written
from bot.ui.buttons.lesson import HandledLessonPress
from bot.ui.buttons.path import HandledPathPress
from bot.ui.buttons.practice import PracticePress
from bot.ui.buttons.privacy import HandledPrivacyPress
from bot.ui.buttons.round import HandledRoundPress
from bot.ui.buttons.tutor import HandledTutorPress
from bot.ui.cards.kit import Card
from tools.errors import BadInput

HandledPress = (
    HandledClassroomPress
    | HandledDailyPress
    | HandledInstrumentPress
    | HandledLessonPress
    | HandledPathPress
    | PracticePress
    | HandledPrivacyPress
    | HandledRoundPress
    | HandledTutorPress
)
Handled = TypeVar("Handled", contravariant=True)
Taken = TypeVar("Taken")
Refusal = TutorError | BadInput

RunErrand = Callable[[discord.Interaction[Any], Taken], Awaitable[None]]
MakeWindow = Callable[[Taken], ui.Modal]
# by the type of the press that each of them takes; `Never` stands for that type
Errands = Mapping[type[Errand], RunErrand[Never]]
Windows = Mapping[type[Written[Press]], MakeWindow[Never]]


class Handler(Protocol[Handled]):
    """Handles the presses of one area."""

    @property
    def presses(self) -> frozenset[type]:
        """The types of press that it handles."""
        ...

    async def card(self, press: Handled, learner: Learner) -> Card:
        """Return the card that a press leads to.

        Raises:
            TutorError, ToolError: it is refused; the text says what to do.
        """
        ...

    async def present(self, press: Handled, learner: Learner, refused: Refusal) -> Card:
        """Return the card that should stand where a press was refused, with the reason on it.

        Raises:
            TutorError, ToolError: there is no such card; the words alone will do.
        """
        ...
