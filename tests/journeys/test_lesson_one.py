"""The whole of lesson 1, as a learner walks it: every answer right, every answer wrong."""

from itertools import pairwise
from typing import Any

import pytest

from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.registry import Step
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course
from tests.fakes.model import FakeEngine
from tests.journeys.player import Player
from tests.journeys.test_model_fails import to_step

SLUG = "what-is-an-llm"
MOST_PRESSES = 30


class Presses(Player):
    """A player who counts."""

    def __init__(self, player: Player) -> None:
        super().__init__(player.env, player.actor, player.channel)
        self.count = 0

    async def press(self, label: str, card: Any = None) -> str:
        self.count += 1
        return await super().press(label, card)

    async def write(self, text: str, shown: Any = None, how_sure: str = "sure") -> str:
        self.count += 1
        return await super().write(text, shown, how_sure)


async def answer(alice: Player, step: Step, *, is_right: bool, is_quick: bool = False) -> str:
    """Guess at a step and reveal it; return the reveal."""
    match step:
        case ChoiceStep() if is_quick:
            return await alice.press(step.answer if is_right else wrong_of(step))
        case ChoiceStep():
            await alice.press(step.answer if is_right else wrong_of(step))
            return await alice.press("sure")
        case NumberStep():
            await alice.press("Type your number")
            return await alice.write(f"{step.answer if is_right else step.answer * 100:.0f}")
        case TokenStep():
            await alice.press("Type what comes next")
            return await alice.write("kube" if is_right else "banana")
        case _:
            return pytest.fail(f"{step.kind} takes no guess")


def wrong_of(step: ChoiceStep) -> str:
    return next(k for k, o in zip("ABCDE", step.options, strict=False) if not o.correct)


async def walk(alice: Player, course: Course, *, is_right: bool, ticks: bool = True) -> list[str]:
    """Go from the first card to the last; return every reveal."""
    await alice.type("lesson")
    await alice.press("Start")
    reveals = []
    lesson = course.lesson(SLUG)
    for former, step in pairwise((None, *lesson.way)):
        assert step is not None
        assert "What did you say?" not in alice.text
        if former is not None and lesson.passage_with(former.id) == step:
            continue  # it stood on the card before
        match step.kind:
            case "choice" | "number" | "token":
                is_quick = step in lesson.quick_check
                reveals.append(await answer(alice, step, is_right=is_right, is_quick=is_quick))
                if along := lesson.passage_with(step.id):
                    assert f"{along.title}\n{along.text.strip()}\n[Next]" in alice.text
                if not is_quick:
                    await alice.press("Next")
            case "read":
                assert step.text.strip() in alice.text
                await alice.press("Next")
            case "exhibit":
                assert "live · fake-135m" in await alice.press("Run it")
                await alice.press("Next")
            case "recall":
                assert step.answer.strip() not in alice.text
                assert step.answer.strip() in await alice.press("Show me")
                await alice.press("I had it" if is_right else "I didn't")
            case "teachback":
                await alice.press("Write it")
                said = "it scores every token, one is picked, and round it goes"
                assert "In your words: 3 of 4" in await alice.write(said)
                if ticks:
                    assert "[✓ 1]" in await alice.press("○ 1")
                    assert "[○ 1]" in await alice.press("✓ 1")
                await alice.press("Next")
    return reveals


async def test_lesson_one_all_right(alice: Player, shipped: Course) -> None:
    reveals = await walk(alice, shipped, is_right=True)
    assert all("✓" in reveal for reveal in reveals)
    assert "**9 of 9** right at first try." in alice.text
    assert "When you were *sure*, you were right 9 of 9 times." in alice.text


async def test_lesson_one_all_wrong(alice: Player, shipped: Course) -> None:
    reveals = await walk(alice, shipped, is_right=False)
    assert sum("✗" in reveal for reveal in reveals) == len(reveals) - 1  # no guess at a token is
    assert "**0 of 9** right at first try." in alice.text
    assert "A common belief, and not so" in alice.text


async def test_every_wrong_option_gets_the_reply_to_its_own_belief(
    alice: Player, shipped: Course, join
) -> None:
    first = shipped.lesson(SLUG).way[0]
    assert isinstance(first, ChoiceStep)
    for key, option in zip("ABCDE", first.options, strict=False):
        learner = join(f"learner-{key}")
        await learner.type("lesson")
        await learner.press("Start")
        await learner.press(key)
        assert option.reply.strip() in await learner.press("maybe")


async def test_the_recorded_figures_stand_beside_the_live_ones(
    alice: Player, shipped: Course
) -> None:
    reveals = await walk(alice, shipped, is_right=False)
    token = next(reveal for reveal in reveals if "gave it" in reveal)
    assert "live · fake-135m (embedded)" in token
    assert "recorded: Qwen3.6-27B-FP8, 4×H100, 2026, day not noted" in token
    assert "38.9 %" in token


async def test_taking_it_again_keeps_the_first_guesses(alice: Player, shipped: Course) -> None:
    await walk(alice, shipped, is_right=False)
    await alice.press("Take it again")
    first = shipped.lesson(SLUG).way[0]
    reveal = await answer(alice, first, is_right=True)
    assert "✓" in reveal
    assert "The first time you said" in reveal
    assert "**0 of 9** right at first try" in await alice.type("more progress")


async def test_progress_and_home_follow_the_lesson(
    alice: Player, shipped: Course, engine: FakeEngine
) -> None:
    assert "Nothing yet" in await alice.type("more progress")
    assert "[Start lesson 1]" in await alice.type("hunch")
    await walk(alice, shipped, is_right=True)
    progress = await alice.type("more progress")
    assert "**9 of 9** right at first try (100 %)." in progress
    assert "terms learned" in progress
    assert "✓ **1** What is an LLM?" in await alice.press("Course map")
    home = await alice.type("hunch")
    assert "✓ **1** What is an LLM?" in home
    assert "· 9/9" in home


async def test_a_word_where_a_number_is_asked_gets_help_and_the_reveal_shows_the_sum(
    alice: Player,
) -> None:
    """Class: an error for what a person says when they are asked how many."""
    await to_step(alice, 9)
    await alice.press("Type your number")
    text = await alice.write("lots")
    assert "💡 A rough number will do" in text
    assert "⚠️" not in text
    await alice.press("Type your number")
    assert "5 + 6 + … + 104 = 5,450" in await alice.write("105")


async def test_a_number_that_could_be_meant_otherwise_is_told_as_it_was_read(
    alice: Player,
) -> None:
    """Class: 1.234 taken for a thousand by who typed it, for one by the program, and no word."""
    await to_step(alice, 9)
    await alice.press("Type your number")
    text = await alice.write("12,34,56")
    assert "💡 I read 12.34, then `,56`." in text
    await alice.press("Type your number")
    text = await alice.write("1.234")
    assert "💡 I read `1.234` as 1.234" in text
    assert "A single point is a decimal point." in text
    assert "⚠️" not in text


async def test_how_sure_one_was_is_told_in_words_and_in_numbers_for_those_who_look(
    alice: Player,
) -> None:
    await to_step(alice, 1)
    asked = await alice.press("A")
    assert "just guessing 33% · maybe 52% · likely 70% · sure 85% · certain 97%" in asked
    text = await alice.press("certain")
    assert "✗ You said *certain* (97%), and it wasn't so." in text
    number = "(0.97 − 0)² = 0.94: your error squared, 0 is best"
    assert f"Details, press the bar: ||Brier {number}||\n[Next]" in text


async def test_what_is_skipped_or_was_not_known_says_what_came_of_it(alice: Player) -> None:
    """Class: a press after which the next card just stands there."""
    await alice.type("lesson")
    await alice.press("Start")
    assert "> 💡 Skipped: it counts neither as right nor as wrong." in await alice.press("Skip")
    assert "Skipped" not in await alice.press("Next")
    while "Show me" not in alice.labels:
        await alice.press("Skip" if "Skip" in alice.labels else "Next")
    await alice.press("Show me")
    assert "Noted: it returns for review once this lesson is done." in await alice.press("I didn't")


async def test_the_whole_lesson_takes_few_presses(alice: Player, shipped: Course) -> None:
    """Every button counts, and every window sent; what is picked or typed in a window doesn't."""
    presses = Presses(alice)
    await walk(presses, shipped, is_right=True, ticks=False)
    assert "**9 of 9** right at first try." in presses.text
    assert presses.count <= MOST_PRESSES


async def test_a_question_of_the_quick_check_takes_one_press_that_says_how_sure(
    alice: Player, shipped: Course
) -> None:
    quick = shipped.lesson(SLUG).quick_check
    await to_step(alice, 13)
    for step, coming in pairwise(quick):
        text = await alice.press(step.answer if step is quick[0] else f"{wrong_of(step)}?")
        assert step.option(step.answer).text in text
        assert coming.ask in text
    text = await alice.press(quick[-1].answer)
    assert quick[-1].option(quick[-1].answer).reply.strip() in text
    assert "When you were *sure*, you were right 2 of 2 times." in text
