"""Presses as button ids and back: `h1:guess:42:how-sure:3:9f86d081`.

The leading `h1` is the format's version: raise it when the format changes, so that buttons of old
messages are refused instead of misread. Discord allows 100 characters. An id may be forged:
whatever doesn't read back as it would be written is refused.
"""

from collections.abc import Callable, Mapping

from bot.domain.commands import AskHint, CommitGuess, Draft, Next, Rate, Reveal, Skip, Tick
from bot.domain.errors import StaleClick
from bot.domain.trial import TurnKnob
from bot.ui.presses import (
    Begin,
    ChooseInstrument,
    ChooseLesson,
    Dialled,
    Enter,
    Live,
    OpenHome,
    OpenInstrument,
    OpenInstruments,
    OpenOne,
    Press,
    TryPrompt,
    Write,
    WriteWhy,
)

VERSION = "h1"
BUTTON_PATTERN = r"h\d+:(?!menu-)[a-z-]+(:[^\n]*)?"
MENU_PATTERN = r"h\d+:menu-[a-z-]+(:[^\n]*)?"
LONGEST = 100

_Reader = Callable[..., Press]


def _flag(text: str) -> bool:
    return {"1": True, "0": False}[text]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # fits 64 bit
        raise ValueError(text)
    return int(text)


# verb: the press it stands for, and how each of its fields is read, in the order of the fields
_VERBS: Mapping[str, tuple[_Reader, tuple[Callable[[str], object], ...]]] = {
    "draft": (Draft, (_number, str, str)),
    "guess": (CommitGuess, (_number, str, _number, str)),
    "reveal": (lambda a, s: Reveal(a, s), (_number, str)),
    "without": (lambda a, s: Reveal(a, s, is_without_model=True), (_number, str)),
    "rate": (Rate, (_number, str, _flag)),
    "tick": (Tick, (_number, str, str)),
    "hint": (AskHint, (_number, str)),
    "skip": (Skip, (_number, str)),
    "next": (Next, (_number, str)),
    "turn": (TurnKnob, (_number, _number, str, str)),
    "enter": (Enter, (_number, _number, str)),
    "home": (OpenHome, ()),
    "open": (OpenOne, (str,)),
    "begin": (Begin, (str,)),
    "live": (Live, (_number, str)),
    "write": (Write, (_number, str, _number)),
    "why": (WriteWhy, (_number, str)),
    "try": (TryPrompt, ()),
    "show": (OpenInstrument, (str,)),
    "instruments": (OpenInstruments, ()),
    "menu-dial": (Dialled, (_number, _number, str)),
    "menu-lesson": (ChooseLesson, ()),
    "menu-instrument": (ChooseInstrument, (_number,)),
}
_VERB_OF = {press: verb for verb, (press, _) in _VERBS.items() if isinstance(press, type)}


def encode(press: Press) -> str:
    """Write a press as a custom_id.

    Raises:
        ValueError: it has no button, or would be longer than Discord allows.
    """
    match press:
        case Reveal(evidence=None):
            verb = "without" if press.is_without_model else "reveal"
            fields: list[object] = [press.attempt_id, press.step]
        case _ if type(press) in _VERB_OF:
            verb = _VERB_OF[type(press)]
            fields = [getattr(press, name) for name in press.__dataclass_fields__]
        case _:
            raise ValueError(f"{press} stands behind no button")
    texts = [str(int(f)) if isinstance(f, bool) else str(f) for f in fields]
    custom_id = ":".join([VERSION, verb, *texts])
    if len(custom_id) > LONGEST:
        raise ValueError(f"{custom_id} is longer than {LONGEST}")
    return custom_id


def decode(custom_id: str) -> Press:
    """Read a press from a custom_id.

    Raises:
        StaleClick: another version wrote it, or nobody did.
    """
    version, _, rest = custom_id.partition(":")
    verb, _, tail = rest.partition(":")
    if version != VERSION or verb not in _VERBS:
        raise StaleClick("That button is from an older version. Type `/lesson` to go on.")
    make, readers = _VERBS[verb]
    texts = tail.split(":", max(0, len(readers) - 1)) if tail or readers else []
    try:
        return make(*(read(text) for read, text in zip(readers, texts, strict=True)))
    except (ValueError, KeyError):
        raise StaleClick("I can't read that button. Type `/lesson` to go on.") from None


def attempt_of(press: Press) -> int | None:
    """Return which attempt a press is about, if any."""
    return getattr(press, "attempt_id", None)


def trial_of(press: Press) -> int | None:
    """Return which loop by hand a press is about, if any."""
    return getattr(press, "trial_id", None)
