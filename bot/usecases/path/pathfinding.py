"""All that stands around the lessons' order, in one place to hand about."""

from dataclasses import dataclass

from bot.usecases.clock import Clock
from bot.usecases.path.certifying import ShowCertificate
from bot.usecases.path.placing import FindQuestion, FindStart, ShowPlacement, TakePlacement
from bot.usecases.path.ports import OpenPathRecords
from bot.usecases.path.redoing import CountRedo, ShowRedo, TakeRedo
from curriculum.schema import Course
from curriculum.varying import Figures


@dataclass(frozen=True, slots=True)
class Pathfinding:
    """What a learner can do on their way through the course."""

    show_placement: ShowPlacement
    take_placement: TakePlacement
    find_start: FindStart
    find_question: FindQuestion
    show_redo: ShowRedo
    count_redo: CountRedo
    take_redo: TakeRedo
    show_certificate: ShowCertificate


def pathfinding(
    course: Course, open_records: OpenPathRecords, figures: Figures, now: Clock
) -> Pathfinding:
    """Give every use case of a learner's way what it needs."""
    return Pathfinding(
        show_placement=ShowPlacement(course, open_records),
        take_placement=TakePlacement(course, open_records, now),
        find_start=FindStart(course, open_records),
        find_question=FindQuestion(course, open_records),
        show_redo=ShowRedo(course, open_records, figures),
        count_redo=CountRedo(course, open_records),
        take_redo=TakeRedo(course, open_records, figures, now),
        show_certificate=ShowCertificate(course, open_records),
    )
