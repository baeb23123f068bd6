"""Class rounds: vote, say how sure, move the round on."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.round.round import Stage
from bot.ui.buttons.kinds import Opens, Written
from bot.ui.buttons.spelling import Spelling, number


@dataclass(frozen=True, slots=True)
class PickVote(Opens):
    """Lock in a guess; `turn` is which vote the card asked for."""

    round_id: int
    turn: int
    answer: str


@dataclass(frozen=True, slots=True)
class WriteVote(Opens, Written[PickVote]):
    """Write a number."""

    round_id: int
    turn: int
    lesson: int  # so that the window can quote the question without asking the database
    step: str

    def written(self, text: str) -> PickVote:
        """Lock the number in."""
        return PickVote(self.round_id, self.turn, text)


@dataclass(frozen=True, slots=True)
class PlaceStage(Opens):
    """Place one more stage; `placed` is the order so far."""

    round_id: int
    turn: int
    placed: str


@dataclass(frozen=True, slots=True)
class SaySure:
    """Say how sure one is of what is locked in."""

    round_id: int
    turn: int
    level: int  # 0..4, see confidence.py


@dataclass(frozen=True, slots=True)
class MoveOn:
    """Move a round on from the stage that the card showed."""

    round_id: int
    revision: int
    to: str  # a stage


def _stage(text: str) -> str:
    return Stage(text).value


HandledRoundPress = PickVote | PlaceStage | SaySure | MoveOn
RoundPress = HandledRoundPress | WriteVote

SPELLINGS: Mapping[str, Spelling[RoundPress]] = {
    "vote": Spelling(PickVote, (number, number, str)),
    "vote-write": Spelling(WriteVote, (number, number, number, str)),
    "vote-place": Spelling(PlaceStage, (number, number, str)),
    "vote-sure": Spelling(SaySure, (number, number, number)),
    "round": Spelling(MoveOn, (number, number, _stage)),
}
