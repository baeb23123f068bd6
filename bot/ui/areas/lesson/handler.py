"""The way through the course: open, begin, take a turn, see live."""

from dataclasses import dataclass, replace
from functools import partial
from typing import get_args

from bot.domain.errors import LessonGone, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.lesson.commands import Rate, Skip
from bot.domain.lesson.screens import RubricScreen
from bot.ui.areas.lesson.windows import answer_window, why_window
from bot.ui.buttons.lesson import (
    Begin,
    HandledLessonPress,
    Live,
    OpenHome,
    OpenMore,
    OpenOne,
    TakeUp,
    ToLesson,
    Write,
    WriteAgain,
    WriteWhy,
    WriteWords,
)
from bot.ui.cards.kit import HELP, Card
from bot.ui.cards.pages import draw_help
from bot.ui.cards.progress.home import draw_home
from bot.ui.edge.drawn import draw_shown, draw_trial
from bot.ui.edge.handler import Refusal, Windows
from bot.usecases.catalogue import UseCases
from bot.usecases.lesson.turns import LessonShown
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class LessonHandler:
    """Lessons and the map."""

    use: UseCases

    presses = frozenset(get_args(HandledLessonPress))

    async def card(self, press: HandledLessonPress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        if isinstance(press, OpenOne | Begin) and not self._is_there(press.slug):
            raise LessonGone
        match press:
            case OpenHome():
                return await home_card(self.use, learner)
            case OpenMore():
                return await more_card(self.use, learner)
            case OpenOne(slug):
                return shown_card(self.use, await self.use.open_lesson(slug, learner), learner)
            case ToLesson():
                return shown_card(self.use, await self.use.open_lesson(None, learner), learner)
            case Begin(slug):
                return draw_shown(await self.use.begin_lesson(slug, learner))
            case Live(attempt_id, step):
                shown = await self.use.see_live(attempt_id, step, learner)
                return shown_card(self.use, shown, learner)
            case TakeUp(attempt_id, step):
                exhibit = await self.use.see_live.taken_up(attempt_id, step, learner)
                return draw_trial(await self.use.start_trial(*exhibit, learner))
            case _:
                shown = await self.use.take_turn(press, learner)
                if shown.note is None:
                    shown = replace(shown, note=_came_of(press, shown))
                return shown_card(self.use, shown, learner)

    def _is_there(self, slug: str) -> bool:
        return any(lesson.slug == slug for lesson in self.use.course.lessons)

    async def present(self, press: HandledLessonPress, learner: Learner, refused: Refusal) -> Card:
        """Return the attempt's card as it stands, with the reason on it."""
        if isinstance(refused, LessonGone):
            return await home_card(self.use, learner, str(refused))
        if isinstance(press, OpenHome | OpenMore | OpenOne | ToLesson | Begin):
            raise refused
        present = await self.use.present_card(press.attempt_id, learner)
        is_help = isinstance(refused, UnusableAnswer)
        note = f"{HELP} {refused}" if is_help else str(refused)
        return shown_card(self.use, replace(present, note=note), learner)


def _came_of(press: HandledLessonPress, shown: LessonShown) -> str | None:
    """Say what came of a press that else would show nothing: the next step just stands there."""
    if shown.how_read:
        return f"{HELP} {shown.how_read}"
    match press:
        case Skip():
            return f"{HELP} Skipped: it counts neither as right nor as wrong."
        case Rate(had_it=False):
            return f"{HELP} Noted: it returns for review once this lesson is done."
        case _:
            return None


def lesson_windows(course: Course) -> Windows:
    """Return where an answer is written, and the reason behind one."""
    answer = partial(answer_window, course=course)
    return {Write: answer, WriteWords: answer, WriteAgain: answer, WriteWhy: why_window}


async def home_card(use: UseCases, learner: Learner, note: str | None = None) -> Card:
    """Return the map, with what an instructor has answered since on top of it."""
    told = next(iter(await use.read_answers(learner)), None)
    card = draw_home(await use.show_home(learner), told, note)
    if told is not None:
        await use.read_answers.mark(told.id)
    return card


async def more_card(use: UseCases, learner: Learner) -> Card:
    """Return what else there is; a class for whoever instructs one."""
    return draw_help(use.receivers, is_instructor=await use.check_instructor(learner))


def shown_card(use: UseCases, shown: LessonShown, learner: Learner) -> Card:
    """Return the card of where a learner stands, and of what they have run there.

    A rubric without verdicts gets them soon.
    """
    card, screen = draw_shown(use.see_live.still(shown)), shown.screen
    if not isinstance(screen, RubricScreen) or screen.grading is not None:
        return card
    place = screen.place

    async def graded() -> Card | None:
        found = await use.grade_teachback(place.attempt_id, place.step, learner)
        return draw_shown(replace(found, note=shown.note)) if found else None

    card.then = graded
    return card
