"""A guess before an instrument shows anything: asked once, kept once, judged by what it shows."""

import pytest

from bot.domain.errors import NotYours, StaleClick
from bot.domain.instrument.trial import GuessAtTrial, ShowAtOnce
from bot.domain.learner import Learner
from bot.usecases.instrument.guessing import AskFirst, GuessTrial, TrialAsked
from bot.usecases.instrument.trials import TrialShown
from tests.fakes.clock import at_noon
from tests.usecases.conftest import Stage
from tools.bound import BoundCatalogue
from tools.errors import BadInput, Unavailable

TEXT = {"prompt": "The cat sat on the"}


@pytest.fixture
def ask(stage: Stage) -> AskFirst:
    return AskFirst(BoundCatalogue(stage.engine), stage.store.open, stage.start_trial, at_noon)


@pytest.fixture
def guess(stage: Stage) -> GuessTrial:
    return GuessTrial(BoundCatalogue(stage.engine), stage.store.open, at_noon)


async def opened(ask: AskFirst, learner: Learner) -> int:
    """The trial that a question is about."""
    asked = await ask("nexttoken", TEXT, learner)
    assert isinstance(asked, TrialAsked)
    return asked.trial.id


async def test_the_model_is_not_asked_before_the_guess(
    stage: Stage, ask: AskFirst, ada: Learner
) -> None:
    asked = await ask("nexttoken", TEXT, ada)
    assert isinstance(asked, TrialAsked)
    assert len(asked.question.options) == 4
    assert stage.engine.asked == []


async def test_a_guess_is_judged_by_what_is_shown_and_the_first_one_stands(
    stage: Stage, ask: AskFirst, guess: GuessTrial, ada: Learner
) -> None:
    at = await opened(ask, ada)
    shown = await guess(GuessAtTrial(at, 0), ada)
    assert shown.guess is not None
    assert (shown.guess.said, shown.guess.right) == ("under 10 %", "30 to 60 %")
    assert shown.guess.is_right is False
    again = await guess(GuessAtTrial(at, 2), ada)
    assert again.guess == shown.guess
    async with stage.store.open() as records:
        assert await records.guessed_right(ada.id) == (0, 1)


async def test_it_is_asked_once_and_then_opens_at_once(
    ask: AskFirst, guess: GuessTrial, ada: Learner, bob: Learner
) -> None:
    await guess(ShowAtOnce(await opened(ask, ada)), ada)
    assert isinstance(await ask("nexttoken", TEXT, ada), TrialShown)
    assert isinstance(await ask("nexttoken", TEXT, bob), TrialAsked)
    assert isinstance(await ask("softmax", {}, ada), TrialAsked)


async def test_passing_by_counts_for_nothing(
    stage: Stage, ask: AskFirst, guess: GuessTrial, ada: Learner
) -> None:
    shown = await guess(ShowAtOnce(await opened(ask, ada)), ada)
    assert shown.guess is not None
    assert shown.guess.said is None
    async with stage.store.open() as records:
        assert await records.guessed_right(ada.id) == (0, 0)


async def test_a_model_that_fails_loses_no_guess(
    stage: Stage, ask: AskFirst, guess: GuessTrial, ada: Learner
) -> None:
    at = await opened(ask, ada)
    stage.engine.failure = Unavailable("It is down.")
    with pytest.raises(Unavailable):
        await guess(GuessAtTrial(at, 0), ada)
    assert stage.store.kept.trial_guesses == {}
    stage.engine.failure = None
    assert (await guess(GuessAtTrial(at, 2), ada)).guess is not None


async def test_others_and_options_there_are_not_are_refused(
    ask: AskFirst, guess: GuessTrial, ada: Learner, bob: Learner
) -> None:
    at = await opened(ask, ada)
    with pytest.raises(NotYours):
        await guess(GuessAtTrial(at, 0), bob)
    with pytest.raises(StaleClick):
        await guess(GuessAtTrial(at, 4), ada)
    with pytest.raises(StaleClick):
        await guess(ShowAtOnce(99), ada)


async def test_what_cannot_be_run_is_refused_before_the_question(
    stage: Stage, ask: AskFirst, ada: Learner
) -> None:
    for chosen in ({"prompt": "half \ud83d"}, {"prompt": "x" * 4001}, {"prompt": " "}):
        with pytest.raises(BadInput):
            await ask("nexttoken", chosen, ada)
    assert stage.store.kept.trials == {}
