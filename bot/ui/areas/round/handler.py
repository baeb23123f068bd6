"""Class rounds: what learners press to vote, and instructors to move on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import assert_never, get_args

from bot.domain.learner import Learner
from bot.domain.round.round import Stage
from bot.ui.areas.round.windows import vote_window
from bot.ui.buttons.round import (
    HandledRoundPress,
    MoveOn,
    PickVote,
    PlaceStage,
    SaySure,
    WriteVote,
)
from bot.ui.cards.kit import Card
from bot.ui.cards.round import draw_arranging, draw_round, draw_voted
from bot.ui.edge.handler import Refusal, Windows
from bot.usecases.round.class_rounds import ClassRounds
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class RoundHandler:
    """Class rounds."""

    rounds: ClassRounds
    changed: Callable[[int], None]  # told which round's shared card is behind

    presses = frozenset(get_args(HandledRoundPress))

    async def card(self, press: HandledRoundPress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case PickVote(round_id, turn, answer):
                voted = await self.rounds.vote(round_id, turn, answer, learner)
                self.changed(round_id)
                return draw_voted(voted)
            case PlaceStage(round_id, turn, placed):
                return draw_arranging(await self.rounds.arrange(round_id, turn, placed, learner))
            case SaySure(round_id, turn, level):
                return draw_voted(await self.rounds.say_how_sure(round_id, turn, level, learner))
            case MoveOn(round_id, revision, to):
                shown = await self.rounds.move(round_id, revision, Stage(to), learner)
                # after this edit, so that a count drawn before the move can't be the last word
                self.changed(round_id)
                return draw_round(shown.screen)
            case _:
                assert_never(press)

    async def present(self, press: HandledRoundPress, learner: Learner, refused: Refusal) -> Card:
        """Return what the learner locked in, with the reason on it; the shared card stays."""
        if isinstance(press, MoveOn):
            self.changed(press.round_id)
            raise refused
        voted = await self.rounds.see_vote(press.round_id, press.turn, learner)
        if voted is None:
            raise refused
        return draw_voted(voted, str(refused))


def round_windows(course: Course) -> Windows:
    """Return where a number is written."""
    return {WriteVote: partial(vote_window, course=course)}
