"""The one place where adapters meet the use cases. What differs between play and run ends here."""

import random
from dataclasses import dataclass
from functools import partial

from bot.agent.lazy import LazyGrader
from bot.clock import utc_now
from bot.closing import close_all
from bot.domain.practice.review import Quota
from bot.settings import Settings
from bot.store import migrate
from bot.store.daily import dailies as dailies_in
from bot.store.database import Database, connect, kept_together
from bot.store.instrument import trials as trials_in
from bot.store.lesson.records import open_with
from bot.store.path import paths as paths_in
from bot.store.posting import posts as posts_in
from bot.store.practice import reviews as reviews_in
from bot.store.privacy import privacy as privacy_in
from bot.store.round import rounds as rounds_in
from bot.store.tutor import talks as talks_in
from bot.ui.client import Hook, HunchBot
from bot.ui.edge.streaming import Beat
from bot.usecases.catalogue import UseCases
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.clock import Clock
from bot.usecases.instrument.guessing import AskFirst, GuessTrial
from bot.usecases.instrument.trials import KeepTrial, PresentTrial, StartTrial, TurnTrial
from bot.usecases.lesson.exhibits import SeeLive
from bot.usecases.lesson.grading import GradeTeachback
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.lesson.ports import GradeWords, OpenRecords
from bot.usecases.lesson.recapping import ShowRecap
from bot.usecases.lesson.turns import BeginLesson, OpenLesson, PresentCard, TakeTurn
from bot.usecases.path.pathfinding import Pathfinding, pathfinding
from bot.usecases.posting.posting import PostOnce
from bot.usecases.practice.desk import Rules
from bot.usecases.practising import Practising, practising
from bot.usecases.privacy.own_data import own_data
from bot.usecases.progress.standing import Way
from bot.usecases.round.class_rounds import class_rounds
from bot.usecases.tutor.asking import AskTutor, ForgetTalk
from bot.usecases.tutor.glossary import KeepBack
from bot.usecases.tutor.ports import Tutor
from bot.usecases.tutor.questions import AnswerQuestion, ListQuestions, ReadAnswers
from bot.wiring.classroom import build_classroom
from bot.wiring.course import checked_course
from bot.wiring.engines import build_catalogue, build_encoder, receivers_of
from bot.wiring.tutors import build_grader, build_tutor
from curriculum.schema import Course
from tools.bound import BoundCatalogue
from tools.engine.base import Engine
from tools.figures import FIGURES


def build_bot(
    settings: Settings,
    engine: Engine | None = None,
    tutor: Tutor | None = None,
    beat: Beat | None = None,
    grader: LazyGrader | None = None,
    now: Clock | None = None,
    course: Course | None = None,
) -> HunchBot:
    """Wire a bot, ready for `start`; whoever asks for it closes it.

    Whatever is given stands in for what the settings name: an engine, a tutor, a grader, a clock
    for the edits of answers (`beat`), the clock on the wall, a course that was read before.

    Raises:
        CourseError: a lesson file has a mistake; the text lists them all.
        StoreError: the database's address can't be read.
    """
    course = course or checked_course(settings)
    store = connect(settings.database_url)
    instruments = BoundCatalogue(engine) if engine else build_catalogue(settings)
    encoder = build_encoder(settings)
    grader = grader or build_grader(settings, encoder)
    late = build_tutor(settings, course, instruments, encoder)
    needs = Needs(course, store, instruments, tutor or late, grader, now or utc_now, settings)

    async def on_start() -> None:
        await migrate.upgrade(store)
        instruments.start()

    on_stop = partial(
        close_all,
        instruments=instruments.close,
        grader=grader.close,
        tutor=late.close,
        encoder=encoder.close,
        store=store.dispose,
    )
    hooks: dict[str, Hook] = {"on_start": on_start, "on_stop": on_stop}
    return HunchBot(use_cases(needs), shards=settings.shards or None, beat=beat, **hooks)


@dataclass(frozen=True, slots=True)
class Needs:
    """What the use cases are made of."""

    course: Course
    store: Database
    instruments: BoundCatalogue
    tutor: Tutor
    grade: GradeWords
    now: Clock
    settings: Settings


def use_cases(needs: Needs) -> UseCases:
    """Give every use case what it needs."""
    course, store, instruments, now = needs.course, needs.store, needs.instruments, needs.now
    records, talks = open_with(store), talks_in.open_with(store)
    rounds, trials = rounds_in.open_with(store), trials_in.open_with(store)
    start, check = StartTrial(instruments, trials, now), CheckInstructor(records)
    path = pathfinding(course, paths_in.open_with(store), FIGURES, now)
    practice, a_day = _practice(needs, records, path), needs.settings.questions_a_day
    return UseCases(
        course=course,
        open_lesson=OpenLesson(course, records, now, path.find_start),
        begin_lesson=BeginLesson(course, records, now),
        take_turn=practice.take_turn,
        present_card=PresentCard(course, records),
        show_recap=ShowRecap(course, records),
        see_live=SeeLive(course, records, instruments),
        show_home=practice.show_home,
        show_progress=practice.show_progress,
        open_trial=AskFirst(instruments, trials, start, now),
        start_trial=start,
        guess_trial=GuessTrial(instruments, trials, now),
        turn_trial=TurnTrial(instruments, trials, now, random.Random()),
        present_trial=PresentTrial(instruments, trials),
        keep_trial=KeepTrial(trials, now),
        keep_back=KeepBack(course, records, check, rounds),
        ask_tutor=AskTutor(course, records, talks, needs.tutor, now, a_day, rounds),
        forget_talk=ForgetTalk(talks),
        check_instructor=check,
        list_questions=ListQuestions(check, talks),
        answer_question=AnswerQuestion(check, talks, now),
        read_answers=ReadAnswers(talks),
        grade_teachback=GradeTeachback(course, records, needs.grade, now),
        rounds=class_rounds(course, check, rounds, now),
        own_data=own_data(privacy_in.open_with(store), privacy_in.wipe_with(store), now),
        receivers=receivers_of(needs.settings),
        post_once=PostOnce(posts_in.open_with(store), now),
        classroom=build_classroom(course, store, now),
        practice=practice,
        path=path,
    )


def _practice(needs: Needs, records: OpenRecords, path: Pathfinding) -> Practising:
    judge = JudgeToken(needs.instruments.engine)
    turn = TakeTurn(needs.course, records, judge, needs.now)
    cards, dailies = reviews_in.open_with(needs.store), dailies_in.open_with(needs.store)
    trials = trials_in.open_with(needs.store)
    rules, way = _rules(needs.settings), _way(path)
    together = kept_together(needs.store)
    return practising(turn, cards, dailies, trials, judge, needs.now, rules, way, together)


def _way(path: Pathfinding) -> Way:
    return Way(path.find_start, path.find_question, path.count_redo)


def _rules(settings: Settings) -> Rules:
    quota = Quota(settings.reviews_a_day, settings.new_reviews_a_day)
    return Rules(quota, settings.retention)
