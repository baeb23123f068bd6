"""The tutor and the grader that the settings name, each built when it is first asked."""

from typing import TYPE_CHECKING

from bot.agent.lazy import LazyGrader, LazyTutor, learn, learn_aside
from bot.settings import Settings
from bot.wiring.engines import build_chat
from curriculum.schema import Course
from tools.bound import BoundCatalogue

if TYPE_CHECKING:
    from bot.agent.grading.grader import Grader
    from bot.agent.tutor import GraphTutor
    from tools.engine.encoder.encoder import SentenceEncoder

TAUGHT_IN = "english"  # the course that ships
ROUNDS = 3  # of a chat model, each of which may be waited for
LONGEST_S = 600.0  # Discord lets an answer be edited for 15 minutes


def build_tutor(
    settings: Settings,
    course: Course,
    instruments: BoundCatalogue,
    encoder: "SentenceEncoder",
    *,
    is_patient: bool = False,
) -> LazyTutor:
    """Return what answers questions: a chat model where one is named, else the course itself.

    Args:
        settings: What the operator chose.
        course: What is taught.
        instruments: The tutor's tools.
        encoder: Ranks passages by meaning.
        is_patient: Learn meanings before the first answer, not beside it.
    """

    def make() -> "GraphTutor":
        from bot.agent.search.search import CourseSearch
        from bot.agent.tutor import ANSWER_S, GraphTutor

        search = CourseSearch.of(course, encoder, settings.cache_dir)
        learn(search) if is_patient else learn_aside(search)
        answer_s = max(ANSWER_S, min(ROUNDS * settings.model_timeout_s, LONGEST_S))
        return GraphTutor(course, search, instruments, build_chat(settings), answer_s=answer_s)

    return LazyTutor(make, lambda: course.lessons)  # another tuple, once a preview has renewed it


def build_grader(settings: Settings, encoder: "SentenceEncoder") -> LazyGrader:
    """Return what grades teach-backs: by a chat model where one is named, else by the notes."""

    def make() -> "Grader":
        from bot.agent.grading.grader import Grader
        from bot.agent.grading.language.loader import load_language
        from bot.agent.grading.model import ModelGrader
        from bot.agent.grading.notes import NotesGrader

        chat, language = build_chat(settings), load_language(TAUGHT_IN)

        async def close() -> None:
            if chat is not None:
                await chat.close()

        model = ModelGrader(language, chat) if chat else None
        return Grader(NotesGrader(language, encoder), model, close)

    return LazyGrader(make)
