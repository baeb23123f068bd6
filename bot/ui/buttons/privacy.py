"""A learner's own data: delete it, or keep it after all."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui.buttons.spelling import Spelling, number


@dataclass(frozen=True, slots=True)
class DeleteAll:
    """Delete everything about the learner that the card was made for."""

    learner_id: int
    mark: int  # of who they were then: a card of before can't delete who came back


@dataclass(frozen=True, slots=True)
class KeepAll:
    """Delete nothing."""


PrivacyPress = DeleteAll | KeepAll

SPELLINGS: Mapping[str, Spelling[PrivacyPress]] = {
    "delete-me": Spelling(DeleteAll, (number, number)),
    "keep-me": Spelling(KeepAll),
}
