"""All that practising offers, in one place to hand about."""

from contextlib import nullcontext
from dataclasses import dataclass

from bot.usecases.clock import Clock
from bot.usecases.daily.guessing import PlayDaily
from bot.usecases.daily.ports import OpenDailies
from bot.usecases.instrument.ports import OpenTrials
from bot.usecases.lesson.ports import KeepTogether, from_the_first
from bot.usecases.lesson.revealing import RevealAtOnce
from bot.usecases.lesson.turns import AskEvidence, TakeTurn
from bot.usecases.practice.desk import Rules
from bot.usecases.practice.ports import OpenReviews
from bot.usecases.practice.reminding import DueReminders, Remind, ShowReminder, StopReminders
from bot.usecases.practice.reviewing import KeepCards, ShowReview, TakeReview
from bot.usecases.progress.standing import ShowHome, ShowProgress, Way
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class Practising:
    """What a learner can do beside lessons."""

    show_review: ShowReview
    take_review: TakeReview
    remind: Remind
    stop_reminders: StopReminders
    show_reminder: ShowReminder
    due_reminders: DueReminders
    daily: PlayDaily
    show_home: ShowHome
    show_progress: ShowProgress
    take_turn: KeepCards


def practising(
    take_turn: TakeTurn,
    open_reviews: OpenReviews,
    open_dailies: OpenDailies,
    open_trials: OpenTrials,
    judge_token: AskEvidence,
    now: Clock,
    rules: Rules,
    way: Way | None = None,
    keep_together: KeepTogether = nullcontext,
) -> Practising:
    """Give every use case of practising what it needs; the course is the turn's."""
    course: Course = take_turn.course
    return Practising(
        show_review=ShowReview(course, open_reviews, now, rules),
        take_review=TakeReview(course, open_reviews, now, rules),
        remind=Remind(open_reviews, now),
        stop_reminders=StopReminders(open_reviews),
        show_reminder=ShowReminder(open_reviews),
        due_reminders=DueReminders(course, open_reviews, now, rules),
        daily=PlayDaily(course, open_dailies, judge_token, now),
        show_home=ShowHome(course, open_reviews, now, rules, way),
        show_progress=ShowProgress(
            course, open_reviews, open_trials, now, rules, way.start_of if way else from_the_first
        ),
        take_turn=KeepCards(
            RevealAtOnce(take_turn, keep_together), course, open_reviews, now, rules
        ),
    )
