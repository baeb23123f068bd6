"""Whatever a learner does, the model is asked in their name, so that they can be limited."""

import pytest

from bot.domain.instrument.trial import TurnKnob
from bot.domain.learner import Learner
from bot.domain.lesson.commands import Reveal
from tests.usecases.conftest import Stage
from tools.engine.asker import asker


@pytest.fixture
def names(stage: Stage) -> set[int | None]:
    """In whose name the model was asked."""
    seen: set[int | None] = set()
    stage.engine.on_call = lambda: seen.add(asker())
    return seen


async def test_opening_turning_and_looking_again_at_an_instrument(
    stage: Stage, bob: Learner, names: set[int | None]
) -> None:
    trial = (await stage.start_trial("nexttoken", {"prompt": "The cat"}, bob)).trial
    assert names == {bob.id}
    names.clear()
    await stage.turn_trial(TurnKnob(trial.id, 0, "sample"), bob)
    assert names == {bob.id}
    names.clear()
    await stage.present_trial(trial.id, bob)
    assert names == {bob.id}
    assert asker() is None


async def test_an_exhibit_of_a_lesson(stage: Stage, bob: Learner, names: set[int | None]) -> None:
    await stage.see_live(await stage.go_to(bob, "play"), "play", bob)
    assert names == {bob.id}


async def test_a_token_guess_that_is_judged(
    stage: Stage, bob: Learner, names: set[int | None]
) -> None:
    at = await stage.guess(bob, "next", " sofa")
    await stage.give(bob, Reveal(at, "next"))
    assert names == {bob.id}
