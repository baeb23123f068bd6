"""Presses as button ids and back: `h1:guess:42:how-sure:3:9f86d081`.

The leading `h1` is the format's version: raise it when the format changes, so that buttons of old
messages are refused instead of misread. Discord allows 100 characters. An id may be forged:
whatever doesn't read back as it would be written is refused.
"""

from collections.abc import Mapping

from bot.domain.errors import StaleClick
from bot.domain.lesson.commands import Reveal
from bot.ui.buttons import classroom, daily, instrument, lesson, path, practice, privacy, tutor
from bot.ui.buttons import round as rounds
from bot.ui.buttons.classroom import ClassroomPress
from bot.ui.buttons.daily import DailyPress
from bot.ui.buttons.instrument import InstrumentPress
from bot.ui.buttons.lesson import LessonPress
from bot.ui.buttons.path import PathPress
from bot.ui.buttons.practice import PracticePress
from bot.ui.buttons.privacy import PrivacyPress
from bot.ui.buttons.round import RoundPress
from bot.ui.buttons.spelling import Spelling
from bot.ui.buttons.tutor import TutorPress

VERSION = "h1"
BUTTON_PATTERN = r"h\d+:(?!menu-)[a-z-]+(:[^\n]*)?"
MENU_PATTERN = r"h\d+:menu-[a-z-]+(:[^\n]*)?"
LONGEST = 100

Press = (  # what a button, a menu or a window stands for, and what the last two are completed to
    ClassroomPress
    | DailyPress
    | InstrumentPress
    | LessonPress
    | PathPress
    | PracticePress
    | PrivacyPress
    | RoundPress
    | TutorPress
)

SPELLINGS: Mapping[str, Spelling[Press]] = {
    **classroom.SPELLINGS,
    **lesson.SPELLINGS,
    **daily.SPELLINGS,
    **instrument.SPELLINGS,
    **path.SPELLINGS,
    **practice.SPELLINGS,
    **privacy.SPELLINGS,
    **rounds.SPELLINGS,
    **tutor.SPELLINGS,
}
_WORD_OF = {one.make: word for word, one in SPELLINGS.items() if isinstance(one.make, type)}


def encode(press: Press) -> str:
    """Write a press as a custom_id.

    Raises:
        ValueError: it has no button, or would be longer than Discord allows.
    """
    match press:
        case Reveal(evidence=None):
            word = "without" if press.is_without_model else "reveal"
            fields: list[object] = [press.attempt_id, press.step]
        case _ if type(press) in _WORD_OF and not isinstance(press, Reveal):
            word = _WORD_OF[type(press)]
            fields = [getattr(press, name) for name in press.__dataclass_fields__]
        case _:
            raise ValueError(f"{press} stands behind no button")
    texts = [str(int(f)) if isinstance(f, bool) else str(f) for f in fields]
    custom_id = ":".join([VERSION, word, *texts])
    if len(custom_id) > LONGEST:
        raise ValueError(f"{custom_id} is longer than {LONGEST}")
    return custom_id


def decode(custom_id: str) -> Press:
    """Read a press from a custom_id.

    Raises:
        StaleClick: another version wrote it, or nobody did: `encode` would write it otherwise.
    """
    version, _, rest = custom_id.partition(":")
    word, _, tail = rest.partition(":")
    if version != VERSION or word not in SPELLINGS:
        raise StaleClick("That button is from an older version. Type `/lesson` to go on.")
    try:
        press = _read(SPELLINGS[word], tail)
        if encode(press) == custom_id:
            return press
    except (ValueError, KeyError):
        pass
    raise StaleClick("I can't read that button. Type `/lesson` to go on.")


def _read(spelling: Spelling[Press], tail: str) -> Press:
    readers = spelling.readers
    texts = tail.split(":", max(0, len(readers) - 1)) if tail or readers else []
    return spelling.make(*(read(text) for read, text in zip(readers, texts, strict=True)))
