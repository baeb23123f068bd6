"""Class rounds as their people use them, on records in memory."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import NotFound, NotNow, NotYours, StaleClick
from bot.domain.learner import Learner
from bot.domain.round.round import Stage
from bot.domain.round.screens import RevealedScreen, VotingScreen
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.round.class_rounds import ClassRounds, class_rounds
from curriculum.schema import Course
from tests.fakes.clock import at_noon
from tests.fakes.lesson import MemoryStore
from tests.fakes.round import MemoryRoundStore

CLASS, CHANNEL, TEACHERS = 900, 55, 7
INA = Learner(1, CLASS, frozenset({TEACHERS}))
MAX = Learner(2, CLASS, is_manager=True)


@dataclass
class Room:
    course: Course
    store: MemoryRoundStore = field(default_factory=MemoryRoundStore)
    people: MemoryStore = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        self.people.kept.instructor_roles[CLASS] = TEACHERS
        check = CheckInstructor(self.people.open)
        self.rounds: ClassRounds = class_rounds(self.course, check, self.store.open, at_noon)

    async def ask(self, step: str = "pick") -> int:
        return (await self.rounds.ask("every-kind", step, CHANNEL, INA)).round.id

    async def vote(self, number: int, turn: int, answer: str, who: int) -> str:
        return (await self.rounds.vote(number, turn, answer, Learner(who, CLASS))).said

    async def move(self, number: int, revision: int, to: Stage) -> object:
        return (await self.rounds.move(number, revision, to, INA)).screen

    async def guesses(self, number: int) -> int:
        shown = await self.rounds.see(number)
        assert shown is not None
        assert isinstance(shown.screen, VotingScreen)
        return shown.screen.guesses


@pytest.fixture
def room(course: Course) -> Room:
    return Room(course)


async def test_only_instructors_ask_move_and_find(room: Room) -> None:
    nobody = Learner(9, CLASS)
    number = await room.ask()
    for attempt in (
        room.rounds.ask("every-kind", "pick", CHANNEL + 1, nobody),
        room.rounds.move(number, 0, Stage.TALK, nobody),
        room.rounds.find(CHANNEL, nobody),
    ):
        with pytest.raises(NotYours):
            await attempt


async def test_another_classs_round_is_neither_voted_in_nor_moved(room: Room) -> None:
    number = await room.ask()
    stranger = Learner(9, CLASS + 1, is_manager=True)
    for attempt in (
        room.rounds.vote(number, 1, "A", stranger),
        room.rounds.say_how_sure(number, 1, 3, stranger),
        room.rounds.see_vote(number, 1, stranger),
        room.rounds.move(number, 0, Stage.TALK, stranger),
    ):
        with pytest.raises(NotYours):
            await attempt
    with pytest.raises(NotFound):
        await room.rounds.find(CHANNEL, stranger)


async def test_a_channel_has_one_round_at_a_time(room: Room) -> None:
    number = await room.ask()
    with pytest.raises(NotNow, match="running"):
        await room.ask("how-many")
    await room.move(number, 0, Stage.ENDED)
    await room.ask("how-many")


async def test_five_hundred_votes_are_counted_exactly_once_each(room: Room) -> None:
    number = await room.ask()

    async def press(who: int) -> bool:
        try:
            await room.vote(number, 1, "ABC"[who % 3], who)
        except StaleClick:
            return False
        return True

    taken = await asyncio.gather(*(press(100 + n % 500) for n in range(1000)))
    assert sum(taken) == 500
    assert await room.guesses(number) == 500


async def test_of_two_instructors_at_once_one_is_told_that_the_other_was_first(room: Room) -> None:
    number = await room.ask()
    done = await asyncio.gather(
        room.rounds.move(number, 0, Stage.TALK, INA),
        room.rounds.move(number, 0, Stage.TALK, MAX),
        return_exceptions=True,
    )
    assert [type(one) for one in done].count(StaleClick) == 1


async def test_a_vote_after_the_spread_isnt_counted(room: Room) -> None:
    number = await room.ask()
    await room.vote(number, 1, "A", 9)
    await room.move(number, 0, Stage.TALK)
    with pytest.raises(StaleClick, match="time to talk"):
        await room.vote(number, 1, "B", 10)
    await room.move(number, 1, Stage.SECOND)
    with pytest.raises(StaleClick, match="Vote again"):
        await room.vote(number, 1, "B", 10)
    await room.vote(number, 2, "B", 10)
    assert await room.guesses(number) == 1


async def test_a_revealed_step_is_known_to_have_been_seen_by_who_voted(room: Room) -> None:
    number = await room.ask()
    await room.vote(number, 1, "A", 9)
    await room.move(number, 0, Stage.TALK)
    assert isinstance(await room.move(number, 1, Stage.REVEALED), RevealedScreen)
    async with room.store.open() as rounds:
        (seen,) = await rounds.seen_by(9)
    assert (seen.lesson, seen.step.id, seen.answer) == ("every-kind", "pick", "A")


async def test_a_lost_card_is_a_rounds_only_if_it_is_the_present_one(room: Room) -> None:
    number = await room.ask()
    await room.rounds.place(number, 70)
    assert await room.rounds.lose.message(CHANNEL, 71) is None
    assert await room.rounds.lose.message(CHANNEL + 1, 70) is None
    lost = await room.rounds.lose.message(CHANNEL, 70)
    assert lost is not None
    assert lost.is_live
    assert await room.rounds.lose.message(CHANNEL, 70) is None


async def test_a_lost_channel_ends_its_round_once(room: Room) -> None:
    await room.ask()
    ended = await room.rounds.lose.channel(CHANNEL)
    assert ended is not None
    assert ended.stage is Stage.ENDED
    assert await room.rounds.lose.channel(CHANNEL) is None


async def test_a_round_that_never_was_is_answered_kindly(room: Room) -> None:
    with pytest.raises(StaleClick, match="can put the question again"):
        await room.vote(99, 1, "A", 9)
    assert await room.rounds.see(99) is None
