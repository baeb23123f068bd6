"""What a newcomer sees a model do first: it is sure, and nothing made up stands beside it."""

from curriculum.schema import Course
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine


async def test_the_first_that_is_run_is_something_the_small_model_knows(
    shipped: Course, embedded: LocalEngine
) -> None:
    """Class: a first look at a model that seems to know nothing, "others 76.6 %"."""
    first = next(step.after for step in shipped.lessons[0].way if step.after)
    found = await embedded.next_token(Prompt(str(first.arguments["prompt"])), 1)
    assert found.top[0].probability > 0.5


def test_no_lesson_makes_up_figures_for_what_it_runs(shipped: Course) -> None:
    for lesson in shipped.lessons:
        run = {str(s.after.arguments.get("prompt")) for s in lesson.sequence if s.after}
        made_up = [getattr(step, "illustration", None) for step in lesson.sequence]
        assert not run & {one.text for one in made_up if one}
