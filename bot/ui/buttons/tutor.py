"""Asking: write a question, stop an answer, go to a source; an instructor's answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui.buttons.kinds import Aside, Errand, LeadsBack, Written
from bot.ui.buttons.spelling import Spelling, number


@dataclass(frozen=True, slots=True)
class Ask(Errand):
    """Ask the tutor; with a step in mind, where there is one."""

    text: str
    lesson: int | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class WriteQuestion(Aside, Written[Ask]):
    """Write a question."""

    def written(self, text: str) -> Ask:
        """Ask it."""
        return Ask(text)


@dataclass(frozen=True, slots=True)
class WriteAbout(Aside, Written[Ask]):
    """Write a question about a step."""

    lesson: int
    step: str

    def written(self, text: str) -> Ask:
        """Ask it with the step in mind."""
        return Ask(text, self.lesson, self.step)


@dataclass(frozen=True, slots=True)
class StopAnswer(Errand):
    """Stop the answer that is being written for this learner."""

    learner_id: int


@dataclass(frozen=True, slots=True)
class OpenStep(LeadsBack):
    """Go to the lesson of a step."""

    slug: str
    step: str


@dataclass(frozen=True, slots=True)
class GoAndGuess(LeadsBack):
    """Go and guess at a step; from an answer that was read, on to the next question."""

    slug: str
    step: str


@dataclass(frozen=True, slots=True)
class OpenTerm(Aside):
    """Go to a word of the glossary."""

    term: str


@dataclass(frozen=True, slots=True)
class WriteTerm(Aside, Written[OpenTerm]):
    """Write a word to be explained."""

    def written(self, text: str) -> OpenTerm:
        """Go to it."""
        return OpenTerm(text)


@dataclass(frozen=True, slots=True)
class ForgetHere(Aside, Errand):
    """Forget what was asked in this channel."""


@dataclass(frozen=True, slots=True)
class OpenTrial(Aside):
    """Take up an instrument that was run for an answer."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """Answer a question of the class."""

    question_id: int
    text: str


@dataclass(frozen=True, slots=True)
class WriteAnswer(Written[GiveAnswer]):
    """Write an answer to a question of the class."""

    question_id: int

    def written(self, text: str) -> GiveAnswer:
        """Give it."""
        return GiveAnswer(self.question_id, text)


HandledTutorPress = OpenStep | GoAndGuess | OpenTerm | OpenTrial | GiveAnswer
TutorPress = (
    HandledTutorPress
    | Ask
    | StopAnswer
    | ForgetHere
    | WriteQuestion
    | WriteAbout
    | WriteTerm
    | WriteAnswer
)

SPELLINGS: Mapping[str, Spelling[TutorPress]] = {
    "ask": Spelling(WriteQuestion),
    "about": Spelling(WriteAbout, (number, str)),
    "stop": Spelling(StopAnswer, (number,)),
    "step": Spelling(OpenStep, (str, str)),
    "go-guess": Spelling(GoAndGuess, (str, str)),
    "word": Spelling(WriteTerm),
    "forget": Spelling(ForgetHere),
    "term": Spelling(OpenTerm, (str,)),
    "trial": Spelling(OpenTrial, (number,)),
    "answer": Spelling(WriteAnswer, (number,)),
}
