"""Instruments: open one, turn its knobs, put in a prompt."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.instrument.trial import GuessAtTrial, ShowAtOnce, TurnKnob
from bot.ui.buttons.kinds import Menu, Opens, Written
from bot.ui.buttons.spelling import Spelling, number


@dataclass(frozen=True, slots=True)
class OpenInstrument(Opens):
    """Open an instrument as it comes."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenInstruments(Opens):
    """Show all instruments."""


@dataclass(frozen=True, slots=True)
class RunPrompt:
    """Ask the live model about a prompt."""

    prompt: str


@dataclass(frozen=True, slots=True)
class TryPrompt(Opens, Written[RunPrompt]):
    """Write a prompt of one's own for the live model."""

    def written(self, text: str) -> RunPrompt:
        """Ask about this text."""
        return RunPrompt(text)


@dataclass(frozen=True, slots=True)
class ChooseInstrument(Opens, Menu[OpenInstrument]):
    """Choose an instrument from a menu."""

    page: int  # menus hold 25: each has an id of its own

    def chosen(self, value: str) -> OpenInstrument:
        """Open the instrument of this name."""
        return OpenInstrument(value)


@dataclass(frozen=True, slots=True)
class Dialled(Menu[TurnKnob]):
    """Choose a knob's value from a menu."""

    trial_id: int
    revision: int
    knob: str

    def chosen(self, value: str) -> TurnKnob:
        """Turn the knob to this value."""
        return TurnKnob(self.trial_id, self.revision, self.knob, value)


@dataclass(frozen=True, slots=True)
class Enter(Written[TurnKnob]):
    """Type a knob's value."""

    trial_id: int
    revision: int
    knob: str

    def written(self, text: str) -> TurnKnob:
        """Turn the knob to this text."""
        return TurnKnob(self.trial_id, self.revision, self.knob, text)


@dataclass(frozen=True, slots=True)
class GuessFromMenu(Menu[GuessAtTrial]):
    """Guess what an instrument will show, from a menu."""

    trial_id: int

    def chosen(self, value: str) -> GuessAtTrial:
        """Guess the option at this place."""
        return GuessAtTrial(self.trial_id, number(value))


HandledInstrumentPress = (
    OpenInstrument | OpenInstruments | RunPrompt | TurnKnob | GuessAtTrial | ShowAtOnce
)
InstrumentPress = (
    HandledInstrumentPress | TryPrompt | ChooseInstrument | Dialled | Enter | GuessFromMenu
)

SPELLINGS: Mapping[str, Spelling[InstrumentPress]] = {
    "turn": Spelling(TurnKnob, (number, number, str, str)),
    "enter": Spelling(Enter, (number, number, str)),
    "try": Spelling(TryPrompt),
    "show": Spelling(OpenInstrument, (str,)),
    "instruments": Spelling(OpenInstruments),
    "foresee": Spelling(GuessAtTrial, (number, number)),
    "at-once": Spelling(ShowAtOnce, (number,)),
    "menu-foresee": Spelling(GuessFromMenu, (number,)),
    "menu-dial": Spelling(Dialled, (number, number, str)),
    "menu-instrument": Spelling(ChooseInstrument, (number,)),
}
