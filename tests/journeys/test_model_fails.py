"""The model fails at every live step: a clear card, the step goes on without, nothing is lost."""

from typing import Any

import pytest

from tests.fakes.model import FakeEngine
from tests.journeys.player import Player, parts_of
from tests.journeys.turned_card import command_of
from tools.errors import BadInput, EngineError, Nonsense, Unavailable, WeightsError

FAILURES: list[EngineError] = [
    Unavailable("The model server isn't answering just now."),
    Nonsense("The model server sent something that can't be true."),
    WeightsError("The embedded model could not be fetched."),
]


async def to_step(alice: Player, step: int) -> None:
    """Skip to a step by its number."""
    await alice.type("lesson")
    await alice.press("Start")
    while f"· {step} of " not in alice.text:
        await alice.press("Skip" if "Skip" in alice.labels else "Next")


@pytest.mark.parametrize("failure", FAILURES, ids=lambda f: type(f).__name__)
async def test_the_live_loop_goes_on_without(
    alice: Player, engine: FakeEngine, failure: EngineError
) -> None:
    await to_step(alice, 3)
    engine.failure = failure
    text = await alice.press("Run it")
    assert str(failure) in text
    assert "You can go on without." in text
    engine.failure = None
    assert "live · fake-135m" in await alice.press("Try again")
    assert "4 of 16" in await alice.press("Next")


@pytest.mark.parametrize("failure", FAILURES, ids=lambda f: type(f).__name__)
async def test_a_token_guess_is_kept_until_the_model_is_back(
    alice: Player, engine: FakeEngine, failure: EngineError
) -> None:
    await to_step(alice, 6)
    await alice.press("Type what comes next")
    engine.failure = failure
    text = await alice.write("kube")
    assert str(failure) in text
    assert "Your guess is kept." in text
    assert "[Go on without]" in text
    assert "🔒 Locked in: **kube**" in text
    engine.failure = None
    assert "the model's first choice too" in await alice.press("Try again")


async def test_a_token_guess_goes_on_without_the_model(alice: Player, engine: FakeEngine) -> None:
    await to_step(alice, 6)
    await alice.press("Type what comes next")
    engine.failure = FAILURES[0]
    await alice.write("kube")
    text = await alice.press("Go on without")
    assert "You said kube" in text
    assert "recorded: Qwen3.6-27B-FP8" in text  # the step still has something to show
    assert "7 of 16" in await alice.press("Next")


async def test_the_exhibit_of_a_reveal_fails_kindly(alice: Player, engine: FakeEngine) -> None:
    await to_step(alice, 4)
    for label in ("A", "maybe"):
        await alice.press(label)
    engine.failure = FAILURES[0]
    text = await alice.press("See it live")
    assert str(FAILURES[0]) in text
    assert "[Next]" in text
    engine.failure = None
    assert "live · fake-135m" in await alice.press("Try again")


async def test_nexttoken_says_what_failed_at_its_top_and_the_card_stays(
    alice: Player, engine: FakeEngine
) -> None:
    await alice.type("nexttoken", prompt="The cat sat on the")
    before = alice.text
    engine.failure = FAILURES[0]
    for _ in range(2):  # the second failure takes the place of the first
        await alice.press(next(label for label in alice.labels if label.startswith("Append")))
        assert alice.text == f"> ⚠️ {FAILURES[0]}\n{before}"
    assert alice.told == ""
    engine.failure = None
    text = await alice.press(next(x for x in alice.labels if x.startswith("Append")))
    assert "‹" in text
    assert "⚠️" not in text


async def test_a_tall_card_tells_what_failed_at_its_top_and_far_below_beside_it_too(
    alice: Player, engine: FakeEngine
) -> None:
    """Class: a failure that nobody sees, because it stands where nobody looks."""
    await alice.type(command_of("sampling"))
    before, failure = alice.text, str(FAILURES[0])
    menus = [part for part in parts_of(alice.raw.components) if part["type"] == 3]
    engine.failure = FAILURES[0]
    for menu in menus:
        set_to = menu["options"][-1]["value"]
        alice.shown = await alice.actor.select(alice.card, [set_to], custom_id=menu["custom_id"])
        assert alice.text == f"> ⚠️ {failure}\n{before}"
        assert alice.told == failure  # its top may be out of sight
    assert menus


async def test_whoever_else_presses_a_card_is_told_privately(
    alice: Player, mallory: Player, engine: FakeEngine
) -> None:
    await alice.type("nexttoken", prompt="The cat sat on the")
    before = alice.text
    engine.failure = FAILURES[0]
    mallory.card = alice.card
    await mallory.press(alice.labels[0])
    assert alice.text == before
    assert mallory.told


async def test_nexttoken_with_the_model_off_is_one_line(alice: Player, engine: FakeEngine) -> None:
    await alice.type("nexttoken", prompt="The cat")
    engine.failure = FAILURES[0]
    assert await alice.type("nexttoken", prompt="The cat") == str(FAILURES[0])


async def test_a_guess_at_an_instrument_can_be_made_again_once_the_model_is_back(
    alice: Player, engine: FakeEngine
) -> None:
    alice.guesses = True
    asked = await alice.type("nexttoken", prompt="The cat")
    engine.failure = FAILURES[0]
    assert await alice.press("30 to 60 %") == f"> ⚠️ {FAILURES[0]}\n{asked}"
    engine.failure = None
    assert "✓ You said it: *30 to 60 %*." in await alice.press("30 to 60 %")


async def test_what_failed_is_told_to_who_asked_and_nothing_is_left_in_public(
    simcord_env: Any, alice: Player, dora: Player, engine: FakeEngine
) -> None:
    for one in (alice, dora):
        await one.type("nexttoken", prompt="The cat")
    there = dict(simcord_env.backend.messages[alice.channel.id])
    engine.failure = FAILURES[0]
    await alice.type("nexttoken", prompt="The cat")
    assert [message.ephemeral for message in alice.shown.followups] == [True]
    seen = simcord_env.backend.messages[alice.channel.id]
    assert all(seen[number].is_ephemeral for number in seen.keys() - there.keys())
    assert await dora.type("nexttoken", prompt="The cat") == str(FAILURES[0])
    assert not dora.shown.response.ephemeral  # nobody else reads a direct message


async def test_an_engine_that_refuses_the_prompt_is_quoted(
    alice: Player, engine: FakeEngine
) -> None:
    engine.failure = BadInput("That prompt is 9 tokens over what the model can read.")
    await alice.type("nexttoken", prompt="The cat")
    assert "9 tokens over" in alice.told
