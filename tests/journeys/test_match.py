"""A match, as a learner meets it in a lesson."""

import pytest

from curriculum.kinds.match import MatchStep
from curriculum.schema import Course
from tests.domain.lesson.walks import right_pairs
from tests.journeys.player import Player

pytestmark = pytest.mark.every_kind


@pytest.fixture
def step(course: Course) -> MatchStep:
    found = course.lessons[0].step("who-holds")
    assert isinstance(found, MatchStep)
    return found


async def at_the_match(player: Player) -> str:
    await player.type("lesson", which="1")
    text = await player.press("Start")
    while "What is each kept for?" not in text:
        text = await player.press("Skip")
    return text


async def paired(player: Player, letters: str) -> str:
    text = ""
    for place, letter in enumerate(letters[:-1], 1):  # the last pair is the one left
        text = await player.press(f"{place} → {letter}")
    return text


async def test_things_are_paired_one_press_at_a_time_then_locked_in(
    alice: Player, step: MatchStep
) -> None:
    text = await at_the_match(alice)
    assert "**1**  Weights" in text
    assert [one for one in alice.labels if "→" in one] == ["1 → A", "1 → B", "1 → C"]
    right = right_pairs(step)
    text = await alice.press(f"1 → {right[0]}")
    assert "So far: **Weights → every answer**" in text
    assert len([one for one in alice.labels if one.startswith("2 → ")]) == 2
    text = await paired_from(alice, right, 2)
    assert "How sure are you?" in text
    assert "Weights stay, the cache goes with its conversation." in await alice.press("sure")


async def paired_from(player: Player, letters: str, first: int) -> str:
    text = ""
    for place in range(first, len(letters)):
        text = await player.press(f"{place} → {letters[place - 1]}")
    return text


async def test_a_known_mix_up_is_answered_by_name(alice: Player, step: MatchStep) -> None:
    await at_the_match(alice)
    right = right_pairs(step)
    await paired(alice, right[1] + right[0] + right[2])
    text = await alice.press("certain")
    assert "Nothing of a conversation gets into the weights." in text
    assert "✗ 1 of 3" in text
    assert "✗ Weights → **every answer** · you said one conversation" in text
    assert "✓ Activations → one step" in text


async def test_one_may_start_over_before_locking_in(alice: Player, step: MatchStep) -> None:
    await at_the_match(alice)
    await paired(alice, right_pairs(step))
    await alice.press("Start over")
    assert "1 → A" in alice.labels
