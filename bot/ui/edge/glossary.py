"""Words of the course, and what is kept back of them until a step has been guessed."""

from collections.abc import Mapping
from typing import Any

from bot.domain.learner import Learner
from bot.domain.tutor.passages import Source
from bot.ui.buttons.tutor import GoAndGuess, OpenStep
from bot.ui.cards.kit import Card
from bot.ui.cards.pages import draw_kept_back, draw_term
from bot.usecases.catalogue import UseCases
from curriculum.schema import Course


async def term_card(use: UseCases, wanted: str, learner: Learner) -> Card:
    """Return a term's card; of one that tells what a step asks, the way to that step.

    Raises:
        NotFound: no term fits; the text names what is near.
    """
    entry = await use.keep_back.term(wanted, learner)
    why = "What this word means is what *{step}* asks you. Guess there first; then I'll tell."
    kept = _kept_back(use.course, entry.guess_first, entry.term.term, why)
    return kept or draw_term(entry.term)


async def prompt_kept(use: UseCases, chosen: Mapping[str, Any], learner: Learner) -> Card | None:
    """Return the way to the step that asks what comes next after this prompt, if one does."""
    prompt = str(chosen.get("prompt", ""))
    source = await use.keep_back.prompt(prompt, learner)
    why = "What comes next here is what *{step}* asks you. Guess there first; then watch it live."
    return _kept_back(use.course, source, prompt, why)


def step_press(course: Course, source: Source) -> OpenStep | None:
    """Return the press that goes to a step; None where it isn't in the course."""
    slug = next((one.slug for one in course.lessons if one.number == source.lesson), None)
    return OpenStep(slug, source.step) if slug and source.step else None


def named(course: Course, source: Source) -> str:
    """Return a source as a learner knows it: `KV cache`, `Lesson 1 · step 4`."""
    if source.term is not None:
        return source.term
    steps = next((one.way for one in course.lessons if one.number == source.lesson), ())
    place = next((n for n, step in enumerate(steps, start=1) if step.id == source.step), None)
    return f"Lesson {source.lesson} · step {place}" if place else f"Lesson {source.lesson}"


def _kept_back(course: Course, source: Source | None, title: str, why: str) -> Card | None:
    press = step_press(course, source) if source is not None else None
    if source is None or press is None:
        return None
    go = GoAndGuess(press.slug, press.step)
    return draw_kept_back(title, why.format(step=named(course, source)), go)
