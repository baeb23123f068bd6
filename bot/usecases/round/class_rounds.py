"""All that class rounds offer, in one place to hand about."""

from dataclasses import dataclass

from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.clock import Clock
from bot.usecases.round.ports import OpenRounds
from bot.usecases.round.rounds import (
    Arrange,
    AskClass,
    CastVote,
    FindRound,
    LoseCard,
    MoveRound,
    PlaceCard,
    SayHowSure,
    SeeRound,
    SeeVote,
)
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class ClassRounds:
    """Everything that can be done with class rounds."""

    course: Course
    ask: AskClass
    place: PlaceCard
    vote: CastVote
    say_how_sure: SayHowSure
    arrange: Arrange
    see_vote: SeeVote
    move: MoveRound
    find: FindRound
    see: SeeRound
    lose: LoseCard


def class_rounds(
    course: Course, check: CheckInstructor, open_rounds: OpenRounds, now: Clock
) -> ClassRounds:
    """Give each of them what it needs."""
    return ClassRounds(
        course=course,
        ask=AskClass(course, check, open_rounds, now),
        place=PlaceCard(open_rounds),
        vote=CastVote(open_rounds, now),
        say_how_sure=SayHowSure(open_rounds),
        arrange=Arrange(open_rounds),
        see_vote=SeeVote(open_rounds),
        move=MoveRound(check, open_rounds, now),
        find=FindRound(check, open_rounds),
        see=SeeRound(open_rounds, now),
        lose=LoseCard(open_rounds, now),
    )
