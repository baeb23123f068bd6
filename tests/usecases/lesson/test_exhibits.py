import pytest

from bot.domain.errors import NotYours, StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.commands import Next, Rate, Reveal
from bot.domain.lesson.screens import ReadScreen, RevealScreen
from tests.usecases.conftest import Stage
from tools.errors import Nonsense, Unavailable


async def test_an_instrument_to_play_with_runs_at_once(stage: Stage, ada: Learner) -> None:
    at = await stage.go_to(ada, "play")
    shown = await stage.see_live(at, "play", ada)
    assert isinstance(shown.screen, ReadScreen)
    assert shown.exhibit is not None
    assert stage.engine.calls["next_token"] == 3  # and Stage saw that no transaction was open


async def test_an_exhibit_is_shown_beside_the_revealed_answer(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "pick", "B")
    await stage.give(ada, Reveal(at, "pick"))
    shown = await stage.see_live(at, "pick", ada)
    assert isinstance(shown.screen, RevealScreen)
    assert shown.exhibit is not None
    assert (shown.note, shown.can_retry) == (None, False)


@pytest.mark.parametrize("error", [Unavailable("It is down."), Nonsense("It said nothing.")])
async def test_a_failing_model_leaves_the_card_a_note_and_another_try(
    stage: Stage, ada: Learner, error: Exception
) -> None:
    at = await stage.guess(ada, "pick", "B")
    await stage.give(ada, Reveal(at, "pick"))
    stage.engine.failure = error  # type: ignore[assignment]
    shown = await stage.see_live(at, "pick", ada)
    assert isinstance(shown.screen, RevealScreen)
    assert (shown.exhibit, shown.can_retry) == (None, True)
    assert shown.note == f"{error} You can go on without."


@pytest.mark.parametrize("step", ["pick", "next"])
async def test_no_exhibit_gives_the_answer_away_before_the_reveal(
    stage: Stage, ada: Learner, step: str
) -> None:
    at = await stage.go_to(ada, step)
    with pytest.raises(StaleClick):
        await stage.see_live(at, step, ada)
    await stage.guess(ada, step, {"pick": "A", "next": "kube"}[step])
    with pytest.raises(StaleClick):
        await stage.see_live(at, step, ada)
    assert stage.engine.calls["next_token"] == 0


async def test_an_exhibit_of_another_step_is_refused(stage: Stage, ada: Learner) -> None:
    at = await stage.go_to(ada, "how-many")
    for step in ("pick", "next", "play", "no-such", ""):
        with pytest.raises(StaleClick):
            await stage.see_live(at, step, ada)


async def test_a_step_without_an_exhibit_has_nothing_live(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "how-many", "12")
    await stage.give(ada, Reveal(at, "how-many"))
    with pytest.raises(StaleClick):
        await stage.see_live(at, "how-many", ada)


async def test_a_forged_live_button_in_a_finished_lesson_is_refused(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.finish(ada, is_right=True)
    for step in ("", "pick"):
        with pytest.raises(StaleClick):
            await stage.see_live(at, step, ada)
    with pytest.raises(StaleClick):
        await stage.take_turn(Rate(at, "", had_it=True), ada)


async def test_an_exhibit_can_be_taken_up_once_its_step_is_open(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "pick", "B")
    with pytest.raises(StaleClick):
        await stage.see_live.taken_up(at, "pick", ada)
    await stage.give(ada, Reveal(at, "pick"))
    name, chosen = await stage.see_live.taken_up(at, "pick", ada)
    assert (name, "prompt" in chosen) == ("nexttoken", True)
    for step in ("next", "how-many", "no-such", ""):
        with pytest.raises(StaleClick):
            await stage.see_live.taken_up(at, step, ada)


async def test_an_exhibit_can_still_be_taken_up_from_a_card_above(
    stage: Stage, ada: Learner
) -> None:
    at = await stage.guess(ada, "pick", "B")
    await stage.give(ada, Reveal(at, "pick"))
    await stage.give(ada, Next(at, "pick"))
    assert await stage.see_live.taken_up(at, "pick", ada)


async def test_nobody_takes_up_what_another_learner_has_open(
    stage: Stage, ada: Learner, bob: Learner
) -> None:
    at = await stage.go_to(ada, "play")
    with pytest.raises(NotYours):
        await stage.see_live.taken_up(at, "play", bob)
