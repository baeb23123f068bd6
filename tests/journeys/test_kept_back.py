"""Words and prompts that would tell what a step asks: the way there first, then the answer."""

from typing import Any

from curriculum.schema import Course
from tests.fakes.model import FakeEngine
from tests.journeys.player import Player, take_up

PROMPT = "Kubernetes pods are scheduled by the"


async def guess_to(player: Player, course: Course, last: str) -> None:
    """Begin lesson 1 and lock in a guess at every step up to this one."""
    await player.type("lesson")
    await player.press("Start")
    lesson = course.lessons[0]
    along = [lesson.passage_with(step.id) for step in lesson.sequence]
    for step in lesson.sequence:
        if step in along:
            continue  # it stood on the card before
        if step.kind == "choice":
            await player.press("A")
        elif step.kind == "token":
            await player.press("Type what comes next")
            await player.write("kube", how_sure="likely")
        if step.kind == "choice":
            await player.press("likely")
        if step.id == last:
            return
        await player.press("Next")


def meaning(course: Course, name: str) -> str:
    return next(term.means.strip() for term in course.terms if term.term == name)


async def test_a_word_that_is_still_asked_leads_to_its_step(alice: Player, shipped: Course) -> None:
    for name in ("vocabulary", "language model", "probability distribution"):
        text = await alice.type("more glossary", term=name)
        assert f"### {name}" in text
        assert meaning(shipped, name) not in text
        assert "*Lesson 1 · step 4* asks you" in text
        assert alice.labels == ["Go and guess"]
    await alice.press("Go and guess")
    assert "### What is an LLM?" in alice.told


async def test_the_way_there_works_after_a_restart(
    simcord_env: Any, alice: Player, new_bot: Any
) -> None:
    await alice.type("more glossary", term="vocabulary")
    await simcord_env.restart_bot(new_bot())
    await alice.press("Go and guess")
    assert "### What is an LLM?" in alice.told


async def test_a_word_opens_with_the_guess(alice: Player, shipped: Course) -> None:
    await guess_to(alice, shipped, "one-step")
    for name in ("language model", "probability distribution"):
        assert meaning(shipped, name) in await alice.type("more glossary", term=name)
        assert alice.labels == ["Go on with my lesson"]
    # this one says, beside that, what the end of the lesson asks for
    assert "*Lesson 1 · step 12* asks you" in await alice.type("more glossary", term="vocabulary")


async def test_another_learner_s_guess_opens_nothing(
    alice: Player, mallory: Player, shipped: Course
) -> None:
    await guess_to(alice, shipped, "one-step")
    assert "asks you" in await mallory.type("more glossary", term="vocabulary")


async def test_a_word_that_tells_no_key_is_open_to_a_newcomer(alice: Player) -> None:
    assert "Go and guess" not in await alice.type("more glossary", term="KV cache")


async def test_an_instructor_reads_every_word(
    simcord_env: Any, channel: Any, shipped: Course
) -> None:
    import discord

    managers = simcord_env.guild.create_role(
        "managers", permissions=discord.Permissions(manage_guild=True)
    )
    member = simcord_env.guild.add_member(simcord_env.create_user("ina"), roles=[managers])
    ina = Player(simcord_env, member, channel)
    assert meaning(shipped, "vocabulary") in await ina.type("more glossary", term="vocabulary")
    assert "live · fake-135m" in await ina.type("nexttoken", prompt=PROMPT)


async def test_a_step_s_own_prompt_is_guessed_before_it_is_run(
    alice: Player, engine: FakeEngine, shipped: Course
) -> None:
    text = await alice.type("nexttoken", prompt=f"  {PROMPT.lower()} ")
    assert "*Lesson 1 · step 6* asks you" in text
    assert engine.asked == []
    assert alice.labels == ["Go and guess"]
    await guess_to(alice, shipped, "how-sure")
    assert "live · fake-135m" in await alice.type("nexttoken", prompt=PROMPT)


async def test_a_prompt_of_ones_own_is_run(alice: Player) -> None:
    assert "live · fake-135m" in await alice.type("nexttoken", prompt=f"{PROMPT} control plane")


async def test_a_prompt_written_in_the_window_is_kept_back_too(
    alice: Player, engine: FakeEngine
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    for label in ("A", "likely", "Next", "Next", "Run it"):
        await alice.press(label)
    await take_up(alice)
    asked = len(engine.asked)
    await alice.press("Other prompt")
    await alice.write(PROMPT)
    assert len(engine.asked) == asked
