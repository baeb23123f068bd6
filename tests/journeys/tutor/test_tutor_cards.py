"""What stands below an answer: sources, what was run, what is kept back; and where each leads."""

from typing import Any

import pytest

from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Outcome, Ran
from bot.ui.cards.left import GOES_ON, opened_below
from tests.fakes.model import FakeEngine
from tests.journeys.player import Player, parts_of
from tests.journeys.tutor.desk import ScriptedTutor, reply
from tools.bound import BoundCatalogue

STEP = Source(1, step="how-produced")
LATER = Source(1, step="one-step")
TERM = Source(5, term="KV cache")
PROMPT = "The cat sat on the"


@pytest.fixture
def me(simcord_env: Any) -> str:
    return f"<@{simcord_env.bot.user.id}>"


async def ran(engine: FakeEngine, name: str = "nexttoken", **chosen: Any) -> Ran:
    """Run an instrument as the tutor does."""
    catalogue = BoundCatalogue(engine)
    checked = catalogue.checked(name, chosen or {"prompt": PROMPT, "top": 3})
    return Ran(name, checked, await catalogue.run(name, checked))


async def test_sources_open_beside_the_answer_and_leave_it_standing(
    alice: Player, tutor: ScriptedTutor
) -> None:
    tutor.will(reply("Because.", citations=(TERM, STEP, LATER)))
    before = await alice.type("ask", question="Why?")
    assert alice.labels == [
        "KV cache",
        "Lesson 1 · step 1",
        "Lesson 1 · step 4",
        "Go on with my lesson",
    ]
    assert "### KV cache" in beside(await pressed(alice, "KV cache"))
    assert "What is an LLM?" in beside(await pressed(alice, "Lesson 1 · step 4"))
    assert alice.text == f"{before}\n{GOES_ON}"


async def pressed(player: Player, label: str) -> Player:
    await player.press(label)
    return player


def beside(player: Player) -> str:
    """Return what the last press was answered with, on a card of its own."""
    answer = (player.shown.followups or [player.shown.response])[0]
    assert answer.id != player.card.id
    assert answer.ephemeral == hasattr(player.actor, "guild")
    return player.told


async def test_a_source_in_a_public_answer_opens_for_whoever_presses(
    alice: Player, mallory: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(reply("Because.", citations=(TERM,)))
    await alice.say(f"{me} why?")
    mallory.card = alice.card
    assert "### KV cache" in beside(await pressed(mallory, "KV cache"))


async def test_what_was_run_is_shown_and_can_be_taken_up_with_its_knobs(
    alice: Player, tutor: ScriptedTutor, engine: FakeEngine
) -> None:
    tutor.will(reply("Look.", ran=(await ran(engine),)))
    engine.calls.clear()
    text = await alice.type("ask", question="What comes next?")
    assert "␣kube" in text
    assert "live · fake-135m (embedded)" in text
    assert engine.calls["next_token"] == 0  # it was run once, by the tutor
    await alice.press("Try nexttoken yourself")
    assert "[Append ␣kube]" in alice.told
    assert engine.asked[-1].text == PROMPT
    alice.card = alice.shown.response.message
    await alice.press("Append ␣kube")
    assert len(engine.asked[-1].appended) == 1


async def test_what_was_run_for_somebody_else_is_theirs_to_turn(
    alice: Player, mallory: Player, tutor: ScriptedTutor, engine: FakeEngine, me: str
) -> None:
    tutor.will(reply("Look.", ran=(await ran(engine),)))
    await alice.say(f"{me} what comes next?")
    mallory.card = alice.card
    await mallory.press("Try nexttoken yourself")
    assert "somebody else's" in mallory.told


async def test_two_pictures_of_one_answer_are_two_files(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, engine: FakeEngine, me: str
) -> None:
    runs = (await ran(engine, "batching", requests=4), await ran(engine, "batching", requests=5))
    tutor.will(reply("Look.", ran=(*runs, await ran(engine))))
    await alice.say(f"{me} what is continuous batching?")
    shown = [
        item["media"]["url"]
        for part in parts_of(alice.raw.components)
        for item in part.get("items", ())
    ]
    assert len(set(shown)) == len(shown) == 2
    assert alice.labels == [*["Try batching yourself"] * 2, "Go on with my lesson"]  # two at most


async def test_notes_mode_says_so(alice: Player, tutor: ScriptedTutor) -> None:
    quoted = reply(mode=Mode.NOTES, citations=(TERM,))
    tutor.will(quoted, reply(mode=Mode.NOTES), reply(mode=Mode.MODEL))
    assert "from the course, no chat model" in await alice.type("ask", question="Why?")
    assert "-# no chat model" in await alice.type("ask", question="Why?")
    assert "written by a chat model" in await alice.type("ask", question="Why?")


async def test_what_is_kept_back_in_public_is_said_and_where_to_ask_instead(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    hint = reply(
        "Your guess comes first.", outcome=Outcome.HINTED, citations=(STEP,), guess_first=STEP
    )
    tutor.will(hint, hint)
    assert "`/ask` answers you in private" in await alice.say(f"{me} tell me?")
    assert alice.labels == ["Go and guess"]
    assert "in private" not in await alice.type("ask", question="Tell me?")


NASTY = (
    "# Big\n-# small\n>>> all of it\n[click](https://evil.example) ||hidden|| @everyone <@1> <#2>"
    " \u202eback \ud83d half https://evil.example\n```\nopen"
)


async def test_an_answer_can_not_reach_out_of_its_card(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(reply(NASTY))
    text = await alice.say(f"{me} why?")
    for sign in (
        "\n#",
        "\n-# small",
        "\n>>>",
        "[click](",
        "||",
        "@everyone",
        "<@1>",
        "<#2>",
        "\u202e",
    ):
        assert sign not in text
    assert "://" not in text
    assert text.count("```") == 2
    assert alice.raw.mention_everyone is False
    assert alice.card.mentions == []


async def test_a_long_answer_is_cut_and_says_so(alice: Player, tutor: ScriptedTutor) -> None:
    tutor.will(reply("**word** 🧑‍💻 " * 2000))
    text = await alice.type("ask", question="Why?")
    assert "(cut here: ask for one part of it)" in text
    assert len(text) < 4000


async def test_asking_about_a_step_from_its_reveal(alice: Player, tutor: ScriptedTutor) -> None:
    await alice.type("lesson")
    for label in ("Start", "A", "likely"):
        await alice.press(label)
    lesson = alice.text
    await alice.press("Ask about this")
    assert "About: How does a reply come into being?" in str(alice.shown.modal)
    tutor.will(reply("It goes round."))
    await alice.write("Why not?")
    assert "It goes round." in alice.told
    assert tutor.questions == ["Why not? (How does a reply come into being?)"]
    assert alice.text.replace(f"{opened_below()}\n", "") == lesson
    await alice.press("Ask about this")
    tutor.will(reply("No."))
    await alice.write("Does the server keep finished replies somewhere for later requests?")
    assert tutor.questions[-1].endswith("for later requests?")


@pytest.mark.parametrize("command", ["hunch", "more help"])
async def test_asking_from_the_map_and_from_help(
    alice: Player, tutor: ScriptedTutor, command: str
) -> None:
    assert "Ask" in (await alice.type(command))
    tutor.will(reply("It goes round."))
    await alice.press("Ask")
    await alice.write("How does it go on?")
    assert "It goes round." in alice.told
