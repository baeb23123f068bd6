"""A step's own prompt is kept back until it is guessed; any other costs nothing to let through."""

import pytest

from bot.domain.learner import Learner
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.tutor.glossary import KeepBack
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course
from tests.fakes.lesson import MemoryStore
from tests.usecases.conftest import Stage


@pytest.fixture
def token_step(course: Course) -> TokenStep:
    return next(s for s in course.lessons[0].sequence if isinstance(s, TokenStep))


def keeping(course: Course, store: MemoryStore) -> KeepBack:
    return KeepBack(course, store.open, CheckInstructor(store.open))


async def test_a_prompt_of_no_step_asks_nothing_of_the_store(course: Course, ada: Learner) -> None:
    store = MemoryStore()
    assert await keeping(course, store).prompt("A prompt of my own", ada) is None
    assert store.transactions == 0


async def test_a_steps_own_prompt_leads_there_until_it_is_guessed(
    stage: Stage, course: Course, token_step: TokenStep, ada: Learner
) -> None:
    keep_back = keeping(course, stage.store)
    kept = await keep_back.prompt(token_step.prompt, ada)
    assert kept is not None
    assert kept.step == token_step.id
    await stage.guess(ada, token_step.id, " sofa")
    assert await keep_back.prompt(token_step.prompt, ada) is None
