"""What a model shows at each step of a course, asked once, when the book is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from curriculum.kinds.registry import Step
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course, Lesson
from tools.bound import BoundCatalogue
from tools.engine.base import Distribution, Prompt
from tools.errors import ToolError
from tools.exhibit.exhibit import Exhibit, Origin

_ODDS = 20  # likeliest tokens of a prompt that a guess is looked up among


@dataclass(frozen=True, slots=True)
class StepShown:
    """What is shown at one step.

    Attributes:
        exhibit: What its instrument showed; None: it has none, or it couldn't be run.
        odds: For a step that asks for a next token: the likeliest.
        missing: Why the model shows nothing here, and how to see it; empty where it does.
    """

    exhibit: Exhibit | None = None
    odds: Distribution | None = None
    missing: str = ""


ShownSteps = Mapping[tuple[str, str], StepShown]  # by lesson and step


async def record(
    course: Course, model: BoundCatalogue | None, say: Callable[[str], None] = lambda line: None
) -> ShownSteps:
    """Run every instrument of a course once.

    Args:
        course: Whose steps.
        model: What to run them on; None: there is none at hand, and the book says so.
        say: Told which lesson is being recorded.
    """
    shown = {}
    for lesson in course.lessons:
        if model is not None:
            say(f"Recording lesson {lesson.number}, {lesson.title}")
        for step in lesson.sequence:
            shown[lesson.slug, step.id] = await _at(lesson, step, model)
    return shown


async def _at(lesson: Lesson, step: Step, model: BoundCatalogue | None) -> StepShown:
    prompt = Prompt(step.prompt) if isinstance(step, TokenStep) else None
    if step.after is None and prompt is None:
        return StepShown()
    if model is None:
        return StepShown(missing=f"No model was at hand when this was made. {_how(lesson)}")
    exhibit, odds = None, None
    try:
        odds = await model.engine.next_token(prompt, _ODDS) if prompt else None
        if step.after is not None:
            exhibit = as_recorded(await model.run(step.after.exhibit, step.after.arguments))
    except ToolError as error:
        return StepShown(exhibit, odds, f"Not shown here: {error} {_how(lesson)}")
    return StepShown(exhibit, odds)


def as_recorded(exhibit: Exhibit) -> Exhibit:
    """Return an exhibit that no longer claims to be live: in a book it is a recording."""
    if exhibit.provenance.origin is not Origin.LIVE:
        return exhibit
    kept = replace(exhibit.provenance, origin=Origin.RECORDED, is_kept=False, elapsed_ms=None)
    return replace(exhibit, provenance=kept)


def _how(lesson: Lesson) -> str:
    return f"See it live with `hunch play`, in lesson {lesson.number}."
