"""A chat model that has no answer to give: the course's own words stand in for it."""

import json
from collections.abc import Awaitable, Callable

import pytest

from bot.agent.prompting import NOT_IN_THE_COURSE
from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Outcome, Reply, Said
from tests.agent.conftest import Desk
from tests.fakes.chat_server import Turn, in_turn

Make = Callable[..., Awaitable[Desk]]
KV = Source(7, term="KV cache")
QUESTION = "What is a KV cache?"
MADE_UP = "It was invented by pirates sailing towards Madagascar in search of golden coconuts."
THOUGHT = "<think>The user asks about caches, so let me"
ENDLESS = (("calculate", '{"expression": "1+1"}'),) * 4
WITHOUT_AN_ANSWER = {
    "it abstains": (Turn(NOT_IN_THE_COURSE), "found no answer"),
    "it abstains in a sentence": (Turn(f"Well. {NOT_IN_THE_COURSE.title()}."), "found no answer"),
    "nothing": (Turn(""), "without a word"),
    "only a mark": (Turn("[1]"), "found no answer"),
    "cut in its first sentence": (Turn("It was", end="length"), "stops at its limit"),
    "thinking only": (Turn(THOUGHT, end="length"), "came to none"),
    "thinking only, and whole": (Turn(f"{THOUGHT}</think>"), "without a word"),
    "every sentence is made up": (Turn(f"{MADE_UP} {MADE_UP}"), "wasn't borne out"),
    "a number from nowhere": (Turn("The keys are kept in 73,219 blocks."), "wasn't borne out"),
    "tools without end": (Turn(calls=ENDLESS), "found no answer"),
    "the server fails": (Turn(status=500, reason="oops"), "failed"),
}


@pytest.mark.parametrize(("turn", "why"), WITHOUT_AN_ANSWER.values(), ids=WITHOUT_AN_ANSWER)
async def test_a_model_without_an_answer_leaves_the_course_s_own_words(
    desk: Make, turn: Turn, why: str
) -> None:
    notes = (await (await desk()).ask(QUESTION)).reply
    asked = await (await desk(in_turn(turn))).ask(QUESTION)
    assert_quoted(asked.reply, why)
    assert (asked.reply.text, asked.reply.citations) == (notes.text, notes.citations)
    assert "pirates" not in repr(asked.events)
    assert all(said == Said("") for said in asked.of(Said))


async def test_a_round_that_fails_after_a_tool_leaves_the_course_and_what_was_run(
    desk: Make,
) -> None:
    call = ("nexttoken", json.dumps({"prompt": "The cat sat on the", "top": 3}))
    at = await desk(in_turn(Turn(calls=(call,)), Turn(status=500, reason="oops")))
    reply = (await at.ask("What is a logprob, for instance?")).reply
    assert reply.outcome is Outcome.ANSWERED
    assert "word for word" in reply.text
    assert [ran.instrument for ran in reply.ran] == ["nexttoken"]


def assert_quoted(reply: Reply, why: str) -> None:
    """Assert that a reply is the course's own, and says why the model's isn't there."""
    assert reply.outcome is Outcome.ANSWERED
    assert reply.mode is Mode.NOTES
    assert reply.citations[0] == KV
    assert "word for word" in reply.text
    assert why in (reply.note or "")
