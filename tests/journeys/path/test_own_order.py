"""Options in each learner's own order: the same on every card, and after a restart."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.ui.client import HunchBot
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course
from tests.journeys.path.conftest import shown
from tests.journeys.player import Player, option_pressed


@pytest.fixture
def pick(course: Course) -> ChoiceStep:
    step = course.lessons[0].step("pick")
    assert isinstance(step, ChoiceStep)
    return step


pytestmark = pytest.mark.every_kind


async def to_question(player: Player) -> dict[str, str]:
    await player.type("lesson", which="1")
    await player.press("Start")
    return shown(player)


async def test_learners_see_orders_of_their_own_and_the_same_options(
    join: Callable[[str], Player], pick: ChoiceStep
) -> None:
    seen = [await to_question(join(f"learner {n}")) for n in range(8)]
    assert all(set(one) == set(pick.offered()) for one in seen)
    assert len({tuple(one) for one in seen}) > 1


async def test_question_lock_reveal_and_second_run_keep_the_letters(
    simcord_env: Any, alice: Player, new_bot: Callable[[], HunchBot], pick: ChoiceStep
) -> None:
    letters = await to_question(alice)
    assert shown(alice) == letters
    old = alice.card
    await simcord_env.restart_bot(new_bot())
    await alice.type("lesson")
    assert shown(alice) == letters
    wrong = pick.option("A").text
    await alice.press("A")
    assert f"[● {letters[wrong]}]" in alice.text
    assert f"**{letters[wrong]}: {wrong}**. How sure" in alice.text
    told = await alice.press("sure")
    right = pick.option("B").text
    assert f"✗ You said {letters[wrong]}. It's {letters[right]}: {right}" in told
    alice.card = old
    assert "That guess is locked in already" in await alice.press("B")


async def test_a_press_means_the_option_it_was_shown_with(
    alice: Player, simcord_bot: HunchBot, pick: ChoiceStep
) -> None:
    """What the button says and what is kept for it belong together."""
    letters = await to_question(alice)
    for key, option in zip("ABC", pick.options, strict=True):
        custom_id = option_pressed(alice.raw, key)
        assert custom_id is not None
        said = await alice.press_id(custom_id)
        assert f"**{letters[option.text]}: {option.text}**" in said
        assert f"[● {letters[option.text]}]" in said
