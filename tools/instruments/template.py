"""A message as the model really gets it: in its chat template, each token counted."""

import json
from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Annotated

from pydantic import Field

from tools.asking import fact, ranges
from tools.engine.base import Candidate, Capability, Engine, Prompt
from tools.engine.prompts import clean_prompt
from tools.engine.templates import Conversation, RoleMessage, Templated, templating
from tools.exhibit.exhibit import Bar, Bars, Entry, Exhibit, Fact, Knob, Part, Prose, Table, Tokens
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import live
from tools.instruments.next_token import percent
from tools.knobs import that_fit

_SHOWN = 60  # tokens of all that is sent
_BEGINNING = 3  # tokens of a message: its role, a line end, and how it begins
_WORTH_LEAVING_OUT = 4
_BARS = 3
SYSTEM = "You are a terse SRE."
_IN_TEMPLATE = "The first token of the answer, in the template:"


class TemplateParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "What is a pod?", description="The message that you send."
    )
    system: Annotated[str, Field(max_length=1000)] = Field(
        "", description="A system message before it; empty for none of your own."
    )
    tools: Annotated[int, Field(ge=0, le=3)] = Field(
        0, description="How many tools the model may call."
    )
    whole: bool = Field(False, description="Show all tokens of a long message, not how it begins.")


def tool(name: str, does: str, takes: str) -> str:
    """Return a tool's declaration as a client sends it: JSON."""
    parameters = {
        "type": "object",
        "properties": {takes: {"type": "string"}},
        "required": [takes],
    }
    function = {"name": name, "description": does, "parameters": parameters}
    return json.dumps({"type": "function", "function": function})


TOOLS = (
    tool("get_pod_logs", "Return the last lines that a pod has written.", "pod"),
    tool("get_node_load", "Return how busy a node is.", "node"),
    tool("query_metrics", "Run a PromQL query.", "query"),
)


async def run(engine: Engine, params: TemplateParams) -> Exhibit:
    """Show a message in the chat template, what each part costs, and what both would answer.

    Raises:
        BadInput: the message can't be used, or the template takes no such conversation.
        Missing: the engine has no template to show.
        EngineError: the engine gave no usable answer.
    """
    text = clean_prompt(params.prompt)
    found = await templating(engine).templated(conversation(params), _BARS)
    raw = await engine.next_token(Prompt(text), _BARS)
    own = len(await engine.tokenize(params.system)) if params.system.strip() else 0
    rows = prices(found, len(raw.prompt_tokens), own)
    parts: list[Part] = [
        Tokens(_run(found, params.whole), is_point=True),
        Table(("part", "tokens"), tuple((name, str(count)) for name, count in rows)),
    ]
    is_dropped = params.tools and not found.tools
    parts += [
        Prose(f"{await _dropped(engine, params)}\n{_IN_TEMPLATE}" if is_dropped else _IN_TEMPLATE),
        _bars(found.top),
        Prose("And with your text alone, which is only continued:"),
        _bars(raw.top),
    ]
    return Exhibit(
        title="Your message as the model gets it",
        parts=tuple(parts),
        provenance=live(engine),
        facts=(
            Fact("tokens sent", len(found.tokens)),
            Fact("of them special", sum(found.is_special)),
            Fact("times your text", round(len(found.tokens) / max(1, len(raw.prompt_tokens)), 1)),
        ),
        controls=_controls(params),
    )


def conversation(params: TemplateParams) -> Conversation:
    """Return what a client would send."""
    own = (RoleMessage("system", params.system),) if params.system.strip() else ()
    return Conversation((*own, RoleMessage("user", params.prompt)), TOOLS[: params.tools])


def prices(found: Templated, yours: int, system: int) -> tuple[tuple[str, int], ...]:
    """Return what each part costs, in tokens; they sum to all that is sent.

    Args:
        found: What is sent.
        yours: Tokens of the message alone.
        system: Tokens of your own system message alone; 0 where there is none.
    """
    name = "your system" if system else "its system"
    counted = system or _own_system(found)
    marks = len(found.tokens) - yours - counted - found.tools - found.opening
    rows = (
        ("your message", yours),
        (name, counted),
        ("tools", found.tools),
        ("roles, marks", marks),
        ("answer start", found.opening),
    )
    return tuple(row for row in rows if row[1])


async def _dropped(engine: Engine, params: TemplateParams) -> str:
    """Say that tools are dropped, and what they would cost as text."""
    tokens = len(await engine.tokenize("\n".join(TOOLS[: params.tools])))
    return (
        "This template has no place for tools: they are dropped without a word. Written into a "
        f"message, they would be {tokens} tokens more."
    )


def _own_system(found: Templated) -> int:
    """Return how many tokens of a system message the template wrote by itself."""
    texts = [token.text for token in found.tokens]
    starts = [place for place, is_special in enumerate(found.is_special) if is_special]
    for start, end in pairwise(starts):
        if texts[start + 1 : start + 3] == ["system", "\n"]:
            return end - start - 3
    return 0


def _run(found: Templated, is_whole: bool) -> tuple[str, ...]:
    """Return what is sent: special tokens in < > or ‹ ›, what each encloses cut short if long."""
    run: list[str] = []
    pairs = zip(found.tokens, found.is_special, strict=True)
    for is_special, group in groupby(pairs, key=itemgetter(1)):
        texts = [token.text if is_special else token.label for token, _ in group]
        if is_special:
            run += [text if text.startswith("<") else f"‹{text}›" for text in texts]
        else:
            run += texts if is_whole else _cut(texts, _BEGINNING, 1)
    return tuple(_cut(run, _SHOWN // 2, _SHOWN // 2))


def _cut(texts: Sequence[str], first: int, last: int) -> Sequence[str]:
    left_out = len(texts) - first - last
    if left_out < _WORTH_LEAVING_OUT:
        return texts
    return [*texts[:first], f"… {left_out} more", *texts[-last:]]


def _bars(top: Sequence[Candidate]) -> Bars:
    return Bars(tuple(Bar(c.token.label, c.probability, percent(c.probability)) for c in top))


def _controls(params: TemplateParams) -> tuple[Knob | Entry, ...]:
    offered = that_fit(
        params,
        Knob("With a system", "system", SYSTEM),
        Knob("No system", "system", ""),
        Knob("With 3 tools", "tools", "3"),
        Knob("No tools", "tools", "0"),
        Knob("All tokens", "whole", "true"),
        Knob("Cut short", "whole", "false"),
        Entry("Other message", "prompt"),
        Entry("Own system", "system", 1000),
    )
    return tuple(one for one in offered if isinstance(one, Knob | Entry))


INSTRUMENT = Instrument(
    name="template",
    line="What is really sent: your message in the chat template, and what roles and tools cost.",
    topic=Topic.TOKENS,
    lesson=3,
    params=TemplateParams,
    run=run,
    asks=ranges(
        "How many times your text is really sent?", fact("times your text"), (2, 5, 10), " times"
    ),
    needs=frozenset({Capability.TOKENIZE, Capability.NEXT_TOKEN}),
    sees="What is sent: your words, and what is added.",
    tries=(
        Try("tools", "see what tools cost"),
        Try("system", "a system message, in tokens"),
    ),
)
