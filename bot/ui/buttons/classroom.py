"""Classes: look at one, take its report, say who may see you."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui.buttons.kinds import Aside, Errand, Opens
from bot.ui.buttons.spelling import Spelling, flag


@dataclass(frozen=True, slots=True)
class OpenCohort(Opens):
    """Show the class."""


@dataclass(frozen=True, slots=True)
class OpenBeliefs(Opens):
    """Show what the class believes about a lesson."""

    lesson: str


@dataclass(frozen=True, slots=True)
class TakeReport(Aside, Errand):
    """Give the class's report as files."""

    has_names: bool


@dataclass(frozen=True, slots=True)
class TakeCards(Aside, Errand):
    """Give flashcards as a file."""


@dataclass(frozen=True, slots=True)
class OpenSharing(Opens):
    """Show what instructors may see, and the choice."""


@dataclass(frozen=True, slots=True)
class LetSee:
    """Say whether instructors of this server may see one's progress."""

    is_shown: bool


HandledClassroomPress = OpenCohort | OpenBeliefs | OpenSharing | LetSee
ClassroomPress = HandledClassroomPress | TakeReport | TakeCards

SPELLINGS: Mapping[str, Spelling[ClassroomPress]] = {
    "cohort": Spelling(OpenCohort),
    "beliefs": Spelling(OpenBeliefs, (str,)),
    "report": Spelling(TakeReport, (flag,)),
    "flashcards": Spelling(TakeCards),
    "sharing": Spelling(OpenSharing),
    "share": Spelling(LetSee, (flag,)),
}
