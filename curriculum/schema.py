"""What a course is made of. Plain data; the YAML that fills it lives in lessons/ and beside it."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from curriculum import budgets
from curriculum.kinds.base import CoursePart, Line, Number, ProseText, Slug
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.read import ReadStep, passage_along
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep


class Reference(CoursePart):
    """Something to read or watch."""

    title: Line
    by: Line
    kind: Literal["book", "paper", "video", "page"] = "page"
    url: str | None = None


class TryThis(CoursePart):
    """One thing to do on the learner's own cluster, and the command that does it."""

    text: Line
    command: Annotated[str, Field(max_length=budgets.COMMAND)] | None = None


class Lesson(CoursePart):
    """One lesson file."""

    number: Annotated[int, Field(ge=1, le=99)]
    slug: Slug
    title: Line
    version: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1, le=120)]
    promise: Line
    setup: ProseText
    builds_on: tuple[Slug, ...] = Field((), description="Lessons that it takes for known.")
    numbers: tuple[Number, ...] = ()
    misconceptions: dict[Slug, Line]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    recall: Annotated[tuple[RecallStep, ...], Field(min_length=1)]
    teachback: TeachbackStep
    quick_check: Annotated[tuple[ChoiceStep, ...], Field(min_length=3, max_length=5)]
    takeaways: Annotated[tuple[Line, ...], Field(max_length=3)] = Field(
        (), description="Sentences to keep; the lesson's end shows them."
    )
    try_this: TryThis | None = None
    glossary: tuple[str, ...] = Field(description="Terms taught here, spelt as in glossary.yaml.")
    sources: Annotated[tuple[Reference, ...], Field(min_length=1)]
    notebook: str | None = None
    next: Slug | None = None

    @property
    def sequence(self) -> tuple[Step, ...]:
        """Every step: those on the way first, then the recalls that only a review asks."""
        return (*self.way, *self.recall[1:])

    @property
    def way(self) -> tuple[Step, ...]:
        """Every step that a learner meets in the lesson, in order: of the recalls one."""
        return (*self.steps, *self.recall[:1], self.teachback, *self.quick_check)

    def step(self, step_id: str) -> Step:
        """Return the step with this id.

        Raises:
            KeyError: there is none.
        """
        return {step.id: step for step in self.sequence}[step_id]

    def passage_with(self, step_id: str) -> ReadStep | None:
        """Return the passage that stands on the card of a step's answer, if one does."""
        pairs = pairwise(self.way)
        return next((passage_along(*pair) for pair in pairs if pair[0].id == step_id), None)


class Term(CoursePart):
    """A glossary entry."""

    term: Annotated[str, Field(min_length=1, max_length=budgets.TERM)]
    aliases: tuple[str, ...] = ()
    asked: tuple[Line, ...] = Field((), description="How people put it; searched, never shown.")
    everyday: tuple[str, ...] = Field((), description="Of its names, those known before it.")
    lesson: Annotated[int, Field(ge=1, le=99)]
    means: Annotated[str, Field(min_length=1, max_length=budgets.MEANING)]


class CourseStop(CoursePart):
    """A stop on the map of the course: what a lesson adds to the way from text to engine."""

    number: Annotated[int, Field(ge=1, le=99)]
    slug: Slug
    title: Line
    stop: Annotated[str, Field(max_length=budgets.STOP)] | None = None


class Outline(CoursePart):
    """The course as planned: its name and, in order, every lesson, written or not yet.

    Attributes:
        grade: The school grade that its prose may need; null where it isn't in English.
    """

    title: Line
    grade: Annotated[float, Field(ge=1, le=20)] | None = 9
    stages: tuple[CourseStop, ...]


class Cited(CoursePart):
    """Where an answer leads: to a term of the glossary, or to a step of a lesson."""

    term: str | None = None
    lesson: Annotated[int, Field(ge=1, le=99)] | None = None
    step: Slug | None = None


class CourseQuestion(CoursePart):
    """Something people ask, answered. `also` are other ways to ask; never shown, only searched."""

    id: Slug
    ask: Line
    also: Annotated[tuple[Line, ...], Field(min_length=2)]
    answer: ProseText
    cites: Cited
    numbers: tuple[Number, ...] = ()


def _by_line(text: object) -> object:
    return tuple(line.strip() for line in text.splitlines()) if isinstance(text, str) else text


# A block of text, a phrase a line: read ten times as fast as a list, and nothing needs quotes.
Phrases = Annotated[tuple[Line, ...], BeforeValidator(_by_line, json_schema_input_type=str)]


class WaysOfAsking(CoursePart):
    """Ways in which people ask for one thing without naming it; searched, never shown."""

    cites: Cited
    ways: Annotated[Phrases, Field(min_length=1)]


class HowPeopleAsk(CoursePart):
    """How people ask: for what the course teaches, and for what it doesn't."""

    asked: tuple[WaysOfAsking, ...] = ()
    elsewhere: Phrases = ()  # sounds near, but isn't taught here


class GuessPassage(CoursePart):
    """A passage whose end is guessed, word by word. Plain words: no sign is stuck to any."""

    id: Slug
    begin: Line
    goes_on: Annotated[str, Field(pattern=r"^[A-Za-z]+( [A-Za-z]+){4}$", max_length=80)]

    @property
    def words(self) -> tuple[str, ...]:
        """The five words, in order."""
        return tuple(self.goes_on.split())


class Course(CoursePart):
    """All that learners can be taught today."""

    outline: Outline
    lessons: tuple[Lesson, ...]
    terms: tuple[Term, ...]
    questions: tuple[CourseQuestion, ...] = ()
    passages: tuple[GuessPassage, ...] = ()
    asking: HowPeopleAsk = HowPeopleAsk()

    def lesson(self, slug: str) -> Lesson:
        """Return the lesson with this slug.

        Raises:
            KeyError: there is none.
        """
        return {lesson.slug: lesson for lesson in self.lessons}[slug]
