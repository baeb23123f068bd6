"""Ways on for somebody who asked nothing that the course answers: where they stand, what next."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.learner import Learner
from bot.domain.lesson.commands import AskHint
from bot.domain.lesson.screens import QuestionScreen
from bot.domain.progress.standing import HomeScreen, LessonStanding, LessonState
from bot.domain.tutor.talk import Outcome
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.lesson import OpenHome, OpenOne
from bot.ui.buttons.tutor import WriteQuestion
from bot.ui.cards.progress.progress import go_on_label
from bot.usecases.catalogue import UseCases

ASKED_NOTHING = (Outcome.WELCOMED, Outcome.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Onward:
    """Where somebody stands, in a sentence; and where buttons lead from there, the best first."""

    standing: str | None
    presses: Sequence[tuple[str, Press]]


async def onward(use: UseCases, learner: Learner, *, is_private: bool) -> Onward:
    """Return the ways on; where others read it, nothing is said of how far the learner is."""
    ask: tuple[str, Press] = ("Ask a question", WriteQuestion())
    if not is_private:
        return Onward(None, [("Course map", OpenHome()), ask])
    home = await use.show_home(learner)
    presses: list[tuple[str, Press]] = []
    if home.next and home.next.slug:
        presses.append((go_on_label(home.next), OpenOne(home.next.slug)))
        if hint := await _hint(use, home.next, learner):
            presses.append(("Give me a hint", hint))
    return Onward(_standing(home), [*presses, ("Course map", OpenHome()), ask])


async def _hint(use: UseCases, lesson: LessonStanding, learner: Learner) -> AskHint | None:
    """Return the press for a hint at the open step, if there is one to give."""
    if not lesson.is_under_way:
        return None
    screen = (await use.open_lesson(lesson.slug, learner)).screen
    if not isinstance(screen, QuestionScreen) or not screen.has_more_hints:
        return None
    return AskHint(screen.place.attempt_id, screen.place.step)


def _standing(home: HomeScreen) -> str:
    lesson = home.next
    if lesson is None:
        return "You have finished every lesson that there is."
    named = f"lesson {lesson.number}, *{lesson.title}*"
    if lesson.is_under_way:
        return f"You are in {named}, at step {lesson.index} of {lesson.total}."
    has_begun = any(one.state is LessonState.DONE for one in home.lessons)
    lead = "Next is" if has_begun else "You haven't begun yet. First comes"
    return f"{lead} {named}: about {lesson.minutes} minutes."
