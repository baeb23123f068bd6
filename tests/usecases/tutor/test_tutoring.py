"""A question to the tutor: counted, in the light of the learner's place, kept, bounded."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import NotFound, NotNow, NotYours, StaleClick, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import mark_of
from bot.domain.lesson.commands import CommitGuess, Draft
from bot.domain.lesson.screens import QuestionScreen
from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import (
    LONGEST_QUESTION,
    Brief,
    Event,
    Exchange,
    Outcome,
    Question,
    Reply,
    Said,
    Venue,
)
from bot.store import migrate
from bot.store.database import connect
from bot.store.lesson.records import open_with
from bot.store.tutor import talks
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.lesson.turns import BeginLesson, TakeTurn
from bot.usecases.tutor.asking import Answered, AskTutor, ForgetTalk
from bot.usecases.tutor.questions import AnswerQuestion, ListQuestions, ReadAnswers
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course
from tests.fakes.clock import NOW, at_noon
from tests.fakes.model import FakeEngine

ADA = Learner(1, 900)
TEACHER = Learner(2, 900, is_manager=True)
PRIVATE, PUBLIC = Venue(7, is_private=True), Venue(7, is_private=False)
A_DAY = 3
DONE = Reply("Because.", Outcome.ANSWERED, Mode.NOTES, (Source(7, term="KV cache"),), tokens=9)


@dataclass
class ToldTutor:
    """Says what it is told to. Implements `Tutor`."""

    reply: Reply = DONE
    asked: list[tuple[Question, Brief]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    closed: int = 0
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        self.asked.append((question, brief))
        self.begun.set()
        try:
            yield Said("Be")
            await self.gate.wait()
            if self.failure:
                raise self.failure
            yield self.reply
        finally:
            self.closed += 1


class Room:
    """The use cases around a tutor, on a database of their own."""

    def __init__(self, course: Course, url: str) -> None:
        self.tutor, self.database, self.course = ToldTutor(), connect(url), course
        records, self.talks = open_with(self.database), talks.open_with(self.database)
        self.now = NOW
        self.ask_tutor = AskTutor(course, records, self.talks, self.tutor, lambda: self.now, A_DAY)
        self.begin = BeginLesson(course, records, at_noon)
        self.turn = TakeTurn(course, records, JudgeToken(FakeEngine()), at_noon)
        self.check = CheckInstructor(records)
        self.answer = AnswerQuestion(self.check, self.talks, at_noon)
        self.listed = ListQuestions(self.check, self.talks)
        self.read = ReadAnswers(self.talks)
        self.forget = ForgetTalk(self.talks)

    async def ask(self, text: str = "Why?", who: Learner = ADA, place: Venue = PRIVATE) -> Answered:
        is_instructor = await self.check(who)
        events = self.ask_tutor(text, who, place, is_instructor=is_instructor)
        async with aclosing(events):
            *_, last = [event async for event in events]
        assert isinstance(last, Answered)
        return last


@pytest.fixture
async def room(course: Course, tmp_path: Path) -> AsyncGenerator[Room]:
    room = Room(course, f"sqlite:///{tmp_path}/hunch.sqlite")
    await migrate.upgrade(room.database)
    yield room
    await room.database.dispose()


async def test_an_answer_is_kept_and_known_at_the_next_question(room: Room) -> None:
    assert (await room.ask("Why so?")).reply == DONE
    await room.ask("And then?")
    assert room.tutor.asked[0][0] == Question("Why so?")
    assert room.tutor.asked[1][0] == Question("And then?", (Exchange("Why so?", "Because."),))


async def test_what_is_said_in_private_is_unknown_in_public(room: Room) -> None:
    await room.ask("Why so?", place=PRIVATE)
    await room.ask("And then?", place=PUBLIC)
    assert room.tutor.asked[1][0].earlier == ()


async def test_forgetting_is_forgetting(room: Room) -> None:
    await room.ask("Why so?")
    assert await room.forget(ADA, PRIVATE) == 1
    await room.ask("And then?")
    assert room.tutor.asked[1][0].earlier == ()


async def test_the_tutor_knows_the_guess_that_was_committed(room: Room, course: Course) -> None:
    lesson = course.lessons[0]
    step = next(s for s in lesson.sequence if isinstance(s, ChoiceStep))
    shown = await room.begin(lesson.slug, ADA)
    attempt = shown.screen.place.attempt_id  # type: ignore[union-attr]
    assert lesson.sequence[0].id == step.id
    await room.turn(Draft(attempt, step.id, "A"), ADA)
    await room.ask()
    await room.turn(CommitGuess(attempt, step.id, 2, mark_of("A")), ADA)
    await room.ask()
    await room.ask(place=PUBLIC)
    source = Source(lesson.number, step=step.id)
    before, after, aloud = (brief for _, brief in room.tutor.asked)
    assert source in before.spoilers.steps
    assert source not in after.spoilers.steps
    assert after.guesses[0].source == source
    assert source in aloud.spoilers.steps
    assert {b.learner_id for b in (before, after, aloud)} == {ADA.id}


async def test_a_letter_is_the_learners_own_and_reaches_the_tutor_in_words(
    room: Room, course: Course
) -> None:
    lesson = course.lessons[0]
    shown = await room.begin(lesson.slug, ADA)
    screen = shown.screen
    assert isinstance(screen, QuestionScreen)
    attempt, step = screen.place.attempt_id, screen.place.step
    last = screen.choices[-1]
    asked = f"why not {last.letter}?"
    await room.ask(asked)
    await room.turn(Draft(attempt, step, screen.choices[0].key), ADA)
    await room.turn(CommitGuess(attempt, step, 2, mark_of(screen.choices[0].key)), ADA)
    await room.ask(asked)
    await room.ask(asked, place=PUBLIC)
    before, after, aloud = (question.text for question, _ in room.tutor.asked)
    assert before == aloud == asked
    assert after == f"why not {last.letter} ({last.text})?"


async def test_the_day_s_questions_end_and_begin_anew(room: Room) -> None:
    left = [(await room.ask()).left for _ in range(A_DAY)]
    assert left == [2, 1, 0]
    with pytest.raises(NotNow, match="12 h 0 min"):
        await room.ask()
    room.now += timedelta(days=1)
    assert (await room.ask()).left == 2


async def test_instructors_ask_as_much_as_they_like(room: Room) -> None:
    assert [(await room.ask(who=TEACHER)).left for _ in range(A_DAY + 2)] == [None] * 5


async def test_fifty_questions_at_once_are_answered_once(room: Room) -> None:
    room.tutor.gate.clear()
    asking = [asyncio.create_task(room.ask()) for _ in range(50)]
    await room.tutor.begun.wait()
    refused, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    assert refused
    room.tutor.gate.set()
    ended = await asyncio.gather(*asking, return_exceptions=True)
    assert sum(isinstance(one, Answered) for one in ended) == 1
    assert sum(isinstance(one, NotNow) and "/more stop" in str(one) for one in ended) == 49
    assert len(room.tutor.asked) == 1


async def test_leaving_an_answer_closes_it_and_frees_the_learner(room: Room) -> None:
    room.tutor.gate.clear()
    async with aclosing(room.ask_tutor("Why?", ADA, PRIVATE)) as events:
        assert isinstance(await anext(events), Said)
    gc.collect()
    assert room.tutor.closed == 1
    room.tutor.gate.set()
    assert (await room.ask()).reply == DONE


async def test_a_tutor_that_breaks_leaves_the_learner_free_to_ask_again(room: Room) -> None:
    room.tutor.failure = RuntimeError("broken")
    with pytest.raises(RuntimeError):
        await room.ask()
    room.tutor.failure = None
    assert (await room.ask()).reply == DONE


@pytest.mark.parametrize("text", ["", " \n", "??!", "\u200b\x00", "x" * (LONGEST_QUESTION + 1)])
async def test_a_question_that_can_t_be_read_costs_nothing(room: Room, text: str) -> None:
    with pytest.raises(UnusableAnswer):
        await room.ask(text)
    assert (await room.ask()).left == A_DAY - 1


async def test_an_unanswered_question_is_listed_answered_and_told(room: Room) -> None:
    room.tutor.reply = Reply("I can't.", Outcome.ABSTAINED, Mode.NOTES)
    assert (await room.ask("What of x?")).on_list
    (open_one,) = await room.listed(TEACHER)
    assert open_one.text == "What of x?"
    await room.answer(open_one.id, " This. ", TEACHER)
    with pytest.raises(StaleClick):
        await room.answer(open_one.id, "That.", TEACHER)
    assert await room.listed(TEACHER) == []
    (told,) = await room.read(ADA)
    assert told.answer == "This."
    await room.read.mark(told.id)
    assert await room.read(ADA) == []


async def test_a_question_outside_the_course_goes_to_nobody(room: Room) -> None:
    room.tutor.reply = Reply("Outside.", Outcome.OUTSIDE, Mode.NOTES)
    assert not (await room.ask("What's for lunch?")).on_list
    assert await room.listed(TEACHER) == []


async def test_only_instructors_of_the_class_see_and_answer(room: Room) -> None:
    room.tutor.reply = Reply("I can't.", Outcome.ABSTAINED, Mode.NOTES)
    await room.ask("What of x?")
    (open_one,) = await room.listed(TEACHER)
    other = Learner(3, 901, is_manager=True)
    assert await room.listed(other) == []
    with pytest.raises(NotFound):
        await room.answer(open_one.id, "Mine.", other)
    for nobody in (ADA, Learner(TEACHER.id)):
        with pytest.raises(NotYours):
            await room.listed(nobody)
        with pytest.raises(NotYours):
            await room.answer(open_one.id, "Mine.", nobody)


@pytest.mark.parametrize("text", ["", "  ", "x" * 1501])
async def test_an_instructor_s_answer_has_a_length(room: Room, text: str) -> None:
    room.tutor.reply = Reply("I can't.", Outcome.ABSTAINED, Mode.NOTES)
    await room.ask("What of x?")
    (open_one,) = await room.listed(TEACHER)
    with pytest.raises(UnusableAnswer):
        await room.answer(open_one.id, text, TEACHER)
