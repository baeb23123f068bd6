"""A follow-up is a whole question before it is searched for, gated or computed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.agent.follow_up import whole
from bot.agent.search.search import CourseSearch
from bot.domain.tutor.passages import Source
from bot.domain.tutor.spoilers import spoilers_for
from bot.domain.tutor.talk import Brief, Exchange, Outcome, Question, Reply
from curriculum.schema import Course
from tests.agent.conftest import Desk
from tests.eval.followups import missed, posed

Make = Callable[..., Awaitable[Desk]]
CACHE = "What is a KV cache?"


@pytest.mark.parametrize(
    "asked",
    [
        "why?",
        "does it grow?",
        "and per user?",
        "tell me more",
        "what happens to them later?",
        "can you explain that more simply?",
        "is it the same as a prefix cache?",  # names a term, and points back
    ],
)
def test_what_leans_on_the_talk_carries_its_subject(search: CourseSearch, asked: str) -> None:
    assert whole(asked, [CACHE], search.names_in).text == f"KV cache {asked}"


@pytest.mark.parametrize(
    "asked",
    [
        "What is temperature?",
        "ok, and what is quantization?",
        "and top-p?",
        "Is it true that temperature changes the weights?",
        "How long does it take to read a prompt of ten thousand tokens on one small GPU?",
    ],
)
def test_what_names_its_own_subject_carries_nothing(search: CourseSearch, asked: str) -> None:
    assert whole(asked, [CACHE], search.names_in).text == asked


def test_a_talk_is_followed_over_several_questions(search: CourseSearch) -> None:
    earlier = [CACHE, "why?", "how big is it for llama 3.1 8b at 8k?", "and for 70B?"]
    computes = whole("in fp8, with 16 users?", earlier, search.names_in).computes
    assert computes is not None
    assert dict(computes.route.chosen) == {
        "config": "llama-3.3-70b",
        "context": 8192,
        "batch": 16,
        "precision": "fp8",
    }


def test_a_definition_ends_a_sum(search: CourseSearch) -> None:
    sized = "how big is the KV cache of llama 3.1 8b at 8k?"
    assert whole("what is FP8?", [sized], search.names_in).computes is None
    assert whole("why?", [sized], search.names_in).computes is None


async def test_follow_ups_find_what_they_lean_on(search: CourseSearch) -> None:
    assert len(await missed(search, "tuned")) <= 0.1 * len(posed("tuned"))


async def test_the_figure_is_computed_for_the_model_that_is_given_anew(desk: Make) -> None:
    reply = await _asked(await desk(), "and for qwen 3 32b?", "KV cache size of llama 3 8b at 8k")
    assert "2 GiB" in reply.text
    assert "qwen3-32b" in reply.text


async def test_a_follow_up_is_gated_as_the_whole_question_that_it_is(
    desk: Make, shipped: Course
) -> None:
    at = await desk()
    done = [
        (lesson.number, step.id)
        for lesson in shipped.lessons
        for step in lesson.sequence
        if step.id != "one-token"
    ]
    brief = replace(at.new, spoilers=spoilers_for(shipped, done))
    before = "how many bytes per token does the KV cache of llama 3 8b take?"
    reply = await _asked(at, "and for qwen 2.5 7b?", before, brief)
    assert reply.outcome is Outcome.HINTED
    assert reply.guess_first == Source(7, step="one-token")


async def _asked(at: Desk, text: str, before: str, brief: Brief | None = None) -> Reply:
    question = Question(text, (Exchange(before, "…"),))
    events = [event async for event in at.tutor.answer(question, brief or at.finished)]
    return next(event for event in events if isinstance(event, Reply))
