"""The one place where adapters meet the use cases. What differs between play and run ends here."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.agent.grading.late import LateGrader
from bot.agent.late import LateTutor, learn, learn_aside
from bot.domain.passages import passages_of
from bot.domain.review import Quota
from bot.report.writer import ReportWriter
from bot.settings import Settings
from bot.store import classes as classes_in
from bot.store import dailies as dailies_in
from bot.store import database, migrate
from bot.store import privacy as privacy_in
from bot.store import reviews as reviews_in
from bot.store import rounds as rounds_in
from bot.store import talks as talks_in
from bot.store.database import Database
from bot.store.records import open_with
from bot.store.reports import SqlReports
from bot.ui.client import HunchBot
from bot.ui.streaming import Beat
from bot.usecases.asking import AskTutor, ForgetTalk
from bot.usecases.catalogue import UseCases
from bot.usecases.classroom import Classroom, classroom
from bot.usecases.desk import Rules
from bot.usecases.exhibits import SeeLive
from bot.usecases.grading import GradeTeachback, OverruleVerdict
from bot.usecases.instructing import AnswerQuestion, CheckInstructor, ListQuestions, ReadAnswers
from bot.usecases.judging import JudgeToken
from bot.usecases.lesson import BeginLesson, OpenLesson, PresentCard, TakeTurn
from bot.usecases.ports import Clock, GradeWords, Tutor
from bot.usecases.practising import practising
from bot.usecases.privacy import own_data
from bot.usecases.rounds import class_rounds
from bot.usecases.trials import KeepTrial, PresentTrial, StartTrial, TurnTrial
from curriculum.check import check
from curriculum.errors import CourseError, Problem
from curriculum.loader import HERE, load_course
from curriculum.schema import Course
from tools import catalogue
from tools.bound import BoundCatalogue
from tools.engine.base import Engine
from tools.engine.embedded import EMBEDDED
from tools.engine.guard import Guard
from tools.engine.limits import Limits
from tools.engine.local import LocalEngine
from tools.engine.shared import SharedEngine
from tools.engine.weights import ensure
from tools.figures import FIGURES

if TYPE_CHECKING:
    from bot.agent.chat import Chat
    from bot.agent.grading.grader import Grader
    from bot.agent.tutor import GraphTutor
    from tools.engine.encoder import SentenceEncoder


def build_bot(
    settings: Settings,
    engine: Engine | None = None,
    tutor: Tutor | None = None,
    beat: Beat | None = None,
    grader: LateGrader | None = None,
    now: Clock | None = None,
) -> HunchBot:
    """Wire a bot, ready for `start`, or for a simulated Discord.

    Args:
        settings: What the operator chose.
        engine: Another engine than the one the settings name.
        tutor: Another tutor than the one the settings name.
        beat: Another clock for the edits of answers than the one on the wall.
        grader: Another grader of teach-backs than the one the settings name.
        now: Another clock than the one on the wall.

    Raises:
        CourseError: a lesson file has a mistake; the text lists them all.
        StoreError: the database's address can't be read.
    """
    if problems := check_course(settings):
        raise CourseError(problems)
    course = load_course(settings.course_dir)
    store = connect(settings)
    instruments = BoundCatalogue(engine) if engine else build_catalogue(settings)
    encoder = build_encoder(settings)
    grader = grader or build_grader(settings, encoder)
    late = build_tutor(settings, course, instruments, encoder)

    async def on_start() -> None:
        await migrate.upgrade(store)
        instruments.start()

    async def on_stop() -> None:
        await instruments.close()
        await grader.close()
        await late.close()
        encoder.close()
        await store.dispose()

    return HunchBot(
        use_cases(
            course,
            store,
            instruments,
            tutor or late,
            settings.questions_a_day,
            grader,
            _rules(settings),
            now or utc_now,
        ),
        shards=settings.shards or None,
        on_start=on_start,
        on_stop=on_stop,
        beat=beat,
    )


def check_course(settings: Settings) -> list[Problem]:
    """Return every mistake in the course's files, with the real figures and instruments."""
    instruments = {name: i.params.model_validate for name, i in catalogue.INSTRUMENTS.items()}
    return check(settings.course_dir or HERE, FIGURES, instruments)


def connect(settings: Settings) -> Database:
    """Open the settings' database; a SQLite file's folder is made if need be.

    Raises:
        StoreError: the address can't be read, or the folder can't be made.
    """
    return database.connect(settings.database_url)


def build_catalogue(settings: Settings) -> BoundCatalogue:
    """Return the instruments on the engine that the settings name, with the embedded one behind."""
    engine = build_engine(settings)
    return BoundCatalogue(engine, _embedded(settings) if settings.model_url else None)


def build_engine(settings: Settings) -> Engine:
    """Return the engine that the settings name: the cluster, another local model, the embedded."""
    if settings.model_url and settings.model:
        from tools.engine.cluster import ClusterEngine  # openai: 1 s and 45 MB that play can spare

        url, model, key = settings.model_url, settings.model, settings.model_key.get_secret_value()
        cluster = ClusterEngine(url, model, key, timeout_s=settings.model_timeout_s)
        return SharedEngine(cluster, guard=Guard(Limits(at_once=settings.model_at_once)))
    if settings.local_model:
        source = settings.local_model
        return SharedEngine(LocalEngine(lambda: source, model=Path(source).name, name="local"))
    return _embedded(settings)


def _embedded(settings: Settings) -> Engine:
    return SharedEngine(LocalEngine(lambda: ensure(settings.cache_dir), model=EMBEDDED.name))


def build_tutor(
    settings: Settings,
    course: Course,
    instruments: BoundCatalogue,
    encoder: "SentenceEncoder",
    *,
    is_patient: bool = False,
) -> LateTutor:
    """Return what answers questions: a chat model where one is named, else the course itself.

    Args:
        settings: What the operator chose.
        course: What is taught.
        instruments: The tutor's tools.
        encoder: Ranks passages by meaning.
        is_patient: Learn meanings before the first answer, not beside it.
    """

    def make() -> "GraphTutor":
        from bot.agent.search import CourseSearch
        from bot.agent.tutor import GraphTutor

        search = CourseSearch(passages_of(course), encoder, settings.cache_dir)
        learn(search) if is_patient else learn_aside(search)
        return GraphTutor(course, search, instruments, build_chat(settings))

    return LateTutor(make)


def build_grader(settings: Settings, encoder: "SentenceEncoder") -> LateGrader:
    """Return what grades teach-backs: by a chat model where one is named, else by the notes."""

    def make() -> "Grader":
        from bot.agent.grading.grader import Grader
        from bot.agent.grading.model import ModelGrader
        from bot.agent.grading.notes import NotesGrader

        chat = build_chat(settings)

        async def close() -> None:
            if chat is not None:
                await chat.close()

        return Grader(NotesGrader(encoder), ModelGrader(chat) if chat else None, close)

    return LateGrader(make)


def build_encoder(settings: Settings) -> "SentenceEncoder":
    """Return the sentence encoder; it is fetched when first asked, and needs no torch."""
    from tools.engine.encoder import SentenceEncoder
    from tools.engine.encoder_weights import ensure_encoder

    return SentenceEncoder(lambda: ensure_encoder(settings.cache_dir, is_quiet=True))


def build_chat(settings: Settings) -> "Chat | None":
    """Return the chat model that the settings name; None where the notes have to do."""
    url, model = settings.chat_url or settings.model_url, settings.chat_model or settings.model
    is_small = settings.tutor == "auto" and model == EMBEDDED.name  # `make cluster` serves it
    if settings.tutor == "notes" or is_small or not (url and model):
        return None
    from bot.agent.chat import Chat
    from tools.engine.server import Server

    key = (settings.chat_key if settings.chat_url else settings.model_key).get_secret_value()
    return Chat(Server(url, key), model, answer_tokens=settings.answer_tokens)


def use_cases(
    course: Course,
    store: Database,
    instruments: BoundCatalogue,
    tutor: Tutor,
    a_day: int,
    grade: GradeWords,
    rules: Rules,
    now: Clock,
) -> UseCases:
    """Give every use case what it needs."""
    records, talks = open_with(store), talks_in.open_with(store)
    check = CheckInstructor(records)
    judge = JudgeToken(instruments.engine)
    turn = TakeTurn(course, records, judge, now)
    cards, dailies = reviews_in.open_with(store), dailies_in.open_with(store)
    practice = practising(turn, cards, dailies, judge, now, rules)
    return UseCases(
        course=course,
        open_lesson=OpenLesson(course, records, now),
        begin_lesson=BeginLesson(course, records, now),
        take_turn=practice.take_turn,
        present_card=PresentCard(course, records),
        see_live=SeeLive(course, records, instruments),
        show_home=practice.show_home,
        show_progress=practice.show_progress,
        start_trial=StartTrial(instruments, records, now),
        turn_trial=TurnTrial(instruments, records, now, random.Random()),
        present_trial=PresentTrial(instruments, records),
        keep_trial=KeepTrial(records, now),
        ask_tutor=AskTutor(course, records, talks, tutor, now, a_day, rounds_in.open_with(store)),
        forget_talk=ForgetTalk(talks),
        check_instructor=check,
        list_questions=ListQuestions(check, talks),
        answer_question=AnswerQuestion(check, talks, now),
        read_answers=ReadAnswers(talks),
        grade_teachback=GradeTeachback(course, records, grade, now),
        overrule_verdict=OverruleVerdict(course, records, now),
        rounds=class_rounds(course, check, rounds_in.open_with(store), now),
        own_data=own_data(privacy_in.open_with(store), privacy_in.wipe_with(store), now),
        classroom=build_classroom(course, store, now),
        practice=practice,
    )


def build_classroom(course: Course, store: Database, now: Clock) -> Classroom:
    """Give the use cases about classes what they need; their reports open the database anew."""
    url = store.sync_engine.url.render_as_string(hide_password=False)
    return classroom(
        course,
        open_with(store),
        classes_in.open_with(store),
        SqlReports(url),
        ReportWriter(),
        now,
    )


def _rules(settings: Settings) -> Rules:
    quota = Quota(settings.reviews_a_day, settings.new_reviews_a_day)
    return Rules(quota, settings.retention)


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)
