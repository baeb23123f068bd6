"""What every kind of step has, and what the check asks of each."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from curriculum import budgets
from curriculum.errors import KeyPath

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=budgets.SLUG)]
Line = Annotated[str, Field(min_length=1, max_length=budgets.LINE)]
ProseText = Annotated[str, Field(min_length=1, max_length=budgets.PROSE)]
ReplyText = Annotated[str, Field(min_length=1, max_length=budgets.REPLY)]
Chances = Annotated[Mapping[str, Annotated[float, Field(gt=0, lt=1)]], Field(min_length=1)]

OPTION_KEYS = "ABCDE"


class CoursePart(BaseModel):
    """Frozen, and closed: a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class Number(CoursePart):
    """Where a number in the prose comes from: computed by code, or read in a source."""

    value: float
    computed: str | None = Field(None, description="Name of a function that computes it.")
    of: Any = Field(None, description="That function's argument.")
    source: str | None = Field(None, description="Where it was read.")
    is_key: bool = Field(False, description="Gives the step's key anew: see docs/course.md.")


class ExhibitCall(CoursePart):
    """An instrument and the parameters it is run with."""

    exhibit: str
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")


class Recorded(CoursePart):
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


class Illustration(CoursePart):
    """A made-up example that shows a shape. Whatever draws it says that it is illustrative."""

    text: Line
    top: Chances = Field(description="Token text to probability, most likely first.")
    lines: tuple[Line, ...] = Field((), description="The loop as pseudocode, a line a stage.")


class At(NamedTuple):
    """Something about a step, and the way from the step to where it stands."""

    way: KeyPath
    text: str


class StepBase(CoursePart):
    """A step of a lesson. Each kind says what its cards hold and what its file must keep to.

    Attributes:
        PROSE: Its fields that a learner reads; a field that holds parts gives theirs.
        UNREAD: Its texts that are no prose: keys, prompts, what a grader compares with.
    """

    PROSE: ClassVar[Mapping[str, tuple[str, ...]]]
    UNREAD: ClassVar[frozenset[str]] = frozenset({"id", "kind", "misconception"})

    id: Slug
    numbers: tuple[Number, ...] = ()
    after: ExhibitCall | None = None

    @abstractmethod
    def heads(self) -> tuple[str, ...]:
        """Return what its first card says before anything that may be pressed."""

    @abstractmethod
    def offered(self) -> tuple[str, ...]:
        """Return what a guess is made from, a line or more each: options, stages, a prompt."""

    @abstractmethod
    def told(self) -> tuple[str, ...]:
        """Return the texts that may follow the question, one at a time."""

    @abstractmethod
    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """Return its tables of probabilities, by field."""

    @abstractmethod
    def beliefs(self) -> Iterator[At]:
        """Yield the misconceptions that its wrong answers name."""

    @abstractmethod
    def mistakes(self) -> Iterator[At]:
        """Yield what is wrong with it beyond the schema."""


class ShownStep(StepBase):
    """A step that only shows: nothing is asked, and nothing follows."""

    PROSE: ClassVar = {"title": (), "text": ()}

    kind: str  # stands here so that it comes before the title in the schema
    title: Line
    text: ProseText

    def heads(self) -> tuple[str, ...]:
        """Return the title and the text."""
        return (self.title, self.text)

    def offered(self) -> tuple[str, ...]:
        """Nothing is asked."""
        return ()

    def told(self) -> tuple[str, ...]:
        """Nothing follows."""
        return ()

    def beliefs(self) -> Iterator[At]:
        """Nothing is asked."""
        yield from ()

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema."""
        yield from ()


class AskedStep(StepBase):
    """A step that puts a question."""

    ask: Line

    def heads(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.ask,)


class OwnWordsStep(AskedStep):
    """A step that is answered in one's own words, and judged by more than a comparison."""

    def offered(self) -> tuple[str, ...]:
        """Nothing: the words are the learner's."""
        return ()

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}

    def beliefs(self) -> Iterator[At]:
        """The learner judges it, or a rubric."""
        yield from ()

    def mistakes(self) -> Iterator[At]:
        """Nothing beyond the schema."""
        yield from ()


class GuessableStep(AskedStep):
    """A step that takes a guess and a confidence before anything is told."""

    lead: Line | None = None
    hints: Annotated[tuple[Line, ...], Field(max_length=budgets.HINTS)] = ()

    def heads(self) -> tuple[str, ...]:
        """Return the question, and what leads to it."""
        return (self.ask, self.lead or "")


class KnownWrong(CoursePart):
    """A wrong answer that people believe in: the belief behind it, and the reply to it."""

    misconception: str | None = None
    reply: ReplyText


class ArrangedStep(GuessableStep):
    """A step that is answered by an arrangement; `wrong` replies to any that isn't known."""

    misconception: str | None = None
    reply: ReplyText
    wrong: ReplyText


def named(*beliefs: tuple[KeyPath, str | None]) -> Iterator[At]:
    """Yield the beliefs that are named, each with its place."""
    for way, belief in beliefs:
        if belief is not None:
            yield At((*way, "misconception"), belief)


ASKED: Mapping[str, tuple[str, ...]] = {"ask": (), "lead": (), "hints": ()}
