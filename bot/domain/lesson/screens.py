"""What a learner may see. A question's screen has no field for the answer, so it can't leak one."""

from dataclasses import dataclass

from bot.domain.lesson.confidence import Level
from bot.domain.lesson.evidence import Evidence
from bot.domain.lesson.kinds.base import AnswerPiece, Choice
from bot.domain.lesson.recap import Recap
from bot.domain.lesson.teachback import Grading
from curriculum.kinds.base import Illustration, Recorded
from curriculum.kinds.registry import KindName
from curriculum.schema import TryThis


@dataclass(frozen=True, slots=True)
class StepPlace:
    """Which step of which attempt a card shows. `index` counts from 1."""

    attempt_id: int
    step: str
    lesson: int
    index: int
    total: int
    minutes_left: int | None = None


@dataclass(frozen=True, slots=True)
class IntroScreen:
    """A lesson not begun: what it promises."""

    slug: str
    number: int
    title: str
    minutes: int
    promise: str
    setup: str
    builds_on: tuple[tuple[int, str, str], ...] = ()  # not done yet: number, title, slug


@dataclass(frozen=True, slots=True)
class QuestionScreen:
    """A question waiting for a guess. `choices` is empty where the answer is written."""

    place: StepPlace
    kind: KindName
    ask: str
    lead: str | None
    prompt: str | None  # the text to continue, for a token guess
    choices: tuple[Choice, ...]
    slots: tuple[str, ...]  # what each letter is for, where letters are arranged
    draft: str | None  # as the learner picked or typed it
    draft_text: str | None  # as it reads
    mark: str | None  # of a draft that is a whole answer
    levels: tuple[Level, ...]
    hints: tuple[str, ...]  # those asked for so far
    has_more_hints: bool
    is_quick: bool = False  # of a quick check: one press answers, says how sure, and locks in
    before: "RevealScreen | None" = None  # in a quick check: the answer to the question before
    unit: str | None = None  # of a number


@dataclass(frozen=True, slots=True)
class LockedScreen:
    """A guess is locked in; the answer is not shown yet."""

    place: StepPlace
    ask: str
    said: str
    confidence: Level | None


@dataclass(frozen=True, slots=True)
class RevealScreen:
    """The answer, beside what the learner guessed."""

    place: StepPlace
    ask: str
    said: str
    letter: str | None  # of the option picked, where there were options
    is_right: bool | None
    answer: str | None  # None: there is no one right answer
    reply: str
    confidence: Level | None
    brier: float | None
    evidence: Evidence | None
    recorded: Recorded | None
    votes: tuple[tuple[str, float], ...]  # heading and share of the class; empty for too few
    first_said: str | None  # on a later run: what the learner guessed the first time
    has_exhibit: bool
    needs_rating: bool
    prompt: str | None = None
    pieces: tuple[AnswerPiece, ...] = ()  # of an answer that has several
    why: str | None = None  # in the learner's own words
    is_quick: bool = False  # what comes next follows at once, below the answer
    passage: "ReadScreen | None" = None  # of the step after it, read on the same card


@dataclass(frozen=True, slots=True)
class RecallScreen:
    """A question to answer in the head. The answer is shown on the next card."""

    place: StepPlace
    ask: str


@dataclass(frozen=True, slots=True)
class RecallAnswerScreen:
    """The answer to a recall; the learner says whether they had it."""

    place: StepPlace
    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class RubricScreen:
    """A teach-back beside the model answer.

    Attributes:
        criteria: Id, text, and whether the learner has ticked it.
        grading: The verdicts; None while they are awaited.
        push: The id of a criterion that isn't met, and a question that leads there.
    """

    place: StepPlace
    ask: str
    said: str
    answer: str
    criteria: tuple[tuple[str, str, bool], ...]
    grading: Grading | None = None
    push: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ReadScreen:
    """A passage, or an instrument to play with."""

    place: StepPlace
    title: str
    text: str
    has_exhibit: bool
    is_play: bool
    illustration: Illustration | None = None


@dataclass(frozen=True, slots=True)
class RecapScreen:
    """The end of a lesson."""

    attempt_id: int
    slug: str
    number: int
    title: str
    recap: Recap
    sources: tuple[tuple[str, str, str | None], ...]  # title, author, address
    next_title: str | None
    next_slug: str | None  # None while that lesson is being written
    is_first_run: bool
    former: tuple[int, str] | None = None  # number and slug of the lesson before
    is_course_done: bool = False
    cards: int = 0  # that this run put into review
    takeaways: tuple[str, ...] = ()
    before: RevealScreen | None = None  # the last answer of the quick check, just given
    try_this: TryThis | None = None
    has_notebook: bool = False


LessonScreen = (
    IntroScreen
    | QuestionScreen
    | LockedScreen
    | RevealScreen
    | RecallScreen
    | RecallAnswerScreen
    | RubricScreen
    | ReadScreen
    | RecapScreen
)
