"""The placement, redoing, the certificate."""

from dataclasses import dataclass
from typing import assert_never, get_args

from discord import ui

from bot.domain.learner import Learner
from bot.domain.lesson.kinds.number import NUMBER_CHARS
from bot.domain.path.commands import BeginPlacement, PlaceAnswer, RedoAnswer
from bot.ui.buttons.path import (
    HandledPathPress,
    OpenCertificate,
    OpenPlacement,
    OpenRedo,
    WriteRedo,
)
from bot.ui.cards.kinds.registry import KIND_CARDS
from bot.ui.cards.kit import Card
from bot.ui.cards.path.certificate import draw_certificate
from bot.ui.cards.path.placement import draw_placement
from bot.ui.cards.path.redo import draw_redo
from bot.ui.cards.window import Window, field
from bot.ui.edge.handler import Refusal, Windows
from bot.usecases.path.pathfinding import Pathfinding


@dataclass(frozen=True, slots=True)
class PathHandler:
    """A learner's way through the course."""

    use: Pathfinding

    presses = frozenset(get_args(HandledPathPress))

    async def card(self, press: HandledPathPress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenPlacement():
                return draw_placement(await self.use.show_placement(learner))
            case BeginPlacement() | PlaceAnswer():
                return draw_placement(await self.use.take_placement(press, learner))
            case OpenRedo():
                return draw_redo(await self.use.show_redo(learner))
            case RedoAnswer():
                return draw_redo(await self.use.take_redo(press, learner))
            case OpenCertificate():
                return draw_certificate(await self.use.show_certificate(learner))
            case _:
                assert_never(press)

    async def present(self, press: HandledPathPress, learner: Learner, refused: Refusal) -> Card:
        """Return the question that waits now, with the reason on it."""
        if isinstance(press, RedoAnswer | OpenRedo):
            return draw_redo(await self.use.show_redo(learner), str(refused))
        return draw_placement(await self.use.show_placement(learner), str(refused))


def path_windows(use: Pathfinding) -> Windows:
    """Return where a number is written for a step that is asked anew."""

    def redo_window(press: WriteRedo) -> ui.Modal:
        step = use.show_redo.asked(press.lesson, press.step, press.turn)
        window = KIND_CARDS[step.kind].window(press, step) if step else None
        return window or Window(press, "Your number", field("Your number", "", NUMBER_CHARS))

    return {WriteRedo: redo_window}
