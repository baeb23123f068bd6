"""Every exhibit of every lesson, run on the embedded model as the lesson calls it, and drawn."""

import pytest

from bot.domain.lesson.attempt import Phase
from bot.domain.lesson.projection import screen_for
from bot.domain.lesson.screens import RevealScreen
from bot.ui.cards.lesson.draw import draw
from curriculum.kinds.base import GuessableStep
from curriculum.loader import load_course
from curriculum.schema import Course
from tests.domain.lesson.walks import answer_to, revealed, standing_at
from tests.ui.limits import broken_limits
from tools import catalogue
from tools.engine.base import OF_A_SERVER
from tools.engine.local.local import LocalEngine
from tools.errors import ToolError
from tools.exhibit.exhibit import Origin

CALLS = [
    pytest.param(lesson.slug, step.id, id=f"{lesson.number}/{step.id}: {step.after.exhibit}")
    for lesson in load_course().lessons
    for step in lesson.sequence
    if step.after
]


@pytest.mark.parametrize(("slug", "step_id"), CALLS)
async def test_it_runs_and_its_card_fits(
    shipped: Course, embedded: LocalEngine, slug: str, step_id: str
) -> None:
    lesson = shipped.lesson(slug)
    step = lesson.step(step_id)
    assert step.after is not None
    if catalogue.instrument(step.after.exhibit).needs & OF_A_SERVER:
        with pytest.raises(ToolError, match="server"):  # the step says so, and goes on without
            await catalogue.run(embedded, step.after.exhibit, step.after.arguments)
        assert "go on" in step.text
        return
    exhibit = await catalogue.run(embedded, step.after.exhibit, step.after.arguments)
    assert exhibit.parts
    assert exhibit.provenance.origin is not Origin.RECORDED
    if isinstance(step, GuessableStep):
        attempt = revealed(lesson, step.id, answer_to(step, is_right=False))
        assert attempt.phase is Phase.REVEALED
        assert isinstance(screen_for(attempt, lesson), RevealScreen)
    else:
        attempt = standing_at(lesson, step.id)
    assert broken_limits(draw(screen_for(attempt, lesson), exhibit)) == []


def test_a_lesson_has_three_exhibits_at_least(shipped: Course) -> None:
    for lesson in shipped.lessons:
        live = [step.id for step in lesson.sequence if step.after]
        assert len(live) >= 3, lesson.slug
