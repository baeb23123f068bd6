import asyncio
import random
from dataclasses import replace

import pytest

from bot.domain.errors import NotYours, StaleClick, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.trial import MOST_APPENDED, Append, Sample, Undo
from tests.fakes import LIKELY, token_of
from tests.usecases.conftest import Stage
from tools.errors import BadInput, Unavailable

TEXT = "Kubernetes pods are scheduled by the"
KUBE = token_of(" kube").id


async def test_a_text_of_ones_own_is_continued(stage: Stage, ada: Learner) -> None:
    shown = await stage.start_trial(TEXT, 8, ada)
    assert [c.token.text for c in shown.distribution.top] == list(LIKELY)[:8]
    assert (shown.trial.prompt, shown.trial.revision, shown.drawn) == (TEXT, 0, None)
    assert stage.store.kept.trials[shown.trial.id] == shown.trial


@pytest.mark.parametrize("prompt", ["", "  \n", "x" * 4001, "half \ud83d", "nul \0"])
async def test_a_text_that_no_model_takes_is_refused_and_nothing_is_kept(
    stage: Stage, ada: Learner, prompt: str
) -> None:
    with pytest.raises(BadInput):
        await stage.start_trial(prompt, 8, ada)
    assert stage.store.kept.trials == {}
    assert stage.engine.calls["next_token"] == 0


async def test_a_model_that_fails_at_the_start_leaves_nothing_behind(
    stage: Stage, ada: Learner
) -> None:
    stage.engine.failure = Unavailable("It is down.")
    with pytest.raises(Unavailable):
        await stage.start_trial(TEXT, 8, ada)
    assert stage.store.kept.trials == {}


async def test_a_token_is_put_behind_the_text_and_taken_back(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    one = await stage.turn_trial(Append(at, 0, KUBE), ada)
    assert (one.trial.appended, one.trial.revision) == ((KUBE,), 1)
    assert stage.engine.asked[-1].appended == (KUBE,)
    none = await stage.turn_trial(Undo(at, 1), ada)
    assert (none.trial.appended, none.trial.revision) == ((), 2)
    assert stage.engine.asked[-1].appended == ()


async def test_there_is_nothing_to_take_back_from_a_fresh_text(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    with pytest.raises(StaleClick):
        await stage.turn_trial(Undo(at, 0), ada)


async def test_a_sampled_token_is_one_of_the_shown_and_named(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    shown = await stage.turn_trial(Sample(at, 0), ada)
    assert shown.drawn in LIKELY
    assert shown.trial.appended == (token_of(shown.drawn).id,)


async def test_the_same_dice_draw_the_same_token(stage: Stage, ada: Learner) -> None:
    drawn = set()
    for _ in range(3):
        at = (await stage.start_trial(TEXT, 8, ada)).trial.id
        turn = replace(stage.turn_trial, chance=random.Random(5))
        drawn.add((await turn(Sample(at, 0), ada)).drawn)
    assert len(drawn) == 1


async def test_of_two_presses_on_one_card_the_second_is_refused(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    await stage.turn_trial(Append(at, 0, KUBE), ada)
    asked = stage.engine.calls["next_token"]
    with pytest.raises(StaleClick):
        await stage.turn_trial(Append(at, 0, KUBE), ada)
    assert stage.engine.calls["next_token"] == asked
    assert stage.store.kept.trials[at].appended == (KUBE,)


async def test_of_two_presses_at_the_same_moment_only_one_is_kept(
    stage: Stage, ada: Learner
) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    twins = [stage.turn_trial(Append(at, 0, KUBE), ada) for _ in range(5)]
    done = await asyncio.gather(*twins, return_exceptions=True)
    assert sum(isinstance(d, StaleClick) for d in done) == 4
    assert stage.store.kept.trials[at].appended == (KUBE,)


async def test_another_learners_card_is_refused(stage: Stage, ada: Learner, bob: Learner) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    for turn in (Append(at, 0, KUBE), Sample(at, 0), Undo(at, 0)):
        with pytest.raises(NotYours, match="/nexttoken"):
            await stage.turn_trial(turn, bob)
    with pytest.raises(NotYours, match="/nexttoken"):
        await stage.present_trial(at, bob)
    assert stage.store.kept.trials[at].revision == 0


async def test_a_card_that_was_never_opened_is_refused(stage: Stage, ada: Learner) -> None:
    for use in (stage.turn_trial(Sample(99, 0), ada), stage.present_trial(99, ada)):
        with pytest.raises(StaleClick, match="/nexttoken"):
            await use


async def test_a_model_that_fails_at_a_turn_loses_nothing(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    await stage.turn_trial(Append(at, 0, KUBE), ada)
    stage.engine.failure = Unavailable("It is down.")
    for turn in (Append(at, 1, KUBE), Sample(at, 1), Undo(at, 1)):
        with pytest.raises(Unavailable):
            await stage.turn_trial(turn, ada)
    stage.engine.failure = None
    shown = await stage.present_trial(at, ada)
    assert (shown.trial.appended, shown.trial.revision) == ((KUBE,), 1)


async def test_a_loop_by_hand_ends_where_a_card_is_full(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial(TEXT, 8, ada)).trial.id
    for revision in range(MOST_APPENDED):
        await stage.turn_trial(Append(at, revision, KUBE), ada)
    for turn in (Append(at, MOST_APPENDED, KUBE), Sample(at, MOST_APPENDED)):
        with pytest.raises(UnusableAnswer, match="/nexttoken"):
            await stage.turn_trial(turn, ada)
    assert len(stage.store.kept.trials[at].appended) == MOST_APPENDED
