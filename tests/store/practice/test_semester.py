"""A semester of a class: at its end every count is what the guesses themselves say."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.classroom.change import thousandths
from bot.domain.errors import TutorError
from bot.domain.learner import NO_COHORT, Learner
from bot.domain.lesson.attempt import Attempt, Phase, mark_of
from bot.domain.lesson.commands import (
    AskHint,
    Command,
    CommitGuess,
    Draft,
    Explain,
    Next,
    Rate,
    Reveal,
    Skip,
)
from bot.domain.lesson.scoring import tally_key
from bot.domain.practice.commands import GradeCard, LookUp
from bot.domain.practice.review import LOOKED
from bot.domain.practice.scheduling import Grade, Scheduling, reviewed
from bot.domain.practice.screens import RestScreen
from bot.domain.round.round import Stage
from bot.store import migrate
from bot.store.daily import dailies
from bot.store.database import opened, transaction
from bot.store.instrument import trials
from bot.store.lesson.records import open_with
from bot.store.practice import reviews
from bot.store.practice.reviews import SqlReviews, _review
from bot.store.round import rounds
from bot.store.tables.practice import REVIEW
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.lesson.turns import BeginLesson, TakeTurn
from bot.usecases.practice.desk import Rules
from bot.usecases.practising import practising
from bot.usecases.round.choosing import steps_to_put
from bot.usecases.round.class_rounds import class_rounds
from curriculum.schema import Course
from tests.domain.lesson.walks import answer_to
from tests.fakes.clock import NOW
from tests.fakes.model import FakeEngine

CLASSES = (900, 901, NO_COHORT)
TEACHER = 1000
DAYS, LEARNERS, PRESSES = 90, 60, 60


@dataclass
class Semester:
    """Learners who come when they like, and press what they like."""

    database: AsyncEngine
    course: Course
    chance: random.Random
    now: datetime = NOW
    refused: Counter[str] = field(default_factory=Counter)
    graded: int = 0

    def __post_init__(self) -> None:
        self.records = open_with(self.database)
        judge = JudgeToken(FakeEngine())
        turn = TakeTurn(self.course, self.records, judge, self.clock)
        self.begin = BeginLesson(self.course, self.records, self.clock)
        cards, daily = reviews.open_with(self.database), dailies.open_with(self.database)
        kept = trials.open_with(self.database)
        self.practice = practising(turn, cards, daily, kept, judge, self.clock, Rules())
        check, voting = CheckInstructor(self.records), rounds.open_with(self.database)
        self.rounds = class_rounds(self.course, check, voting, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def run(self, learners: int, days: int, presses: int) -> None:
        """Let the days pass; each press comes at some time of some day, from somebody."""
        moments = sorted(
            (self.chance.uniform(0, days), self.chance.randrange(1, learners + 1))
            for _ in range(learners * presses)
        )
        for nth, (moment, number) in enumerate(moments):
            self.now = NOW + timedelta(days=moment)
            learner = Learner(number, self.chance.choice(CLASSES), name=f"name {number}")
            if self.chance.random() < 0.2:
                await self.review(learner)
            else:
                await self.press(learner)
            if nth % 90 == 45:
                await self.round(learners)

    async def review(self, learner: Learner) -> None:
        """Look at the card on the table, and say how it went."""
        screen = await self.practice.show_review(learner)
        if isinstance(screen, RestScreen):
            return
        place = screen.place
        look = LookUp(place.card_id, place.revision, LOOKED)
        grade = self.chance.choice(tuple(Grade))
        for command in (look, GradeCard(place.card_id, place.revision + 1, int(grade))):
            try:
                await self.practice.take_review(command, learner)
                self.graded += isinstance(command, GradeCard)
            except TutorError as refused:
                self.refused[type(refused).__name__] += 1

    async def round(self, learners: int) -> None:
        """Put a step to a class: two votes, with talk between, and the answer."""
        cohort = self.chance.choice(CLASSES[:2])
        teacher = Learner(TEACHER, cohort, is_manager=True)
        lesson = self.chance.choice(self.course.lessons)
        step = self.chance.choice(steps_to_put(lesson))
        put = (await self.rounds.ask(lesson.slug, step.id, cohort, teacher)).round
        voters = self.chance.sample(range(1, learners + 1), 9)
        for turn, then in ((1, (Stage.TALK, Stage.SECOND)), (2, (Stage.REVEALED,))):
            for number in voters[turn - 1 :]:
                answer = answer_to(step, is_right=self.chance.random() < 0.3 * turn)
                voter = Learner(number, cohort)
                await self.rounds.vote(put.id, turn, answer, voter)
                if self.chance.random() < 0.5:
                    index = self.chance.randrange(5)
                    await self.rounds.say_how_sure(put.id, turn, index, voter)
            for stage in then:
                put = (await self.rounds.move(put.id, put.revision, stage, teacher)).round

    async def press(self, learner: Learner) -> None:
        """Do one thing that this learner could do, or couldn't any more."""
        lesson = self.chance.choice(self.course.lessons)
        async with self.records() as records:
            attempt = await records.latest_attempt(learner.id, lesson.slug)
        if attempt is None or (attempt.phase is Phase.FINISHED and self.chance.random() < 0.2):
            await self.begin(lesson.slug, learner)
            return
        for command in self.commands(attempt):
            times = 2 if self.chance.random() < 0.05 else 1  # a double click
            for _ in range(times):
                try:
                    await self.practice.take_turn(command, learner)
                except TutorError as refused:
                    self.refused[type(refused).__name__] += 1

    def commands(self, attempt: Attempt) -> list[Command]:
        """Return what may be pressed next; sometimes what no longer fits."""
        if attempt.phase is Phase.FINISHED:
            return [Next(attempt.id, "gone")]
        step = self.course.lesson(attempt.lesson).step(attempt.step)
        here = (attempt.id, step.id)
        if attempt.phase is Phase.LOCKED:
            return [self.chance.choice([Reveal(*here), Reveal(*here), Explain(*here, "so")])]
        if attempt.phase is Phase.REVEALED:
            is_rated = step.kind in ("recall", "text")
            had_it = self.chance.random() < 0.6
            return [Rate(*here, had_it=had_it) if is_rated else Next(*here)]
        if step.kind in ("read", "exhibit"):
            return [Next(*here)]
        if step.kind == "recall":
            return [Reveal(*here)]
        if self.chance.random() < 0.1:
            return [self.chance.choice([Skip(*here), AskHint(*here)])]
        answer = answer_to(step, is_right=self.chance.random() < 0.5)
        level = self.chance.randrange(5)
        return [Draft(*here, answer), CommitGuess(*here, level, mark_of(answer))]


@pytest.fixture
def twice(course: Course) -> Course:
    """Three lessons with every kind of step."""
    lesson = course.lessons[0]
    three = (lesson.model_copy(update={"number": n, "slug": f"lesson-{n}"}) for n in (1, 2, 3))
    return course.model_copy(update={"lessons": tuple(three)})


@pytest.fixture
async def both(url: str) -> AsyncIterator[AsyncEngine]:
    async with opened(url) as engine:
        yield engine


async def test_after_a_semester_every_count_is_what_the_guesses_say(
    both: AsyncEngine, twice: Course
) -> None:
    semester = Semester(both, twice, random.Random(5))
    is_file = both.dialect.name == "sqlite"
    size = (LEARNERS, DAYS, PRESSES) if is_file else (20, DAYS, 40)
    await semester.run(*size)
    assert semester.refused["StaleClick"] > 5

    counted = await _counts(both)
    tries, runs, votes = await _recounted(both, twice, await _seen(both))
    assert sum(one[0] for one in tries.values()) > size[0]
    assert counted == (tries, runs, votes)
    await _places_are_right(both)
    await _rounds_are_right(both)
    assert await _reviews_are_right(both) == semester.graded > 5

    await migrate.downgrade(both, "0004")
    await migrate.upgrade(both)
    everything = await _recounted(both, twice, {})
    assert everything[0] != tries, "nobody guessed what a round had shown"
    assert (await _counts(both))[:2] == everything[:2]


async def _counts(database: AsyncEngine) -> tuple[dict, dict, dict]:  # type: ignore[type-arg]
    async with transaction(database) as connection:
        tries = (await connection.execute(text("SELECT * FROM first_try"))).all()
        runs = (await connection.execute(text("SELECT * FROM standing"))).all()
        votes = (await connection.execute(text("SELECT * FROM tally"))).all()
    return (
        {tuple(row[:4]): tuple(row[4:]) for row in tries},
        {tuple(row[:2]): tuple(row[2:]) for row in runs},
        {tuple(row[:4]): tuple(row[4:]) for row in votes},
    )


Seen = dict[tuple[int, str, str], datetime]


async def _seen(database: AsyncEngine) -> Seen:
    """Return when a round first revealed a step's answer to whom."""
    query = (
        "SELECT v.learner_id, r.lesson, r.step, min(r.changed) FROM class_vote v"
        " JOIN class_round r ON r.id = v.round_id WHERE r.stage = 'revealed' GROUP BY 1, 2, 3"
    )
    async with transaction(database) as connection:
        found = (await connection.execute(text(query))).all()
    return {(who, lesson, step): _moment(when) for who, lesson, step, when in found}


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _rounds_are_right(database: AsyncEngine) -> None:
    """The tally of each round is its votes: what was said, after what, and by how many surely."""
    recount = (
        "SELECT v.round_id, v.turn, coalesce(CASE WHEN v.turn = 2 THEN f.answer END, ''),"
        " v.answer, count(*), sum(CASE WHEN v.confidence >= 0.85 THEN 1 ELSE 0 END)"
        " FROM class_vote v LEFT JOIN class_vote f ON f.round_id = v.round_id AND f.turn = 1"
        " AND f.learner_id = v.learner_id GROUP BY 1, 2, 3, 4"
    )
    async with transaction(database) as connection:
        votes = (await connection.execute(text(recount))).all()
        kept = (await connection.execute(text("SELECT * FROM class_count"))).all()
    assert len(kept) > 10
    assert {tuple(row) for row in votes} == {tuple(row) for row in kept}


async def _reviews_are_right(database: AsyncEngine) -> int:
    """Each review leads from what was known before to what the next found; return how many."""
    count = 0
    async with transaction(database) as connection:
        held = (await connection.execute(text("SELECT id, learner_id FROM card"))).all()
        by_id = {number: await SqlReviews(connection).card(number) for number, _ in held}
        for number, _ in held:
            query = select(REVIEW).where(REVIEW.c.card_id == number).order_by(REVIEW.c.id)
            made = [_review(row) for row in (await connection.execute(query)).all()]
            card = by_id[number]
            assert card is not None
            ends = [
                *(one.before for one in made[1:]),
                card.memory,
            ]  # of none: the card as it was made
            for one, after in zip(made, ends, strict=False):
                assert reviewed(one.before, one.grade, one.at, Scheduling()) == after
            assert card.reviews == len(made)
            count += len(made)
    return count


async def _recounted(database: AsyncEngine, course: Course, seen: Seen) -> tuple[dict, dict, dict]:  # type: ignore[type-arg]
    """Count anew, from nothing but attempts and guesses, less those whose answer was known."""
    tries: Counter[tuple[object, ...]] = Counter()
    judged, right, votes, rights = Counter(tries), Counter(tries), Counter(tries), Counter(tries)
    begun, done = Counter(tries), Counter(tries)
    for attempt in await _attempts(database):
        if attempt.run > 1:
            continue
        place = (attempt.cohort_id, attempt.lesson)
        begun[place] += 1
        done[place] += attempt.phase is Phase.FINISHED
        for guess in attempt.guesses:
            shown = seen.get((attempt.learner_id, attempt.lesson, guess.step))
            if shown is not None and shown <= guess.at:
                continue
            if guess.confidence is not None:
                key = (*place, guess.step, thousandths(guess.confidence))
                tries[key] += 1
                judged[key] += guess.is_right is not None
                right[key] += guess.is_right is True
            step = course.lesson(attempt.lesson).step(guess.step)
            heading = tally_key(step, guess.answer) if step.kind != "recall" else None
            if heading is not None:
                votes[*place, guess.step, heading] += 1
                rights[*place, guess.step, heading] += guess.is_right is True
    return (
        {key: (tries[key], judged[key], right[key]) for key in tries},
        {key: (begun[key], done[key]) for key in begun},
        {key: (votes[key], rights[key]) for key in votes},
    )


async def _attempts(database: AsyncEngine) -> list[Attempt]:
    async with transaction(database) as connection:
        ids = (await connection.execute(text("SELECT id FROM learner ORDER BY id"))).scalars().all()
    found: list[Attempt] = []
    for learner in ids:
        async with open_with(database)() as records:
            found += await records.attempts_of(learner)
    return found


async def _places_are_right(database: AsyncEngine) -> None:
    """Each membership says a step on which its learner really stands, or none."""
    standing = {(a.learner_id, a.lesson, a.step) for a in await _attempts(database)}
    query = "SELECT learner_id, lesson, step FROM membership WHERE since IS NOT NULL"
    async with transaction(database) as connection:
        places = (await connection.execute(text(query))).all()
    assert places
    assert {tuple(row) for row in places} <= standing
