"""The tutor from question to reply: with a model, without one, and with one that misbehaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Exchange, Outcome, PastGuess, Question, Ran, Reply, Said
from curriculum.schema import Course
from tests.agent.conftest import Desk
from tests.agent.test_without_answer import assert_quoted
from tests.fakes.chat_server import Turn, in_turn
from tests.hand_clock import HandClock
from tools.errors import Unavailable

Make = Callable[..., Awaitable[Desk]]
KV = Source(7, term="KV cache")
QUESTION = "What is a KV cache?"
GROUNDED = "It holds the keys and values of all tokens so far [1]. It grows with every token [1]."
MADE_UP = "It was invented by pirates sailing towards Madagascar in search of golden coconuts."


async def test_notes_mode_quotes_cites_and_says_so(desk: Make) -> None:
    reply = (await (await desk()).ask(QUESTION)).reply
    assert reply.mode is Mode.NOTES
    assert reply.outcome is Outcome.ANSWERED
    assert reply.citations[0] == KV
    assert "word for word" in reply.text
    assert "keys and values of all tokens so far" in reply.text


async def test_a_grounded_answer_streams_and_is_cited_by_name(desk: Make) -> None:
    asked = await (await desk(in_turn(Turn(GROUNDED)))).ask(QUESTION)
    first = "It holds the keys and values of all tokens so far."
    assert asked.reply.text == f"{first} It grows with every token."
    assert asked.reply.citations == (KV,)
    assert asked.reply.mode is Mode.MODEL
    assert asked.reply.tokens == 42
    said = [event.text for event in asked.of(Said)]
    assert said == [first, asked.reply.text]


async def test_an_ungrounded_answer_is_tried_once_more(desk: Make) -> None:
    at = await desk(in_turn(Turn(MADE_UP), Turn(GROUNDED)))
    asked = await at.ask(QUESTION)
    assert asked.reply.outcome is Outcome.ANSWERED
    assert "pirates" not in "".join(event.text for event in asked.of(Said))
    again = at.server.bodies[1]["messages"][-1]["content"]
    assert "no source says so" in again


async def test_an_answer_that_stays_ungrounded_gives_way_to_the_course(desk: Make) -> None:
    at = await desk(in_turn(Turn(MADE_UP)))
    asked = await at.ask(QUESTION)
    assert_quoted(asked.reply, "wasn't borne out")
    assert "pirates" not in repr(asked.events)
    assert len(at.server.bodies) == 2


async def test_a_number_from_nowhere_is_never_shown(desk: Make) -> None:
    lie = "The keys and values of all tokens so far are kept, in 73,219 blocks."
    asked = await (await desk(in_turn(Turn(lie)))).ask(QUESTION)
    assert_quoted(asked.reply, "wasn't borne out")
    assert "73" not in repr(asked.events)


async def test_a_stream_is_left_at_the_first_sentence_that_doesn_t_stand(desk: Make) -> None:
    at = await desk(in_turn(Turn(f"{MADE_UP} And so on.", hangs=True)))
    await at.ask(QUESTION)
    async with asyncio.timeout(5):
        while at.server.open:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0)
    assert at.server.left == 2


async def test_tools_are_the_instruments_and_their_results_ground_the_answer(desk: Make) -> None:
    call = ("nexttoken", json.dumps({"prompt": "The cat sat on the", "top": 3}))
    told = 'Most likely is " kube" with 38.9 %.'
    at = await desk(in_turn(Turn("Let me look.", calls=(call,)), Turn(told)))
    asked = await at.ask("What is a logprob, for instance?")
    assert asked.reply.outcome is Outcome.ANSWERED
    (ran,) = asked.of(Ran)
    assert ran.instrument == "nexttoken"
    assert asked.reply.ran == (ran,)
    assert at.engine.calls["next_token"] == 1
    offered = [tool["function"]["name"] for tool in at.server.bodies[0]["tools"]]
    assert {"calculate", "nexttoken"} <= set(offered)
    assert at.server.bodies[1]["messages"][-1]["role"] == "tool"


async def test_a_sum_is_worked_out_by_code(desk: Make) -> None:
    call = ("calculate", json.dumps({"expression": "2*32*8*128*2/1024"}))
    told = "One token takes 128 KiB of keys and values."
    asked = await (await desk(in_turn(Turn(calls=(call,)), Turn(told)))).ask(QUESTION)
    assert asked.reply.text == told


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("nonsense", "{}", "no such tool"),
        ("nexttoken", "{", "aren't a JSON object"),
        ("nexttoken", '{"prompt": "x", "learner_id": 7}', "refused its input"),
        ("nexttoken", '{"prompt": ""}', "refused its input"),
        ("calculate", '{"expression": "__import__(1)"}', "can't be worked out"),
        ("calculate", '{"expression": "9**9**9**9"}', "can't be worked out"),
        ("calculate", '{"expression": "1/0"}', "can't be worked out"),
    ],
)
async def test_a_bad_call_is_told_to_the_model_and_it_goes_on(
    desk: Make, name: str, arguments: str, words: str
) -> None:
    at = await desk(in_turn(Turn(calls=((name, arguments),)), Turn(GROUNDED)))
    asked = await at.ask(QUESTION)
    assert asked.reply.outcome is Outcome.ANSWERED
    assert words in at.server.bodies[1]["messages"][-1]["content"]


async def test_a_tool_that_fails_is_told_to_the_model(desk: Make) -> None:
    call = ("nexttoken", '{"prompt": "x"}')
    at = await desk(in_turn(Turn(calls=(call,)), Turn(GROUNDED)))
    at.engine.failure = Unavailable("The model is down.")
    assert (await at.ask(QUESTION)).reply.outcome is Outcome.ANSWERED
    assert "The model is down." in at.server.bodies[1]["messages"][-1]["content"]


async def test_a_model_that_never_stops_calling_tools_is_stopped(desk: Make) -> None:
    calls = (("calculate", '{"expression": "1+1"}'),) * 4
    at = await desk(in_turn(Turn(calls=calls)))
    asked = await at.ask(QUESTION)
    assert_quoted(asked.reply, "found no answer")
    assert len(at.server.bodies) == 3
    results = [m for m in at.server.bodies[-1]["messages"] if m["role"] == "tool"]
    assert len(results) == 6
    assert "tools" not in at.server.bodies[-1]


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(status=500, reason="oops"), "failed"),
        (Turn("It holds", is_cut=True), "broke off"),
        (Turn("It", is_garbled=True), "no chat completion"),
        (Turn(calls=(("fit", "x" * 5000),)), "without coming to an end"),
        (Turn("", hangs=True), "no answer"),
    ],
)
async def test_a_failing_model_leaves_the_course_s_own_words(
    desk: Make, turn: Turn, words: str
) -> None:
    reply = (await (await desk(in_turn(turn))).ask(QUESTION)).reply
    assert reply.mode is Mode.NOTES
    assert reply.outcome is Outcome.ANSWERED
    assert reply.citations[0] == KV
    assert words in (reply.note or "")


async def test_a_server_without_tools_still_answers(desk: Make) -> None:
    refused = Turn(status=400, reason="tool choice is not supported")
    at = await desk(in_turn(refused, Turn(GROUNDED)))
    assert (await at.ask(QUESTION)).reply.text.startswith("It holds")
    assert "tools" not in at.server.bodies[1]
    assert (await at.ask(QUESTION)).reply.mode is Mode.MODEL
    assert "tools" not in at.server.bodies[2]


async def test_a_minute_is_all_that_an_answer_gets(desk: Make) -> None:
    at = await desk(in_turn(Turn("It", hangs=True)), answer_s=0.2)
    assert_quoted((await at.ask(QUESTION)).reply, "stopped")


async def test_a_minute_that_ends_while_the_listener_works_cancels_nobody(desk: Make) -> None:
    at, clock = await desk(answer_s=60), HandClock()
    replies = []
    async for event in at.tutor.answer(Question(QUESTION), at.finished):
        await clock.passes(61)  # an edit in Discord may take its time
        replies += [event] if isinstance(event, Reply) else []
    assert [reply.outcome for reply in replies] == [Outcome.ANSWERED]


async def test_an_answer_that_trickles_is_stopped_when_its_minute_of_waiting_is_over(
    desk: Make,
) -> None:
    at, clock = await desk(answer_s=60), HandClock()

    class Trickle:
        async def astream(self, *_: object, **__: object) -> AsyncIterator[object]:
            while True:
                await clock.passes(25)
                yield "custom", Said("word by word")

    at.tutor._graph = Trickle()
    asked = await at.ask(QUESTION)
    assert len(asked.of(Said)) == 2
    assert "longer than 60 s" in asked.reply.text


async def test_a_graph_that_runs_in_circles_is_not_told_as_a_minute(
    desk: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.agent.tutor.RECURSION", 1)
    reply = (await (await desk()).ask(QUESTION)).reply
    assert reply.outcome is Outcome.ABSTAINED
    assert "in circles" in reply.text


async def test_a_model_that_gives_a_key_away_in_its_last_round_still_ends_in_a_hint(
    desk: Make, shipped: Course
) -> None:
    step = shipped.lessons[0].step("how-produced")
    looks = Turn(calls=(("calculate", '{"expression": "1+1"}'),))
    at = await desk(in_turn(looks, looks, Turn(f"{step.option(step.answer).text}. And so on.")))
    reply = (await at.ask(QUESTION, at.new)).reply
    assert len(at.server.bodies) == 3
    assert reply.outcome is Outcome.HINTED


async def test_leaving_an_answer_closes_the_model_s_stream(desk: Make) -> None:
    at = await desk(in_turn(Turn(GROUNDED + " And", hangs=True)))
    async with aclosing(at.tutor.answer(Question(QUESTION), at.finished)) as events:
        async for event in events:
            if isinstance(event, Said):
                break
    async with asyncio.timeout(5):
        while at.server.open:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0)
    assert at.server.left == 1


@pytest.mark.parametrize("script", [None, in_turn(Turn("A risotto wants patience."))])
async def test_what_is_not_about_the_course_is_left(desk: Make, script: object) -> None:
    at = await desk(script)
    reply = (await at.ask("How do I cook a mushroom risotto?")).reply
    assert reply.outcome is Outcome.OUTSIDE
    assert at.server is None or at.server.bodies == []


async def test_what_comes_next_runs_the_model_live(desk: Make) -> None:
    at = await desk()
    asked = await at.ask('What comes next after "The cat sat on the"?')
    (ran,) = asked.of(Ran)
    assert ran.instrument == "nexttoken"
    assert at.engine.asked[0].text == "The cat sat on the"
    assert asked.reply.ran == (ran,)


async def test_a_short_question_leans_on_the_one_before_it(desk: Make) -> None:
    at = await desk()
    question = Question("and why?", (Exchange(QUESTION, "…"),))
    replies = [e async for e in at.tutor.answer(question, at.finished) if isinstance(e, Reply)]
    assert replies[0].citations[0] == KV


async def test_a_short_question_that_stands_by_itself_leans_on_nothing(desk: Make) -> None:
    at = await desk()
    question = Question("What is temperature?", (Exchange(QUESTION, "…"),))
    replies = [e async for e in at.tutor.answer(question, at.finished) if isinstance(e, Reply)]
    assert replies[0].citations[0] == Source(6, term="temperature")


async def test_a_step_is_quoted_by_its_right_answer(desk: Make, shipped: Course) -> None:
    at = await desk()
    step = shipped.lessons[0].step("how-produced")
    wrong = next(option for option in step.options if not option.correct)
    reply = (await at.ask(f"{step.ask} {wrong.text}")).reply
    assert Source(1, step="how-produced") in reply.citations
    assert step.option(step.answer).text in reply.text


async def test_the_guess_that_was_made_is_spoken_to(desk: Make) -> None:
    at = await desk()
    source, ask = Source(1, step="how-produced"), "How does a reply come into being?"
    made = PastGuess(source, ask, "A: It settles", False, "No page.")
    reply = (await at.ask(ask, replace(at.finished, guesses=(made,)))).reply
    assert source in reply.citations
    assert "You guessed “A: It settles”, which wasn't it." in reply.text
