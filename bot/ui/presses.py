"""What a clickable stands for: a command of the domain, or one of these, which open something."""

from dataclasses import dataclass

from bot.domain.commands import Command
from bot.domain.trial import Turn


@dataclass(frozen=True, slots=True)
class OpenHome:
    """Show the map of the course."""


@dataclass(frozen=True, slots=True)
class OpenOne:
    """Show a lesson where the learner left it."""

    slug: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a lesson, or begin it again."""

    slug: str


@dataclass(frozen=True, slots=True)
class Live:
    """Run the step's exhibit on the card."""

    attempt_id: int
    step: str


@dataclass(frozen=True, slots=True)
class Write:
    """Write an answer. A press opens the modal; its submission carries the same id."""

    attempt_id: int
    step: str
    lesson: int  # so that the modal can quote the question without asking the database


@dataclass(frozen=True, slots=True)
class WriteWhy:
    """Write one line on why."""

    attempt_id: int
    step: str


@dataclass(frozen=True, slots=True)
class TryPrompt:
    """Write a prompt of one's own for the live model."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Choose the token to append from a menu."""

    trial_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class RawCall:
    """Show the request that a learner can repeat."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class ChooseLesson:
    """Choose a lesson from a menu."""


Opener = OpenHome | OpenOne | Begin | Live | TryPrompt | RawCall | Write | WriteWhy
Press = Command | Turn | Opener | Pick | ChooseLesson
