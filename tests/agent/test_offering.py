"""The tools that go with a question: few, fitting, and small; what is constant comes first."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from tokenizers import Tokenizer

from bot.agent.offering import MOST, SHOWING, offered, ranked
from bot.agent.prompting import RULES, SHORTEST, opening, shortened
from bot.agent.search.search import CourseSearch
from bot.agent.tooling import declarations
from bot.domain.tutor.passages import Passage, Source
from bot.domain.tutor.talk import Brief, Exchange, Question
from curriculum.schema import Course
from tests.agent.test_tutor import GROUNDED, QUESTION, Make
from tests.eval.questions import HERE, on_course
from tests.fakes.chat_server import Turn, in_turn
from tools.catalogue import INSTRUMENTS

CONSTANT_TOKENS = 1500
FOUND = 4  # passages
# how a template of Qwen's or Hermes' kind puts tools behind the rules
TEMPLATE = """<|im_start|>system
{}

# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
{}
</tools>

For each function call, return a json object with function name and arguments within \
<tool_call></tool_call> XML tags:
<tool_call>
{{"name": <function-name>, "arguments": <args-json-object>}}
</tool_call><|im_end|>
"""


@pytest.fixture
def tokenizer(embedded_folder: Path) -> Tokenizer:
    """The embedded model's."""
    return Tokenizer.from_file(str(embedded_folder / "tokenizer.json"))


def rendered(tools: Sequence[Any]) -> str:
    return TEMPLATE.format(RULES, "\n".join(json.dumps(tool) for tool in tools))


def names(tools: Sequence[Any]) -> list[str]:
    return [tool["function"]["name"] for tool in tools]


async def passages(search: CourseSearch, text: str) -> tuple[Passage, ...]:
    return tuple(found.passage for found in await search.find(text, FOUND))


async def test_what_is_constant_takes_few_tokens_whatever_is_asked(
    search: CourseSearch, tokenizer: Tokenizer
) -> None:
    asked = [one[part] for one in tool_questions() for part in ("tuned", "held")]
    asked += [one.text for one in on_course("tuned")] + [f"show {name}" for name in INSTRUMENTS]
    asked += [f"{a} or {b}" for a in INSTRUMENTS for b in ("capacity", "scheduler")]
    for text in asked:
        tools = offered(text, await passages(search, text))
        assert 3 <= len(tools) <= MOST, text
        assert len(tokenizer.encode(rendered(tools)).ids) <= CONSTANT_TOKENS, names(tools)


@pytest.mark.parametrize(("part", "least"), [("tuned", 37), ("held", 35)])
async def test_the_tool_that_answers_is_among_those_offered(
    search: CourseSearch, part: str, least: int
) -> None:
    posed = tool_questions()
    fitting = 0
    for one in posed:
        there = names(offered(one[part], await passages(search, one[part])))
        fitting += any(name in there for name in one["right"])
    assert len(posed) == 37
    assert fitting >= least


def tool_questions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((HERE / "tools.yaml").read_text("utf-8"))
    return found


def test_each_instrument_is_asked_for_somewhere() -> None:
    assert {name for one in tool_questions() for name in one["right"]} >= set(INSTRUMENTS)


def test_each_instrument_comes_first_where_it_is_named() -> None:
    for name in INSTRUMENTS:
        assert ranked(f"run {name} for me", ())[0] == name


def test_each_term_that_an_instrument_shows_is_in_the_glossary(shipped: Course) -> None:
    assert set(SHOWING) <= {one.term for one in shipped.terms}
    assert set(SHOWING.values()) <= set(INSTRUMENTS)


def test_a_declaration_says_what_each_parameter_is_and_no_more() -> None:
    for one in declarations():
        schema = one["function"]["parameters"]
        assert set(schema) <= {"type", "properties", "required"}
        for field in schema["properties"].values():
            assert {"description", "type"} <= set(field)


PASSAGES = (
    Passage(Source(7, term="KV cache"), "KV cache", "It holds keys and values. " * 60),
    Passage(Source(1, step="one-step"), "One step", "It scores every token."),
    Passage(Source(1, term="token"), "token", "A piece of text."),
)


def test_two_questions_differ_only_in_their_last_message() -> None:
    earlier = (Exchange("What is a token?", "A piece."),)
    first = opening(Question("Why?", earlier), Brief(), PASSAGES, ())
    other = opening(Question("How?", earlier), Brief(here=Source(1, step="a")), PASSAGES[1:], ())
    assert first[:-1] == other[:-1]
    assert first[0] == {"role": "system", "content": RULES}
    assert "keys and values" in first[-1]["content"]


async def test_rules_and_tools_stay_the_same_through_all_rounds(desk: Make) -> None:
    call = ("calculate", '{"expression": "1+1"}')
    at = await desk(in_turn(Turn(calls=(call,)), Turn(GROUNDED)))
    await at.ask(QUESTION)
    first, second = at.server.bodies
    assert first["tools"] == second["tools"]
    assert second["messages"][: len(first["messages"])] == first["messages"]


def test_a_shorter_prompt_keeps_the_question_and_the_best_passages() -> None:
    earlier = (Exchange("What is a token?", "A piece."),)
    whole = opening(Question("Why?\n\nData:\n{", earlier), Brief(), PASSAGES, ())
    whole += ({"role": "tool", "tool_call_id": "c", "content": "x" * 5000},)
    lengths = []
    for shortness in range(SHORTEST + 1):
        shorter = shortened(whole, shortness)
        lengths.append(len(json.dumps(shorter)))
        asked = shorter[-2]["content"]
        assert asked.startswith("Why?\n\nData:\n{\n\nData:\n")
        data = json.loads(asked.rpartition("Data:\n")[2])
        assert [one["number"] for one in data["passages"]] == [1, 2, 3][: 3 - shortness // 2]
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) == 3
