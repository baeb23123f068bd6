import asyncio
import random
from dataclasses import replace

import pytest

from bot.domain.errors import NotYours, StaleClick
from bot.domain.instrument.trial import Trial, TurnKnob
from bot.domain.learner import Learner
from bot.usecases.instrument.trials import KeepTrial
from tests.fakes.clock import at_noon
from tests.fakes.model import LIKELY, of_bytes
from tests.usecases.conftest import Stage
from tools.errors import BadInput, Unavailable
from tools.exhibit.exhibit import Bars, Prose
from tools.exhibit.visible import visible

TEXT = "Kubernetes pods are scheduled by the"
KUBE = of_bytes(" kube").id
MOST_APPENDED = 64


def append(at: int, revision: int) -> TurnKnob:
    return TurnKnob(at, revision, "append", str(KUBE))


def sample(at: int, revision: int) -> TurnKnob:
    return TurnKnob(at, revision, "sample")


def undo(at: int, revision: int) -> TurnKnob:
    return TurnKnob(at, revision, "undo")


def appended(trial: Trial) -> list[int]:
    found: list[int] = trial.chosen["appended"]
    return found


async def test_a_text_of_ones_own_is_continued(stage: Stage, ada: Learner) -> None:
    shown = await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)
    bars = next(part for part in shown.exhibit.parts if isinstance(part, Bars))
    assert [row.label for row in bars.rows[:8]] == [visible(text) for text in list(LIKELY)[:8]]
    assert (shown.trial.chosen["prompt"], shown.trial.revision) == (TEXT, 0)
    assert stage.store.kept.trials[shown.trial.id] == shown.trial


@pytest.mark.parametrize("prompt", ["", "  \n", "x" * 4001, "half \ud83d", "nul \0"])
async def test_a_text_that_no_model_takes_is_refused_and_nothing_is_kept(
    stage: Stage, ada: Learner, prompt: str
) -> None:
    with pytest.raises(BadInput):
        await stage.start_trial("nexttoken", {"prompt": prompt}, ada)
    assert stage.store.kept.trials == {}
    assert stage.engine.asked == []


async def test_a_model_that_fails_at_the_start_leaves_nothing_behind(
    stage: Stage, ada: Learner
) -> None:
    stage.engine.failure = Unavailable("It is down.")
    with pytest.raises(Unavailable):
        await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)
    assert stage.store.kept.trials == {}


async def test_a_token_is_put_behind_the_text_and_taken_back(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    one = await stage.turn_trial(append(at, 0), ada)
    assert (appended(one.trial), one.trial.revision) == ([KUBE], 1)
    assert stage.engine.asked[-1].appended == (KUBE,)
    none = await stage.turn_trial(undo(at, 1), ada)
    assert (appended(none.trial), none.trial.revision) == ([], 2)
    assert stage.engine.asked[-1].appended == ()


async def test_there_is_nothing_to_take_back_from_a_fresh_text(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    with pytest.raises(BadInput, match="nothing to take back"):
        await stage.turn_trial(undo(at, 0), ada)


async def test_a_sampled_token_is_one_of_the_shown_and_named(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    shown = await stage.turn_trial(sample(at, 0), ada)
    assert appended(shown.trial)[0] in {of_bytes(text).id for text in LIKELY}
    told = [part.text for part in shown.exhibit.parts if isinstance(part, Prose)]
    assert any("drawn from the 8 shown" in text for text in told)


async def test_the_same_dice_draw_the_same_token(stage: Stage, ada: Learner) -> None:
    drawn = set()
    for _ in range(3):
        at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
        turn = replace(stage.turn_trial, dice=random.Random(5))
        drawn.add(tuple(appended((await turn(sample(at, 0), ada)).trial)))
    assert len(drawn) == 1


async def test_of_two_presses_on_one_card_the_second_is_refused(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    await stage.turn_trial(append(at, 0), ada)
    asked = stage.engine.calls["next_token"]
    with pytest.raises(StaleClick):
        await stage.turn_trial(append(at, 0), ada)
    assert stage.engine.calls["next_token"] == asked
    assert appended(stage.store.kept.trials[at]) == [KUBE]


async def test_of_two_presses_at_the_same_moment_only_one_is_kept(
    stage: Stage, ada: Learner
) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    twins = [stage.turn_trial(append(at, 0), ada) for _ in range(5)]
    done = await asyncio.gather(*twins, return_exceptions=True)
    assert sum(isinstance(d, StaleClick) for d in done) == 4
    assert appended(stage.store.kept.trials[at]) == [KUBE]


async def test_another_learners_card_is_refused(stage: Stage, ada: Learner, bob: Learner) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    for turn in (append(at, 0), sample(at, 0), undo(at, 0)):
        with pytest.raises(NotYours, match="/more instruments"):
            await stage.turn_trial(turn, bob)
    with pytest.raises(NotYours, match="/more instruments"):
        await stage.present_trial(at, bob)
    assert stage.store.kept.trials[at].revision == 0


async def test_a_card_that_was_never_opened_is_refused(stage: Stage, ada: Learner) -> None:
    for use in (stage.turn_trial(sample(99, 0), ada), stage.present_trial(99, ada)):
        with pytest.raises(StaleClick, match="/more instruments"):
            await use


async def test_a_model_that_fails_at_a_turn_loses_nothing(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    await stage.turn_trial(append(at, 0), ada)
    stage.engine.failure = Unavailable("It is down.")
    for turn in (append(at, 1), sample(at, 1), undo(at, 1)):
        with pytest.raises(Unavailable):
            await stage.turn_trial(turn, ada)
    stage.engine.failure = None
    shown = await stage.present_trial(at, ada)
    assert (appended(shown.trial), shown.trial.revision) == ([KUBE], 1)


async def test_a_loop_by_hand_ends_where_a_card_is_full(stage: Stage, ada: Learner) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    for revision in range(MOST_APPENDED):
        await stage.turn_trial(append(at, revision), ada)
    for turn in (append(at, MOST_APPENDED), sample(at, MOST_APPENDED)):
        with pytest.raises(BadInput, match="at most 64"):
            await stage.turn_trial(turn, ada)
    assert len(appended(stage.store.kept.trials[at])) == MOST_APPENDED


async def test_any_parameter_can_be_a_knob_and_only_to_what_fits(
    stage: Stage, ada: Learner
) -> None:
    at = (await stage.start_trial("nexttoken", {"prompt": TEXT}, ada)).trial.id
    shown = await stage.turn_trial(TurnKnob(at, 0, "top", "3"), ada)
    assert shown.trial.chosen["top"] == 3
    for knob, value in (("top", "21"), ("top", "x"), ("no_such", "1"), ("append", "x")):
        with pytest.raises(BadInput, match="nexttoken"):
            await stage.turn_trial(TurnKnob(at, 1, knob, value), ada)
    assert stage.store.kept.trials[at].revision == 1


async def test_what_was_run_elsewhere_is_kept_without_running_it_again(
    stage: Stage, ada: Learner
) -> None:
    keep = KeepTrial(stage.store.open, at_noon)
    async with stage.store.open() as records:
        await records.enrol(ada, at_noon())
    trial = await keep("nexttoken", {"prompt": "The cat", "top": 3}, ada)
    assert stage.engine.calls["next_token"] == 0
    shown = await stage.present_trial(trial.id, ada)
    assert shown.trial.chosen["prompt"] == "The cat"
