"""How many tokens a stream brought, where an event isn't one token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.engine.cluster.answers import read_chunk
from tools.engine.cluster.stopwatch import Stopwatch, shared_out
from tools.engine.serving import Timed
from tools.errors import Nonsense


def event(text: str, **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "text": text, **more}]}


def timed(*events: dict[str, object], asked: int = 256) -> Timed:
    watch = Stopwatch(0.0, asked)
    for number, one in enumerate(events, start=1):
        watch.saw(read_chunk(one), float(number))
    return watch.timed()


THREE = (event("one two three"), event(" four five six"), event(" seven eight nine"))


def test_several_tokens_an_event_are_counted_from_usage() -> None:
    usage = {"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 9}}
    found = timed(*THREE, usage)
    assert (found.tokens, found.prompt_tokens) == (9, 4)
    assert found.ended_s == 3.0


def test_without_usage_an_answer_cut_by_its_limit_has_as_many_as_were_asked_for() -> None:
    found = timed(*THREE[:2], event(" seven eight nine", finish_reason="length"), asked=9)
    assert found.tokens == 9


def test_without_either_each_event_is_taken_for_one() -> None:
    assert timed(*THREE).tokens == 3


def test_ids_that_come_along_are_counted_before_all() -> None:
    usage = {"choices": [], "usage": {"completion_tokens": 40}}
    assert timed(event("ab", token_ids=[1, 2]), event("c", token_ids=[3]), usage).tokens == 3


def test_fewer_tokens_than_events_take_as_long_as_all_events() -> None:
    usage = {"choices": [], "usage": {"completion_tokens": 2}}
    found = timed(*THREE, usage)
    assert (found.tokens, found.ended_s) == (2, 3.0)


def test_a_count_of_more_than_was_asked_for_is_not_believed() -> None:
    usage = {"choices": [], "usage": {"completion_tokens": 10**9}}
    with pytest.raises(Nonsense, match="1000000000 tokens where 16 were asked for"):
        timed(*THREE, usage, asked=16)


@given(st.integers(1, 300), st.lists(st.integers(1, 40), min_size=1, max_size=50))
def test_the_shares_are_all_tokens_and_none_is_less_than_nothing(
    made: int, lengths: list[int]
) -> None:
    counts = shared_out(made, lengths)
    assert sum(counts) == made
    assert counts[0] >= 1
    assert min(counts) >= (1 if made >= len(lengths) else 0)
