import random
from dataclasses import dataclass, field

import pytest

from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt, Phase, mark_of
from bot.domain.lesson.commands import Command, CommitGuess, Draft, Next, Rate, Reveal, Skip
from bot.usecases.instrument.trials import PresentTrial, StartTrial, TurnTrial
from bot.usecases.lesson.exhibits import SeeLive
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.lesson.turns import BeginLesson, LessonShown, OpenLesson, PresentCard, TakeTurn
from bot.usecases.practice.desk import Rules
from bot.usecases.progress.standing import ShowHome, ShowProgress
from curriculum.kinds.text import TextStep
from curriculum.schema import Course
from tests.domain.lesson.walks import answer_to
from tests.fakes.clock import at_noon
from tests.fakes.lesson import MemoryStore
from tests.fakes.model import FakeEngine
from tests.fakes.practice import MemoryPractice
from tools.bound import BoundCatalogue

SLUG = "every-kind"
CLASS = 900


@dataclass
class Stage:
    """Every use case, on fakes, and short ways to get a learner somewhere."""

    course: Course
    store: MemoryStore = field(default_factory=MemoryStore)
    engine: FakeEngine = field(default_factory=FakeEngine)

    def __post_init__(self) -> None:
        records = self.store.open
        self.engine.on_call = self._require_no_transaction
        self.practice = MemoryPractice(self.store)
        self.open_lesson = OpenLesson(self.course, records, at_noon)
        self.begin_lesson = BeginLesson(self.course, records, at_noon)
        self.take_turn = TakeTurn(self.course, records, JudgeToken(self.engine), at_noon)
        self.present_card = PresentCard(self.course, records)
        instruments = BoundCatalogue(self.engine)
        self.see_live = SeeLive(self.course, records, instruments)
        self.show_home = ShowHome(self.course, self.practice.open_reviews, at_noon, Rules())
        self.show_progress = ShowProgress(
            self.course, self.practice.open_reviews, records, at_noon, Rules()
        )
        self.start_trial = StartTrial(instruments, records, at_noon)
        self.turn_trial = TurnTrial(instruments, records, at_noon, random.Random(1))
        self.present_trial = PresentTrial(instruments, records)

    def _require_no_transaction(self) -> None:
        assert not self.store.is_open, "the model was asked inside a transaction"

    def attempt(self, attempt_id: int = 1) -> Attempt:
        return self.store.kept.attempts[attempt_id]

    def votes(self, step: str, cohort: int = CLASS) -> dict[str, tuple[int, int]]:
        """Return each answer's votes, and how many of those were right."""
        kept = self.store.kept.tallies.items()
        return {key[3]: count for key, count in kept if key[:3] == (cohort, SLUG, step)}

    async def give(self, learner: Learner, *commands: Command) -> LessonShown:
        for command in commands:
            shown = await self.take_turn(command, learner)
        return shown

    async def go_to(self, learner: Learner, step: str) -> int:
        """Begin and skip up to a step; return the attempt's id."""
        await self.begin_lesson(SLUG, learner)
        mine = [a for a in self.store.kept.attempts.values() if a.learner_id == learner.id]
        latest = max(mine, key=lambda attempt: attempt.run)
        while (present := self.attempt(latest.id)).step != step:
            await self.take_turn(Skip(latest.id, present.step), learner)
        return latest.id

    async def guess(self, learner: Learner, step: str, answer: str, level: int = 2) -> int:
        """Begin, skip up to a step, and lock in a guess there; return the attempt's id."""
        at = await self.go_to(learner, step)
        given = (Draft(at, step, answer), CommitGuess(at, step, level, mark_of(answer)))
        await self.give(learner, *given)
        return at

    async def finish(self, learner: Learner, *, is_right: bool) -> int:
        """Go through the whole lesson, guessing everything; return the attempt's id."""
        at = await self.go_to(learner, self.course.lessons[0].sequence[0].id)
        while (present := self.attempt(at)).phase is not Phase.FINISHED:
            step = self.course.lessons[0].step(present.step)
            here = (at, step.id)
            if step.kind in ("read", "exhibit"):
                await self.give(learner, Next(*here))
            elif step.kind == "recall":
                await self.give(learner, Reveal(*here), Rate(*here, had_it=is_right))
            else:
                answer = answer_to(step, is_right=is_right)
                answer = " sofa" if step.kind == "token" and not is_right else answer
                commit = CommitGuess(*here, 3, mark_of(answer))
                is_rated = isinstance(step, TextStep)
                on = Rate(*here, had_it=is_right) if is_rated else Next(*here)
                await self.give(learner, Draft(*here, answer), commit, Reveal(*here), on)
        return at


@pytest.fixture
def stage(course: Course) -> Stage:
    return Stage(course)


@pytest.fixture
def ada() -> Learner:
    return Learner(1, CLASS)


@pytest.fixture
def bob() -> Learner:
    return Learner(2, CLASS)
