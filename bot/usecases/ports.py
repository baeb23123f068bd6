"""What the use cases need from the outside. Adapters implement these; tests fake them."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.classroom.change import Change
from bot.domain.instrument.trial import Trial
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt, Guess
from bot.domain.lesson.teachback import Graded, Grading
from bot.domain.privacy.held import Held
from bot.domain.round.round import Ballot, Count, Round, Seen, Vote
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief, Event, Exchange, OpenQuestion, Place, Question, Reply
from curriculum.schema import TeachbackStep
from tools.exhibit.exhibit import Exhibit
from tools.instrument import Turning


class Records(Protocol):
    """All that is kept about learners, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def instructor_role(self, cohort_id: int) -> int | None:
        """Return the role that a class's instructors have; None: none was named."""
        ...

    async def attempt(self, attempt_id: int) -> Attempt | None:
        """Load one attempt and hold it until the transaction ends.

        It says of the present step whether a class round that the learner voted in revealed it.
        """
        ...

    async def latest_attempt(self, learner_id: int, lesson: str) -> Attempt | None:
        """Load a learner's last run of a lesson."""
        ...

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        """Load every run of every lesson."""
        ...

    async def begin(
        self, learner: Learner, lesson: str, run: int, step: str, now: datetime
    ) -> Attempt:
        """Open a run and count it; the same run asked for twice is the same attempt."""
        ...

    async def save(self, before: Attempt, after: Attempt, now: datetime) -> None:
        """Write what changed."""
        ...

    async def first_guess(self, learner_id: int, lesson: str, step: str) -> Guess | None:
        """Load the guess of the first run at a step."""
        ...

    async def count_vote(
        self, cohort_id: int, lesson: str, step: str, answer: str, *, right: int, vote: int
    ) -> None:
        """Add to the class's tally of an answer."""
        ...

    async def count(self, attempt: Attempt, change: Change, now: datetime) -> None:
        """Add what a turn changes to the class's counts; `attempt` is as it stands after it."""
        ...

    async def votes(self, cohort_id: int, lesson: str, step: str) -> Mapping[str, int]:
        """Return how often each answer was given in a class."""
        ...

    async def open_trial(
        self, learner: Learner, instrument: str, chosen: Mapping[str, Any], now: datetime
    ) -> Trial:
        """Keep the state of an instrument that was opened; its learner must be enrolled."""
        ...

    async def trial(self, trial_id: int) -> Trial | None:
        """Load one."""
        ...

    async def save_trial(self, trial: Trial, now: datetime) -> bool:
        """Write the trial over its former revision; False if another click was first."""
        ...

    async def grading(self, attempt_id: int, step: str) -> Grading | None:
        """Load the grading of a teach-back."""
        ...

    async def keep_grading(self, attempt_id: int, step: str, grading: Grading) -> None:
        """Keep a grading; the first of a teach-back stays."""
        ...

    async def keep_override(
        self, attempt_id: int, step: str, grading: Grading, criterion: str
    ) -> None:
        """Write what instructors said of a criterion."""
        ...


class OpenRecords(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Records]:
        """Open it."""
        ...


class Instruments(Protocol):
    """The catalogue, on the engines at hand. Each method may raise `tools.errors.ToolError`."""

    def checked(self, name: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Return all of an instrument's parameters, checked, as plain data."""
        ...

    async def run(self, name: str, chosen: Mapping[str, Any]) -> Exhibit:
        """Return what the instrument produced."""
        ...

    async def turned(
        self, name: str, chosen: Mapping[str, Any], turning: Turning
    ) -> dict[str, Any]:
        """Return the parameters after a knob was turned, as plain data."""
        ...


class GradeWords(Protocol):
    """Holds a teach-back against its rubric."""

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[tuple[Graded, ...], str]:
        """Return a verdict on each criterion, in their order, and the mode: `model` or `notes`.

        Raises:
            ToolError: it can't be graded just now.
        """
        ...


class Tutor(Protocol):
    """Answers questions."""

    def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        """Yield what happens on the way, and a `Reply` at the end; leaving early stops it."""
        ...


class Talks(Protocol):
    """Conversations with the tutor, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def count_question(self, learner_id: int, day: date) -> int:
        """Count one question of a learner's day; return how many there have been."""
        ...

    async def count_tokens(self, learner_id: int, day: date, tokens: int) -> None:
        """Add what a chat model read and wrote."""
        ...

    async def earlier(self, learner_id: int, place: Place, most: int) -> Sequence[Exchange]:
        """Return the last exchanges of a conversation, the latest last."""
        ...

    async def keep(
        self, learner: Learner, place: Place, question: str, reply: Reply, now: datetime
    ) -> int:
        """Keep an exchange, let go of the oldest beyond what is kept; return its id."""
        ...

    async def forget(self, learner_id: int, place: Place) -> int:
        """Delete a conversation; return how many exchanges it had."""
        ...

    async def put_question(
        self, learner: Learner, text: str, found: Sequence[Source], now: datetime
    ) -> int | None:
        """Put a question on the instructors' list; return its id.

        Outside of any server it is the list of the class that they joined last; None: of none.
        """
        ...

    async def open_questions(self, cohort_id: int) -> Sequence[OpenQuestion]:
        """Return a class's unanswered questions, the oldest first."""
        ...

    async def question(self, question_id: int) -> OpenQuestion | None:
        """Load one, answered or not."""
        ...

    async def answer_question(
        self, question_id: int, by: int, text: str, now: datetime
    ) -> OpenQuestion | None:
        """Write an instructor's answer; None if it has been answered already."""
        ...

    async def untold(self, learner_id: int) -> Sequence[OpenQuestion]:
        """Return a learner's answered questions that they haven't been told of."""
        ...

    async def mark_told(self, question_id: int) -> None:
        """Remember that the learner has read the answer."""
        ...


class OpenTalks(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Talks]:
        """Open it."""
        ...


class Rounds(Protocol):
    """Class rounds, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def begin(self, new: Round, now: datetime) -> Round | None:
        """Keep a round under an id of its own; None if one is running in its channel."""
        ...

    async def round(self, round_id: int) -> Round | None:
        """Load one, as it was put."""
        ...

    async def live_in(self, channel_id: int) -> Round | None:
        """Load the one that runs in a channel."""
        ...

    async def live_since(self, begun: datetime) -> Sequence[int]:
        """Return the ids of those running that began no earlier, and have a card."""
        ...

    async def place(self, round_id: int, message_id: int | None) -> None:
        """Remember which message shows a round."""
        ...

    async def move(self, after: Round, now: datetime) -> bool:
        """Write a round over its former revision; False if another move was first."""
        ...

    async def ballot(self, round_id: int, learner_id: int) -> Ballot | None:
        """Load a round with what a learner said in it; it can't move on until the end."""
        ...

    async def cast(self, vote: Vote, now: datetime) -> bool:
        """Keep a vote and count it; False if one of theirs was there already."""
        ...

    async def say_sure(self, vote: Vote, confidence: float, *, is_sure: bool) -> bool:
        """Keep how sure the voter is; False if they had said already."""
        ...

    async def counts(self, round_id: int) -> Sequence[Count]:
        """Return a round's tally, by turn, then answer."""
        ...

    async def seen_by(self, learner_id: int) -> Sequence[Seen]:
        """Return the steps whose answers a learner has seen in rounds they voted in."""
        ...


class OpenRounds(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Rounds]:
        """Open it."""
        ...


class Privacy(Protocol):
    """All that is held about one person, inside one open transaction."""

    async def everything(self, learner_id: int) -> Held:
        """Return every row about a person, by table; tables without one are left out."""
        ...

    async def first_seen(self, learner_id: int) -> datetime | None:
        """Return since when they are known; None: they aren't. Holds them until the end."""
        ...

    async def delete(self, learner_id: int) -> None:
        """Delete a person and all that is theirs; where they are named on others' rows, unname."""
        ...


class OpenPrivacy(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Privacy]:
        """Open it."""
        ...


class Clock(Protocol):
    """Tell the time."""

    def __call__(self) -> datetime:
        """Return now, in UTC."""
        ...
