"""A learner's way: the placement, redoing what was wrong, the certificate."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.path.commands import BeginPlacement, PathCommand, PlaceAnswer, RedoAnswer
from bot.ui.buttons.kinds import Errand, Opens, Written
from bot.ui.buttons.spelling import Spelling, number


@dataclass(frozen=True, slots=True)
class OpenPlacement(Opens):
    """Show the placement: where it was left, what came of it, or what it is."""


@dataclass(frozen=True, slots=True)
class OpenRedo(Opens):
    """Show the step to redo next."""


@dataclass(frozen=True, slots=True)
class WriteRedo(Written[RedoAnswer]):
    """Write a number, for a step that is asked anew."""

    lesson: int
    step: str
    turn: int

    def written(self, text: str) -> RedoAnswer:
        """Answer with it."""
        return RedoAnswer(self.lesson, self.step, self.turn, text)


@dataclass(frozen=True, slots=True)
class OpenCertificate(Opens):
    """Show what the finished course says."""


@dataclass(frozen=True, slots=True)
class PostCertificate(Errand):
    """Post it in the channel."""


HandledPathPress = PathCommand | OpenPlacement | OpenRedo | OpenCertificate
PathPress = HandledPathPress | WriteRedo | PostCertificate

SPELLINGS: Mapping[str, Spelling[PathPress]] = {
    "placement": Spelling(OpenPlacement),
    "place-begin": Spelling(BeginPlacement),
    "place": Spelling(PlaceAnswer, (number, str)),
    "redo": Spelling(OpenRedo),
    "redo-say": Spelling(RedoAnswer, (number, str, number, str)),
    "redo-write": Spelling(WriteRedo, (number, str, number)),
    "certificate": Spelling(OpenCertificate),
    "post-certificate": Spelling(PostCertificate),
}
