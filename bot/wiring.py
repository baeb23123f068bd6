"""The one place where adapters meet the use cases. What differs between play and run ends here."""

import random
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.agent.grading.late import LateGrader
from bot.domain.errors import NotNow
from bot.domain.tutoring import Brief, Event, Question
from bot.settings import Settings
from bot.store import database, migrate
from bot.store import rounds as rounds_in
from bot.store import talks as talks_in
from bot.store.database import Database
from bot.store.records import open_with
from bot.ui.client import HunchBot
from bot.ui.streaming import Beat
from bot.usecases.asking import AskTutor, ForgetTalk
from bot.usecases.catalogue import UseCases
from bot.usecases.exhibits import SeeLive
from bot.usecases.grading import GradeTeachback, OverruleVerdict
from bot.usecases.instructing import AnswerQuestion, CheckInstructor, ListQuestions, ReadAnswers
from bot.usecases.judging import JudgeToken
from bot.usecases.lesson import BeginLesson, OpenLesson, PresentCard, TakeTurn
from bot.usecases.ports import GradeWords, Tutor
from bot.usecases.progress import ShowHome, ShowProgress
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
    from tools.engine.encoder import SentenceEncoder


def build_bot(
    settings: Settings,
    engine: Engine | None = None,
    tutor: Tutor | None = None,
    beat: Beat | None = None,
    grader: LateGrader | None = None,
) -> HunchBot:
    """Wire a bot, ready for `start`, or for a simulated Discord.

    Args:
        settings: What the operator chose.
        engine: Another engine than the one the settings name.
        tutor: Another tutor than the one the settings name.
        beat: Another clock for the edits of answers than the one on the wall.
        grader: Another grader of teach-backs than the one the settings name.

    Raises:
        CourseError: a lesson file has a mistake; the text lists them all.
        StoreError: the database's address can't be read.
    """
    if problems := check_course(settings):
        raise CourseError(problems)
    course = load_course(settings.course_dir)
    store = connect(settings)
    instruments = BoundCatalogue(engine) if engine else build_catalogue(settings)
    grader = grader or build_grader(settings)

    async def on_start() -> None:
        await migrate.upgrade(store)
        instruments.start()

    async def on_stop() -> None:
        await instruments.close()
        await grader.close()
        await store.dispose()

    return HunchBot(
        use_cases(
            course,
            store,
            instruments,
            tutor or _Unwired(),
            settings.questions_a_day,
            grader,
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


class _Unwired:
    """Stands where the graph will be wired: says so, and answers nothing."""

    async def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        """Refuse."""
        raise NotNow("There is no tutor in this build yet. `/glossary` and `/lesson` go on.")
        yield  # an async generator, as the port says


def build_grader(settings: Settings) -> LateGrader:
    """Return what grades teach-backs: by a chat model where one is named, else by the notes."""

    def make() -> "Grader":
        from bot.agent.grading.grader import Grader
        from bot.agent.grading.model import ModelGrader
        from bot.agent.grading.notes import NotesGrader

        encoder, chat = build_encoder(settings), build_chat(settings)

        async def close() -> None:
            if encoder is not None:
                encoder.close()
            if chat is not None:
                await chat.close()

        return Grader(NotesGrader(encoder), ModelGrader(chat) if chat else None, close)

    return LateGrader(make)


def build_encoder(settings: Settings) -> "SentenceEncoder | None":
    """Return the sentence encoder, where `[local]` is installed; it is fetched when first asked."""
    if find_spec("torch") is None:
        return None
    from tools.engine.encoder import SentenceEncoder
    from tools.engine.encoder_weights import ensure_encoder

    return SentenceEncoder(lambda: ensure_encoder(settings.cache_dir, is_quiet=True))


def build_chat(settings: Settings) -> "Chat | None":
    """Return the chat model that the settings name, if they name one."""
    url, model = settings.chat_url or settings.model_url, settings.chat_model or settings.model
    is_named = settings.chat_model is not None or settings.tutor == "model"
    if settings.tutor == "notes" or not (is_named and url and model):
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
) -> UseCases:
    """Give every use case what it needs."""
    records, talks = open_with(store), talks_in.open_with(store)
    check = CheckInstructor(records)
    return UseCases(
        course=course,
        open_lesson=OpenLesson(course, records, _now),
        begin_lesson=BeginLesson(course, records, _now),
        take_turn=TakeTurn(course, records, JudgeToken(instruments.engine), _now),
        present_card=PresentCard(course, records),
        see_live=SeeLive(course, records, instruments),
        show_home=ShowHome(course, records),
        show_progress=ShowProgress(course, records),
        start_trial=StartTrial(instruments, records, _now),
        turn_trial=TurnTrial(instruments, records, _now, random.Random()),
        present_trial=PresentTrial(instruments, records),
        keep_trial=KeepTrial(records, _now),
        ask_tutor=AskTutor(course, records, talks, tutor, _now, a_day),
        forget_talk=ForgetTalk(talks),
        check_instructor=check,
        list_questions=ListQuestions(check, talks),
        answer_question=AnswerQuestion(check, talks, _now),
        read_answers=ReadAnswers(talks),
        grade_teachback=GradeTeachback(course, records, grade, _now),
        overrule_verdict=OverruleVerdict(course, records, _now),
        rounds=class_rounds(course, check, rounds_in.open_with(store), _now),
    )


def _now() -> datetime:
    return datetime.now(UTC)
