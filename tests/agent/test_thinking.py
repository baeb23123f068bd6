"""What a model thinks is no part of its answer, however it is spelt, cut or sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agent.thinking import Thoughts
from bot.domain.mode import Mode
from bot.domain.tutor.talk import Outcome, Said
from tests.agent.test_tutor import GROUNDED, QUESTION, Make
from tests.fakes.chat_server import Turn, delta_of, in_turn

THOUGHT = "Let me see: perhaps 73 pirates."
ANSWER = "It is so [1]."
OPENED = [
    "<think>\n{}\n</think>\n\n",
    "<Thinking>{}</Thinking>",
    "<thought>{}</thought> ",
    "<reasoning>{}</reasoning>\n",
    "[THINK]{}[/THINK]",
    "<seed:think>{}</seed:think>",
    "◁think▷{}◁/think▷",
    "<|START_THINKING|>{}<|END_THINKING|><|START_RESPONSE|>",
    "<|channel>thought\n{}<channel|>",
    "<|think|>{}<|/think|>",
    "<think >{}</think >",
    '<think type="long">{}</think>',
    "<|begin_of_thought|>{}<|end_of_thought|>\n\n<|begin_of_solution|>",
    "Here is my thought process: {} Here is my response: ",
    "Here's my thought process:\n{}\nHere's my response:\n",
    "<think>\n{}\n</think>\n<answer>\n",
    "<think>{}</think>\n\n<response>\n",
    "<|channel|>analysis<|message|>{}<|end|><|start|>assistant<|channel|>final<|message|>",
]
BARE = "analysis{}assistantfinal"  # gpt-oss, its special tokens dropped
CLOSED_ALONE = ["{}\n</think>\n\n", "{}[/THINK]", "{}</reasoning>", "{}◁/think▷"]


def sorted_(text: str, piece: int, *, is_opened: bool = False, is_cut: bool = False) -> Thoughts:
    thoughts = Thoughts(is_opened=is_opened)
    for first in range(0, len(text), piece):
        thoughts.take(text[first : first + piece])
    thoughts.end(is_cut=is_cut)
    return thoughts


@pytest.mark.parametrize("piece", [1, 2, 5, 1000])
@pytest.mark.parametrize("spelt", [*OPENED, BARE, *CLOSED_ALONE])
def test_only_the_answer_is_left_however_it_is_split(spelt: str, piece: int) -> None:
    thoughts = sorted_(spelt.format(THOUGHT) + ANSWER, piece)
    assert thoughts.answer == ANSWER
    assert thoughts.has_thought
    assert thoughts.closed_unopened is (spelt in CLOSED_ALONE)


@pytest.mark.parametrize("spelt", [*OPENED, BARE])
def test_thinking_that_the_limit_cuts_is_no_answer(spelt: str) -> None:
    begun = spelt.partition("{}")[0] + THOUGHT
    assert sorted_(begun, 3, is_cut=True).answer == ""
    assert sorted_(begun, 3).answer == ""


@pytest.mark.parametrize("piece", [1, 4, 1000])
@pytest.mark.parametrize("around", ["<answer>{}</answer>", "<|begin_of_box|>{}<|end_of_box|>"])
def test_what_a_template_puts_round_an_answer_is_left_out(around: str, piece: int) -> None:
    assert sorted_(around.format(ANSWER), piece).answer == ANSWER


@pytest.mark.parametrize("piece", [1, 4, 1000])
def test_a_model_whose_prompt_opens_its_thinking_answers_after_it_closes(piece: int) -> None:
    assert sorted_(f"{THOUGHT}</think>{ANSWER}", piece, is_opened=True).answer == ANSWER
    assert sorted_(THOUGHT, piece, is_opened=True, is_cut=True).answer == ""
    assert sorted_(ANSWER, piece, is_opened=True).answer == ANSWER  # it didn't think this time
    assert sorted_(f"<think>{THOUGHT}", piece, is_opened=True).answer == ""


@pytest.mark.parametrize("piece", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "Models write `<think>` and then '</think>' around it.",
        "Where a < b and b > c, see [1], [2] and [THIS].",
        "analysis of variance",
        "analysis",
        "It ends with <",
        "The assistant thinks.",
        "Here is my advice: here it is",
        "He heard it here",
        "A <response time> of 3 ms is here's",
    ],
)
def test_what_only_looks_like_a_mark_stands(text: str, piece: int) -> None:
    assert sorted_(text, piece).answer == text


@given(st.text(alphabet="ab <>[]/thinkHers my|`◁▷\n", max_size=60), st.integers(1, 9))
def test_how_a_text_is_split_makes_no_difference(text: str, piece: int) -> None:
    assert sorted_(text, piece).answer == sorted_(text, 1000).answer


def of_fields(delta: dict[str, Any]) -> Turn:
    return Turn(chunks=(delta_of(delta), delta_of({"content": GROUNDED})))


@pytest.mark.parametrize("other", [THOUGHT, "It grows with every token."])
@pytest.mark.parametrize(
    "turn",
    [
        *(Turn(spelt + GROUNDED) for spelt in [*OPENED, *CLOSED_ALONE]),
        of_fields({"reasoning_content": "{}"}),
        of_fields({"reasoning": "{}"}),
        of_fields({"content": [{"type": "thinking", "thinking": [{"text": "{}"}]}]}),
        of_fields({"content": [{"type": "reasoning", "text": "{}"}]}),
        Turn(chunks=(delta_of({"content": [{"type": "text", "text": GROUNDED}]}),)),
    ],
)
async def test_nobody_sees_what_a_model_thinks(desk: Make, turn: Turn, other: str) -> None:
    told = Turn(turn.text.replace("{}", other), chunks=filled(turn.chunks, other))
    asked = await (await desk(in_turn(told))).ask(QUESTION)
    assert asked.reply.text == GROUNDED.replace(" [1]", "")
    assert asked.reply.mode is Mode.MODEL
    shown = [event.text for event in asked.of(Said)]
    assert all(asked.reply.text.startswith(text) for text in shown), shown


def filled(chunks: tuple[Any, ...], thought: str) -> tuple[Any, ...]:
    """Return chunks with a thought filled in."""
    if isinstance(chunks, str):
        return chunks.replace("{}", thought)
    if isinstance(chunks, dict):
        return {key: filled(value, thought) for key, value in chunks.items()}
    if isinstance(chunks, list | tuple):
        return type(chunks)(filled(one, thought) for one in chunks)
    return chunks


async def test_a_model_known_to_think_unseen_shows_nothing_before_it_is_done(desk: Make) -> None:
    thought = "It holds the keys and values of all tokens so far [1]. Or so they say."
    at = await desk(in_turn(Turn(f"{thought}</think>{GROUNDED}")))
    await at.ask(QUESTION)
    asked = await at.ask(QUESTION)
    assert asked.reply.outcome is Outcome.ANSWERED
    assert next(event.text for event in asked.of(Said)) == GROUNDED.split(" [1]")[0] + "."


async def test_what_was_shown_and_proves_to_be_thinking_is_taken_back(desk: Make) -> None:
    thought = "It grows with every token [1]. "
    asked = await (await desk(in_turn(Turn(f"{thought}</think>{GROUNDED}")))).ask(QUESTION)
    shown = [event.text for event in asked.of(Said)]
    assert "" in shown
    assert asked.reply.text == GROUNDED.replace(" [1]", "")


@pytest.mark.parametrize(
    "eaten",
    [
        Turn("<think>" + THOUGHT, end="length"),
        Turn(chunks=(delta_of({"reasoning_content": THOUGHT}),), end="length"),
        Turn("", end="length"),
    ],
)
async def test_thinking_that_eats_the_limit_raises_it_once(desk: Make, eaten: Turn) -> None:
    at = await desk(in_turn(eaten, Turn(GROUNDED)))
    asked = await at.ask(QUESTION)
    assert asked.reply.mode is Mode.MODEL
    assert asked.reply.note is None
    limits = [body["max_tokens"] for body in at.server.bodies]
    assert limits == [600, 2400]


async def test_thinking_that_eats_the_raised_limit_leaves_the_course_and_says_so(
    desk: Make,
) -> None:
    at = await desk(in_turn(Turn("<think>" + THOUGHT, end="length")))
    asked = await at.ask(QUESTION)
    assert len(at.server.bodies) == 2
    assert asked.reply.mode is Mode.NOTES
    assert asked.reply.outcome is Outcome.ANSWERED
    assert "2,400 tokens" in (asked.reply.note or "")
    assert "HUNCH_ANSWER_TOKENS" in (asked.reply.note or "")
    await at.ask(QUESTION)
    assert len(at.server.bodies) == 3  # it isn't raised again
