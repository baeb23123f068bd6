"""What a clickable stands for: a command of the domain, or one of these, which open something."""

from dataclasses import dataclass

from bot.domain.commands import Command
from bot.domain.trial import TurnKnob


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
class OpenInstrument:
    """Open an instrument as it comes."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenInstruments:
    """Show all instruments."""


@dataclass(frozen=True, slots=True)
class ChooseInstrument:
    """Choose an instrument from a menu."""

    page: int  # menus hold 25: each has an id of its own


@dataclass(frozen=True, slots=True)
class Dialled:
    """Choose a knob's value from a menu."""

    trial_id: int
    revision: int
    knob: str


@dataclass(frozen=True, slots=True)
class Enter:
    """Type a knob's value. A press opens the window; its submission carries the same id."""

    trial_id: int
    revision: int
    knob: str


@dataclass(frozen=True, slots=True)
class ChooseLesson:
    """Choose a lesson from a menu."""


Written = Write | WriteWhy | TryPrompt | Enter
Opener = OpenHome | OpenOne | Begin | Live | OpenInstrument | OpenInstruments
Menu = ChooseLesson | ChooseInstrument | Dialled
Press = Command | TurnKnob | Opener | Menu | Written
