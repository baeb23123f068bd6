"""An instrument in a learner's hands: its state, kept so that a card works after any restart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.errors import NotYours, StaleClick


@dataclass(frozen=True, slots=True)
class Trial:
    """An instrument, and what is chosen on it. `chosen` is plain data, as JSON holds it."""

    id: int
    learner_id: int
    instrument: str
    chosen: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 0


@dataclass(frozen=True, slots=True)
class TurnKnob:
    """Turn one knob of the card that was pressed."""

    trial_id: int
    revision: int
    knob: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class GuessAtTrial:
    """Guess what the instrument will show: the option at a place."""

    trial_id: int
    place: int


@dataclass(frozen=True, slots=True)
class ShowAtOnce:
    """Have it shown without a guess."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class TrialGuess:
    """What was guessed before an instrument was run; nothing said: it was to be shown at once."""

    trial_id: int
    learner_id: int
    instrument: str
    said: str | None = None
    right: str | None = None  # None: what it showed couldn't tell
    is_right: bool | None = None

    def made(self, options: Sequence[str], place: int, right: int | None) -> "TrialGuess":
        """Return it with what was said, and with what is right, both by place.

        Raises:
            StaleClick: there is no such option.
        """
        if place >= len(options):
            raise StaleClick
        said = options[place]
        if right is None:
            return replace(self, said=said)
        # by text: two tokens of a prompt may read the same
        return replace(self, said=said, right=options[right], is_right=said == options[right])


def check_turn(trial: Trial, turn: TurnKnob, learner_id: int) -> None:
    """Refuse a turn that isn't this learner's, or that belongs to an older card.

    Raises:
        NotYours: somebody else opened the card.
        StaleClick: the card has moved on.
    """
    check_owner(trial, learner_id)
    if trial.revision != turn.revision:
        raise StaleClick


def check_owner(trial: Trial, learner_id: int) -> None:
    """Refuse somebody else's card: what they wrote is theirs.

    Raises:
        NotYours: somebody else opened the card.
    """
    if trial.learner_id != learner_id:
        raise NotYours(
            "This one is somebody else's. Open your own: `/more instruments`, then"
            f" {trial.instrument}."
        )


def turned(trial: Trial, chosen: Mapping[str, Any]) -> Trial:
    """Return the trial with other things chosen, one revision on."""
    return replace(trial, chosen=chosen, revision=trial.revision + 1)
