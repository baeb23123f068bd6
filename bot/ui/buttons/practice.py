"""Reviews: look, grade, take back, set aside; reminders, progress and rank."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.practice.commands import (
    BringBack,
    GradeCard,
    LookUp,
    ReviewCommand,
    SetAside,
    TakeBack,
)
from bot.ui.buttons.kinds import Opens
from bot.ui.buttons.spelling import Spelling, flag, number


@dataclass(frozen=True, slots=True)
class OpenReview(Opens):
    """Show the card to review next."""


@dataclass(frozen=True, slots=True)
class OpenReminder(Opens):
    """Show when reminders are sent."""


@dataclass(frozen=True, slots=True)
class StopReminding:
    """Send no more reminders to the learner who presses."""


@dataclass(frozen=True, slots=True)
class OpenProgress(Opens):
    """Show what was done; over time, or as it stands."""

    is_over_time: bool


@dataclass(frozen=True, slots=True)
class ShowRank:
    """Show one's rank and be counted in the ranks of others, or neither."""

    is_ranked: bool


PracticePress = ReviewCommand | OpenReview | OpenReminder | StopReminding | OpenProgress | ShowRank

SPELLINGS: Mapping[str, Spelling[PracticePress]] = {
    "review": Spelling(OpenReview),
    "look": Spelling(LookUp, (number, number, str)),
    "grade": Spelling(GradeCard, (number, number, number)),
    "take-back": Spelling(TakeBack, (number,)),
    "aside": Spelling(SetAside, (number, number)),
    "bring-back": Spelling(BringBack),
    "reminder": Spelling(OpenReminder),
    "unremind": Spelling(StopReminding),
    "progress": Spelling(OpenProgress, (flag,)),
    "rank": Spelling(ShowRank, (flag,)),
}
