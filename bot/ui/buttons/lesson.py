"""The way through the course: open, begin, see live, write."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.lesson.commands import (
    AskHint,
    Command,
    CommitGuess,
    Draft,
    Explain,
    LockIn,
    Next,
    NextPast,
    Rate,
    Reveal,
    SayAgain,
    Skip,
    Tick,
)
from bot.ui.buttons.kinds import Aside, Errand, LeadsBack, Menu, Opens, Weighed, Written
from bot.ui.buttons.spelling import Spelling, flag, number


@dataclass(frozen=True, slots=True)
class OpenHome(Opens):
    """Show the map of the course."""


@dataclass(frozen=True, slots=True)
class OpenMore(Opens):
    """Show what else there is."""


@dataclass(frozen=True, slots=True)
class OpenOne(Opens):
    """Show a lesson where the learner left it."""

    slug: str


@dataclass(frozen=True, slots=True)
class ToLesson(LeadsBack):
    """Go on with the lesson under way, or with the next one."""


@dataclass(frozen=True, slots=True)
class Begin(Opens):
    """Begin a lesson, or begin it again."""

    slug: str


@dataclass(frozen=True, slots=True)
class Live:
    """Run the step's exhibit on the card."""

    attempt_id: int
    step: str


@dataclass(frozen=True, slots=True)
class TakeUp(Aside):
    """Open the step's exhibit as an instrument, with its knobs."""

    attempt_id: int
    step: str


@dataclass(frozen=True, slots=True)
class ChooseLesson(Opens, Menu[OpenOne]):
    """Choose a lesson from a menu."""

    def chosen(self, value: str) -> OpenOne:
        """Open the lesson with this slug."""
        return OpenOne(value)


@dataclass(frozen=True, slots=True)
class Write(Written[Draft], Weighed[LockIn]):
    """Write an answer, and say how sure."""

    attempt_id: int
    step: str
    lesson: int  # so that the window can quote the question without asking the database

    def written(self, text: str) -> Draft:
        """Take the text as a draft; nothing is committed yet."""
        return Draft(self.attempt_id, self.step, text)

    def weighed(self, text: str, level: int) -> LockIn:
        """Lock the text in."""
        return LockIn(self.attempt_id, self.step, text, level)


@dataclass(frozen=True, slots=True)
class WriteWords(Written[LockIn]):
    """Write what nobody is asked to be sure of; sending it locks it in."""

    attempt_id: int
    step: str
    lesson: int

    def written(self, text: str) -> LockIn:
        """Lock the text in."""
        return LockIn(self.attempt_id, self.step, text, 0)


@dataclass(frozen=True, slots=True)
class WriteAgain(Written[SayAgain]):
    """Write a teach-back anew."""

    attempt_id: int
    step: str
    lesson: int

    def written(self, text: str) -> SayAgain:
        """Put the text in place of the former one."""
        return SayAgain(self.attempt_id, self.step, text)


@dataclass(frozen=True, slots=True)
class WriteWhy(Written[Explain]):
    """Write one line on why."""

    attempt_id: int
    step: str

    def written(self, text: str) -> Explain:
        """Keep the line with the guess."""
        return Explain(self.attempt_id, self.step, text)


@dataclass(frozen=True, slots=True)
class PostRecap(Errand):
    """Post how a lesson went, in the channel."""

    attempt_id: int


LEADS_ON = (Next, NextPast, Rate, Skip, Begin)  # to another step: what was pressed on is done with

HandledLessonPress = Command | OpenHome | OpenMore | OpenOne | ToLesson | Begin | Live | TakeUp
LessonPress = (
    HandledLessonPress | ChooseLesson | Write | WriteWords | WriteAgain | WriteWhy | PostRecap
)

SPELLINGS: Mapping[str, Spelling[LessonPress]] = {
    "draft": Spelling(Draft, (number, str, str)),
    "guess": Spelling(CommitGuess, (number, str, number, str)),
    "lock": Spelling(LockIn, (number, str, str, number)),
    "reveal": Spelling(Reveal, (number, str)),
    "without": Spelling(lambda a, s: Reveal(a, s, is_without_model=True), (number, str)),
    "rate": Spelling(Rate, (number, str, flag)),
    "tick": Spelling(Tick, (number, str, str)),
    "hint": Spelling(AskHint, (number, str)),
    "skip": Spelling(Skip, (number, str)),
    "next": Spelling(Next, (number, str)),
    "past": Spelling(NextPast, (number, str, str)),
    "home": Spelling(OpenHome),
    "more": Spelling(OpenMore),
    "open": Spelling(OpenOne, (str,)),
    "to-lesson": Spelling(ToLesson),
    "begin": Spelling(Begin, (str,)),
    "post-recap": Spelling(PostRecap, (number,)),
    "live": Spelling(Live, (number, str)),
    "take-up": Spelling(TakeUp, (number, str)),
    "write": Spelling(Write, (number, str, number)),
    "words": Spelling(WriteWords, (number, str, number)),
    "again-words": Spelling(WriteAgain, (number, str, number)),
    "why": Spelling(WriteWhy, (number, str)),
    "menu-lesson": Spelling(ChooseLesson),
}
