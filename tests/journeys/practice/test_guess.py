"""The guess game: a passage a day, five words, scored by the model; nothing lost when it fails."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.daily.game import passage_of
from bot.ui.client import HunchBot
from curriculum.schema import Course, GuessPassage
from tests.fakes.model import FakeEngine
from tests.journeys.player import Player, parts_of
from tests.journeys.practice.conftest import Clock
from tools.errors import Missing, Unavailable

TYPE = "Type what comes next"
POST = "Post it here"


@pytest.fixture
def passage(shipped: Course, clock: Clock) -> GuessPassage:
    """Today's."""
    return passage_of(shipped.passages, clock.now.date())


async def say(player: Player, *words: str) -> str:
    """Guess at one place after another."""
    for word in words:
        await player.press(TYPE)
        await player.write(word)
    return player.text


async def test_five_words_are_guessed_one_after_another(
    alice: Player, passage: GuessPassage
) -> None:
    text = await alice.type("guess")
    assert "What would the model say next?" in text
    assert passage.begin in text
    for place, word in enumerate(passage.words[:4]):
        assert passage.words[place] not in alice.text.rpartition(">")[2].split()
        text = await say(alice, "kube")
        assert f"It goes on: **{word}**" in text
        assert "**1.4 bits**, the model's first choice too, 38.9 %." in text
    done = await say(alice, "scheduler")
    assert "Your words surprised it by **1.6 bits** each" in done
    assert "> Hunch 2 Mar 🟩🟩🟩🟩🟩\n> 1.6 bits a word · the model 1.4" in done
    assert "🟩 square, 1 in 10 or better" in done
    assert "circle" not in done  # what isn't there needs no key
    assert TYPE not in alice.labels


async def test_a_result_is_posted_once_however_often_it_is_pressed(
    alice: Player, join: Callable[[str], Player], passage: GuessPassage
) -> None:
    await alice.type("guess")
    await say(alice, "kube", "banana", "kube", "scheduler", "kube")
    before = len(alice.channel.history())
    twin = alice.card
    await alice.type("guess")
    text = await alice.press(POST)
    assert "Posted in this channel." in text
    assert POST not in alice.labels
    assert "Posted in this channel." in await alice.press(POST, twin)
    posted = [m for m in alice.channel.history()[before:] if not m.flags.ephemeral]
    assert len(posted) == 1
    bob = join("bob")
    said = bob.heard()
    assert "Hunch 2 Mar 🟩🔷🟩🟩🟩\n5.3 bits a word · the model 1.4" in said
    assert "🔷 diamond, less" in said
    for secret in ("kube", "banana", "scheduler", *passage.words):
        assert secret not in said.split()
    await bob.press("Guess today's passage")
    assert passage.begin in bob.told
    assert bob.text == said  # nobody's press changes it


async def test_a_result_that_discord_refuses_can_be_posted_later(
    alice: Player, simcord_env: Any
) -> None:
    await alice.type("guess")
    await say(alice, *["kube"] * 5)
    simcord_env.inject_error("POST", "/webhooks/*", status=403, code=50013, times=1)
    await alice.press(POST)
    assert "Discord didn't let me post here." in alice.text
    assert POST in alice.labels
    assert "Posted in this channel." in await alice.press(POST)
    assert "Hunch 2 Mar" in alice.heard()


async def test_passages_in_a_row_and_the_best_of_them_are_counted(
    alice: Player, clock: Clock
) -> None:
    await alice.type("guess")
    first = await say(alice, *["scheduler"] * 5)
    assert "in a row" not in first
    assert "best" not in first
    clock.go_on(days=1)
    await alice.type("guess")
    second = await say(alice, *["kube"] * 5)
    assert "2 passages in a row. Your best so far!" in second
    assert "You and the model are of one mind" in second
    clock.go_on(days=1)
    await alice.type("guess")
    third = await say(alice, *["banana"] * 5)
    assert "3 passages in a row. Your best of 3: 1.4 bits a word." in third
    assert "You had other ideas than the model" in third


async def test_the_passage_is_the_same_for_everyone_and_another_the_next_day(
    alice: Player, dora: Player, clock: Clock, passage: GuessPassage
) -> None:
    assert passage.begin in await alice.type("guess")
    assert passage.begin in await dora.type("guess")
    clock.go_on(days=1)
    assert passage.begin not in await alice.type("guess")


async def test_a_model_that_fails_loses_no_guess(
    alice: Player, engine: FakeEngine, passage: GuessPassage
) -> None:
    await alice.type("guess")
    engine.failure = Unavailable("The model isn't answering just now.")
    text = await say(alice, "kube")
    assert "The model isn't answering just now. Your guess is kept." in text
    assert "🔒" in text
    assert alice.labels == ["Try again", "Go on without"]
    assert "isn't answering" in await alice.press("Try again")
    engine.failure = None
    assert f"It goes on: **{passage.words[0]}**" in await alice.press("Try again")


async def test_what_the_model_can_t_score_at_all_is_told_and_gone_on_from(
    alice: Player, engine: FakeEngine, passage: GuessPassage
) -> None:
    await alice.type("guess")
    engine.failure = Missing("The server has no /tokenize.")
    text = await say(alice, "kube")
    assert "The server has no /tokenize." in text
    assert "Try again" not in alice.labels
    engine.failure = None
    await say(alice, "kube")
    assert f"It goes on: **{passage.words[1]}**" in alice.text


async def test_a_learner_may_go_on_without_the_model(
    alice: Player, engine: FakeEngine, passage: GuessPassage
) -> None:
    await alice.type("guess")
    engine.failure = Unavailable("The model isn't answering just now.")
    for _ in passage.words:
        await say(alice, "kube")
        await alice.press("Go on without")
    assert "the model scored none of it" in alice.text
    assert POST not in alice.labels


async def test_a_guess_kept_before_a_restart_is_scored_after(
    alice: Player,
    engine: FakeEngine,
    simcord_env: Any,
    new_bot: Callable[[], HunchBot],
    passage: GuessPassage,
) -> None:
    await alice.type("guess")
    engine.failure = Unavailable("The model isn't answering just now.")
    await say(alice, "kube")
    engine.failure = None
    await simcord_env.restart_bot(new_bot())
    assert f"It goes on: **{passage.words[0]}**" in await alice.press("Try again")
    await say(alice, "kube")
    assert f"It goes on: **{passage.words[1]}**" in alice.text


async def test_a_second_guess_at_the_same_place_is_refused(
    alice: Player, passage: GuessPassage
) -> None:
    await alice.type("guess")
    windows = []
    for _ in range(2):
        await alice.press(TYPE)
        windows.append(alice.shown)
    await alice.write("kube", windows[0])
    text = await alice.write("scheduler", windows[1])
    assert "You've guessed there already. Nothing changed." in text
    assert f"It goes on: **{passage.words[0]}**" in text


async def test_a_window_sent_after_midnight_leads_to_the_new_passage(
    alice: Player, clock: Clock, passage: GuessPassage
) -> None:
    await alice.type("guess")
    await alice.press(TYPE)
    clock.go_on(days=1)
    text = await alice.write("kube")
    assert "That passage's day is over. Here is today's." in text
    assert passage.begin not in text


async def test_the_class_is_shown_from_three_learners_up(join: Callable[[str], Player]) -> None:
    players = [join(f"learner-{n}") for n in range(3)]
    for player in players:
        await player.type("guess")
        text = await say(player, "kube" if player is players[0] else "banana")
        assert ("Your class:" in text) is (player is players[-1])
    assert "Your class: 19.9 bits, the median." in text


async def test_odd_words_are_shown_as_they_stand(alice: Player) -> None:
    await alice.type("guess")
    text = await say(alice, "`@everyone` *x* \u202e")
    assert "@everyone" not in text or "`" in text
    assert "\u202e" not in text


async def test_a_guess_counts_as_a_day_of_practice(alice: Player, clock: Clock) -> None:
    for _ in range(2):
        await alice.type("guess")
        await say(alice, "kube")
        clock.go_on(days=1)
    clock.go_on(days=-1)
    assert "2 days in a row" in await alice.type("hunch")


async def test_a_passage_is_played_in_a_direct_message_too(
    dora: Player, passage: GuessPassage
) -> None:
    await dora.type("guess")
    assert f"**{passage.words[0]}**" in await say(dora, passage.words[0])
    assert not any("Your class" in p.get("content", "") for p in parts_of(dora.raw.components))
