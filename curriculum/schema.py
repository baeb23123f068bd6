"""What a lesson is made of. Plain data; the YAML that fills it lives in lessons/.

The field `kind` tells the steps apart. A *guessable* step takes a guess and a confidence before
anything is told; the others are read, played with, or recalled.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from curriculum import budgets

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=budgets.SLUG)]
Line = Annotated[str, Field(min_length=1, max_length=budgets.LINE)]
ProseText = Annotated[str, Field(min_length=1, max_length=budgets.PROSE)]

Chances = Annotated[Mapping[str, Annotated[float, Field(gt=0, lt=1)]], Field(min_length=1)]

ReplyText = Annotated[str, Field(min_length=1, max_length=budgets.REPLY)]

OPTION_KEYS = "ABCDE"


class _Part(BaseModel):
    """Frozen, and closed: a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class Number(_Part):
    """Where a number in the prose comes from: computed by code, or read in a source."""

    value: float
    computed: str | None = Field(None, description="Name of a function that computes it.")
    of: Any = Field(None, description="That function's argument.")
    source: str | None = Field(None, description="Where it was read.")


class ExhibitCall(_Part):
    """An instrument and the parameters it is run with."""

    exhibit: str
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")


class Recorded(_Part):
    """A distribution that was measured once, on a model that is not here."""

    model: str
    hardware: str
    date: str
    source: str
    top: Chances = Field(description="Token text to probability, most likely first.")

    @property
    def rest(self) -> float:
        """The probability that all tokens not listed share, 0 to 1."""
        return 1 - sum(self.top.values())


class Illustration(_Part):
    """A made-up example that shows a shape. Whatever draws it says that it is illustrative."""

    text: Line
    top: Chances = Field(description="Token text to probability, most likely first.")
    lines: tuple[Line, ...] = Field((), description="The loop as pseudocode, a line a stage.")


class Option(_Part):
    """One answer a learner can pick, what a wrong one betrays, and the reply to it."""

    text: Annotated[str, Field(min_length=1, max_length=budgets.OPTION)]
    correct: bool = False
    misconception: str | None = None
    reply: ReplyText


class _Step(_Part):
    id: Slug
    numbers: tuple[Number, ...] = ()
    after: ExhibitCall | None = None


class _Guessable(_Step):
    ask: Line
    lead: Line | None = None
    hints: Annotated[tuple[Line, ...], Field(max_length=budgets.HINTS)] = ()


class ChoiceStep(_Guessable):
    """Pick one of two to five options; exactly one is right."""

    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=budgets.OPTIONS)]
    recorded: Recorded | None = None

    @property
    def answer(self) -> str:
        """The key, A to E, of the right option."""
        return next(k for k, o in zip(OPTION_KEYS, self.options, strict=False) if o.correct)

    def option(self, key: str) -> Option:
        """Return the option with this key.

        Raises:
            KeyError: there is none.
        """
        return dict(zip(OPTION_KEYS, self.options, strict=False))[key]


class Miss(_Part):
    """The belief behind a guess that lies on one side of the answer, and the reply to it."""

    misconception: str | None = None
    reply: ReplyText


class NumberStep(_Guessable):
    """Guess a quantity. Right when within `factor` of the answer, either way."""

    kind: Literal["number"]
    answer: Annotated[float, Field(gt=0)]
    unit: Annotated[str, Field(max_length=budgets.UNIT)] = ""
    factor: Annotated[float, Field(gt=1, le=10)] = 1.1
    reply: ReplyText
    too_low: Miss
    too_high: Miss


class TokenStep(_Guessable):
    """Name the next token of a prompt. The live model scores it by its own probability."""

    kind: Literal["token"]
    prompt: Line
    recorded: Recorded | None = None
    reply: ReplyText


class OrderStep(_Guessable):
    """Put two to five stages in order. They are listed here in the right order."""

    kind: Literal["order"]
    stages: Annotated[tuple[Line, ...], Field(min_length=2, max_length=budgets.OPTIONS)]
    misconception: str | None = None
    reply: ReplyText
    wrong: ReplyText


class TextStep(_Guessable):
    """Answer in one sentence, then hold it against a model answer. Scored by the learner."""

    kind: Literal["text"]
    answer: ProseText


class ReadStep(_Step):
    """A short passage; `after` or `illustrative` is its picture."""

    kind: Literal["read"]
    title: Line
    text: ProseText
    illustrative: Illustration | None = None


class ExhibitStep(_Step):
    """A live instrument to play with; `after` names it."""

    kind: Literal["exhibit"]
    title: Line
    text: ProseText
    after: ExhibitCall


class RecallStep(_Step):
    """A question with its answer hidden; the learner says whether they had it."""

    kind: Literal["recall"] = "recall"
    ask: Line
    answer: ProseText


class Criterion(_Part):
    """One thing a teach-back must say, with ways of saying it and ways of just missing it."""

    id: Slug
    says: Line
    ask: Line | None = Field(None, description="A question that leads there without saying it.")
    counts: tuple[Line, ...] = ()
    near_misses: tuple[Line, ...] = ()


class TeachbackStep(_Step):
    """Explain it to a colleague, then hold it against a rubric."""

    kind: Literal["teachback"] = "teachback"
    ask: Line
    answer: ProseText
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=2, max_length=5)]


Step = Annotated[
    ChoiceStep
    | NumberStep
    | TokenStep
    | OrderStep
    | TextStep
    | ReadStep
    | ExhibitStep
    | RecallStep
    | TeachbackStep,
    Field(discriminator="kind"),
]


class Reference(_Part):
    """Something to read or watch."""

    title: Line
    by: Line
    kind: Literal["book", "paper", "video", "page"] = "page"
    url: str | None = None


class Lesson(_Part):
    """One lesson file."""

    number: Annotated[int, Field(ge=1, le=99)]
    slug: Slug
    title: Line
    version: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1, le=120)]
    promise: Line
    setup: ProseText
    numbers: tuple[Number, ...] = ()
    misconceptions: dict[Slug, Line]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    recall: Annotated[tuple[RecallStep, ...], Field(min_length=1)]
    teachback: TeachbackStep
    quick_check: Annotated[tuple[ChoiceStep, ...], Field(min_length=3, max_length=5)]
    glossary: tuple[str, ...] = Field(description="Terms taught here, spelt as in glossary.yaml.")
    sources: Annotated[tuple[Reference, ...], Field(min_length=1)]
    notebook: str | None = None
    next: Slug | None = None

    @property
    def sequence(self) -> tuple[Step, ...]:
        """Every step in the order a learner meets it."""
        return (*self.steps, *self.recall, self.teachback, *self.quick_check)

    def step(self, step_id: str) -> Step:
        """Return the step with this id.

        Raises:
            KeyError: there is none.
        """
        return {step.id: step for step in self.sequence}[step_id]


class Term(_Part):
    """A glossary entry."""

    term: Annotated[str, Field(min_length=1, max_length=budgets.TERM)]
    aliases: tuple[str, ...] = ()
    asked: tuple[Line, ...] = Field((), description="How people put it; searched, never shown.")
    lesson: Annotated[int, Field(ge=1, le=99)]
    means: Annotated[str, Field(min_length=1, max_length=budgets.MEANING)]


class CourseStop(_Part):
    """A stop on the map of the course: what a lesson adds to the way from text to engine."""

    number: Annotated[int, Field(ge=1, le=99)]
    slug: Slug
    title: Line
    stop: Annotated[str, Field(max_length=budgets.STOP)] | None = None


class Outline(_Part):
    """The course as planned: its name and, in order, every lesson, written or not yet."""

    title: Line
    stages: tuple[CourseStop, ...]


class Cited(_Part):
    """Where an answer leads: to a term of the glossary, or to a step of a lesson."""

    term: str | None = None
    lesson: Annotated[int, Field(ge=1, le=99)] | None = None
    step: Slug | None = None


class CourseQuestion(_Part):
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


class WaysOfAsking(_Part):
    """Ways in which people ask for one thing without naming it; searched, never shown."""

    cites: Cited
    ways: Annotated[Phrases, Field(min_length=1)]


class HowPeopleAsk(_Part):
    """How people ask: for what the course teaches, and for what it doesn't."""

    asked: tuple[WaysOfAsking, ...] = ()
    elsewhere: Phrases = ()  # sounds near, but isn't taught here


class GuessPassage(_Part):
    """A passage whose end is guessed, word by word. Plain words: no sign is stuck to any."""

    id: Slug
    begin: Line
    goes_on: Annotated[str, Field(pattern=r"^[A-Za-z]+( [A-Za-z]+){4}$", max_length=80)]

    @property
    def words(self) -> tuple[str, ...]:
        """The five words, in order."""
        return tuple(self.goes_on.split())


class Course(_Part):
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
