"""What the end of a lesson leads on to."""

from bot.domain.lesson.projection import screen_for
from bot.domain.lesson.screens import RecapScreen
from bot.ui.cards.lesson.draw import draw
from curriculum.schema import Course
from tests.domain.lesson.walks import walked


def test_a_lesson_s_end_names_its_notebook_where_it_has_one(shipped: Course) -> None:
    for lesson in shipped.lessons:
        screen = screen_for(walked(lesson, is_right=True)[-1], lesson, course=shipped)
        assert isinstance(screen, RecapScreen)
        said = str(draw(screen).to_components())
        assert (f"`hunch notebook {lesson.number}`" in said) == (lesson.notebook is not None)
        assert ("hunch notebook" in said) == (lesson.notebook is not None)
