"""Draw where a learner stands in a lesson."""

from typing import assert_never

from bot.domain.lesson.screens import (
    IntroScreen,
    LessonScreen,
    LockedScreen,
    QuestionScreen,
    ReadScreen,
    RecallAnswerScreen,
    RecallScreen,
    RecapScreen,
    RevealScreen,
    RubricScreen,
)
from bot.ui.cards.kit import Card
from bot.ui.cards.lesson.question import draw_locked, draw_question
from bot.ui.cards.lesson.recap import draw_recap
from bot.ui.cards.lesson.reveal import draw_reveal
from bot.ui.cards.lesson.study import (
    draw_intro,
    draw_read,
    draw_recall,
    draw_recall_answer,
    draw_rubric,
)
from tools.exhibit.exhibit import Exhibit


def draw(
    screen: LessonScreen,
    exhibit: Exhibit | None = None,
    note: str | None = None,
    *,
    can_retry: bool = False,
) -> Card:
    """Return the card of a screen, with an exhibit on it and a line on what went wrong."""
    match screen:
        case IntroScreen():
            return draw_intro(screen, note)
        case QuestionScreen():
            return draw_question(screen, note)
        case LockedScreen():
            return draw_locked(screen, note, can_retry)
        case RevealScreen():
            return draw_reveal(screen, exhibit, note)
        case RecallScreen():
            return draw_recall(screen, note)
        case RecallAnswerScreen():
            return draw_recall_answer(screen, note)
        case RubricScreen():
            return draw_rubric(screen, note)
        case ReadScreen():
            return draw_read(screen, exhibit, note)
        case RecapScreen():
            return draw_recap(screen, note)
        case _:
            assert_never(screen)
