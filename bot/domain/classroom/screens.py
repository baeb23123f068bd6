"""What instructors may see of one learner, and of one lesson. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.lesson.recap import Calibration
from bot.domain.progress.standing import LessonStanding


@dataclass(frozen=True, slots=True)
class LearnerScreen:
    """A learner who agreed to be shown, since they joined the class."""

    learner_id: int
    joined: datetime
    lessons: tuple[LessonStanding, ...]
    calibration: Calibration

    @property
    def right(self) -> int:
        """First tries that were right."""
        return sum(one.right for one in self.lessons)

    @property
    def scored(self) -> int:
        """First tries that could be judged."""
        return sum(one.scored for one in self.lessons)


@dataclass(frozen=True, slots=True)
class BeliefLine:
    """A misconception, how often it was chosen, and reasons that were given for it."""

    text: str
    votes: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """What a teach-back should say, and how many of those graded say it."""

    says: str
    met: int
    graded: int


@dataclass(frozen=True, slots=True)
class MisconceptionScreen:
    """What a class believes about a lesson."""

    number: int
    title: str
    beliefs: tuple[BeliefLine, ...]
    teachbacks: tuple[str, ...]  # the newest first
    writers_missing: bool  # too few wrote, so nobody's words are shown
    criteria: tuple[CriterionLine, ...] = ()  # the least met first; empty where too few wrote


@dataclass(frozen=True, slots=True)
class AssignmentScreen:
    """A lesson that is set."""

    number: int
    slug: str
    title: str
    minutes: int
    due: datetime
    set_by: int
