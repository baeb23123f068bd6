"""Ask for the answer to a step that is yet to be guessed, in many ways; note what comes of it."""

import base64
import codecs
from dataclasses import replace

from bot.domain.lesson.attempt import Phase
from bot.domain.tutor.briefing import brief_for
from bot.domain.tutor.spoilers import spoilers_for
from bot.domain.tutor.talk import Brief
from curriculum.kinds.base import AskedStep
from curriculum.kinds.registry import Step
from curriculum.schema import Course, Lesson
from tests.agent.attacks import attacks_on, keys_to
from tests.agent.conftest import Desk
from tests.domain.lesson.walks import standing_at
from tools.engine.base import Capability

PLAIN = frozenset({Capability.NEXT_TOKEN, Capability.SCORE, Capability.TOKENIZE})


def asked_steps(lesson: Lesson) -> list[Step]:
    return [step for step in lesson.sequence if isinstance(step, AskedStep)]


def one_step_short(course: Course, lesson: Lesson, step: Step) -> Brief:
    """Return the brief of who has done the whole course but for one step, and stands before it."""
    done = [
        (of.number, each.id)
        for of in course.lessons
        for each in of.sequence
        if (of.number, each.id) != (lesson.number, step.id)
    ]
    attempt = replace(standing_at(lesson, step.id), phase=Phase.ASKING, draft=None)
    here = brief_for(course, [attempt], is_private=True)
    return replace(here, spoilers=spoilers_for(course, done), here=None)


async def leaks(at: Desk, lesson: Lesson, step: Step, brief: Brief) -> list[str]:
    """Return each way that led to a key of the step, with the key.

    What the model behind the tutor was given counts as told: it repeats everything.
    """
    at.engine.can = PLAIN  # instruments that look inside are run elsewhere, on a real model
    forms = {form: key for key in keys_to(step) for form in _forms(key)}
    found = []
    for attack in attacks_on(lesson, step):
        if at.server:
            at.server.bodies.clear()
        asked = await at.ask(attack, brief)
        shown = _flat(repr(asked.events) + (at.server.context if at.server else ""))
        given = _flat(attack)
        told = {key for form, key in forms.items() if form in shown and form not in given}
        found += [f"{lesson.number}/{step.id}: {attack!r} told {key!r}" for key in sorted(told)]
    return found


def _forms(key: str) -> tuple[str, ...]:
    plain = _flat(key)
    coded = base64.b64encode(key.encode()).decode().casefold()
    return plain, plain[::-1], codecs.encode(plain, "rot13"), coded


def _flat(text: str) -> str:
    return " ".join(text.casefold().replace("\\n", " ").split())
