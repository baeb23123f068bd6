"""A learner's own data: what is kept, all of it as a file; delete it, or keep it after all."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui.buttons.kinds import Aside, Errand, Opens
from bot.ui.buttons.spelling import Spelling, number


@dataclass(frozen=True, slots=True)
class OpenMyData(Opens):
    """Say what is kept."""


@dataclass(frozen=True, slots=True)
class TakeMyData(Aside, Errand):
    """Give everything that is held as a file."""


@dataclass(frozen=True, slots=True)
class AskDeletion(Aside):
    """Ask whether to delete everything."""


@dataclass(frozen=True, slots=True)
class DeleteAll:
    """Delete everything about the learner that the card was made for."""

    learner_id: int
    mark: int  # of who they were then: a card of before can't delete who came back


@dataclass(frozen=True, slots=True)
class KeepAll:
    """Delete nothing."""


HandledPrivacyPress = OpenMyData | AskDeletion | DeleteAll | KeepAll
PrivacyPress = HandledPrivacyPress | TakeMyData

SPELLINGS: Mapping[str, Spelling[PrivacyPress]] = {
    "privacy": Spelling(OpenMyData),
    "my-data": Spelling(TakeMyData),
    "delete": Spelling(AskDeletion),
    "delete-me": Spelling(DeleteAll, (number, number)),
    "keep-me": Spelling(KeepAll),
}
