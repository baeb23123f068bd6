"""The guess game: open it, write what comes next, ask the model again, go on without it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui.buttons.kinds import Errand, Opens, Written
from bot.ui.buttons.spelling import Spelling, number


@dataclass(frozen=True, slots=True)
class OpenDaily(Opens):
    """Show the day's passage."""


@dataclass(frozen=True, slots=True)
class SayToken:
    """Say what comes next. `day` is the ordinal of the passage's day."""

    day: int
    place: int
    text: str


@dataclass(frozen=True, slots=True)
class WriteToken(Written[SayToken]):
    """Write what comes next."""

    day: int
    place: int

    def written(self, text: str) -> SayToken:
        """Say it."""
        return SayToken(self.day, self.place, text)


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask the model about a guess that it didn't answer."""

    day: int
    place: int


@dataclass(frozen=True, slots=True)
class GoOnWithout:
    """Go on without its word."""

    day: int
    place: int


@dataclass(frozen=True, slots=True)
class PostDaily(Errand):
    """Post how a finished passage went, in the channel."""

    day: int


HandledDailyPress = OpenDaily | SayToken | AskAgain | GoOnWithout
DailyPress = HandledDailyPress | WriteToken | PostDaily

SPELLINGS: Mapping[str, Spelling[DailyPress]] = {
    "daily": Spelling(OpenDaily),
    "token": Spelling(WriteToken, (number, number)),
    "again": Spelling(AskAgain, (number, number)),
    "post-guess": Spelling(PostDaily, (number,)),
    "go-on": Spelling(GoOnWithout, (number, number)),
}
