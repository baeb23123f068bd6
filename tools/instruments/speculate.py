"""Speculative decoding: drafts from the text itself, checked by the real model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from tools.algorithms.drafting import DraftPass, passes
from tools.algorithms.loop import LoopStep, likeliest, rounds
from tools.engine.base import Capability, Engine, Prompt, Token, joined_label
from tools.engine.prompts import clean_prompt
from tools.errors import Missing
from tools.exhibit.exhibit import Control, Entry, Exhibit, Fact, Knob, Prose, Table, Tokens
from tools.exhibit.monospace import padded
from tools.instrument import Instrument, Params, Topic
from tools.instruments.next_token import provenance
from tools.knobs import that_fit

REPETITIVE = "one two three four five, one two three four five, one two"
_ROWS = 8
_LABEL = 12


class Speculate(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        REPETITIVE, description="The text to continue; drafts work where it repeats itself."
    )
    length: Annotated[int, Field(ge=2, le=40)] = Field(16, description="How many tokens to make.")
    draft: Annotated[int, Field(ge=1, le=8)] = Field(4, description="How many are drafted at once.")
    match: Annotated[int, Field(ge=1, le=4)] = Field(
        2, description="How many last tokens to look for in the text before."
    )


async def run(engine: Engine, params: Speculate) -> Exhibit:
    """Let the model continue greedily, and count the passes that drafts would have saved.

    Raises:
        BadInput: the prompt can't be used.
        Missing: the server names no token ids, so drafts can't be compared.
        EngineError: the engine gave no usable answer.
    """
    done = await rounds(engine, Prompt(clean_prompt(params.prompt)), params.length, likeliest)
    return exhibit(done, params)


def exhibit(done: Sequence[LoopStep], params: Speculate) -> Exhibit:
    """Return a greedy run as passes over drafts: what was drafted, accepted, and saved."""
    read = done[0].found.prompt_tokens
    if any(token.id < 0 for token in read):
        raise Missing("This server names no token ids of the prompt, so nothing can be drafted.")
    greedy = [one.picked.token for one in done]
    named = {token.id: token for token in (*read, *greedy)}
    found = passes(
        [token.id for token in read], [token.id for token in greedy], params.match, params.draft
    )
    shown = tuple(token.label for token in (*read[-len(greedy) :], *greedy))
    return Exhibit(
        title="Speculative decoding",
        parts=(_table(found, named), Tokens(shown, fresh=len(greedy)), Prose(_meaning(found))),
        provenance=replace(provenance(done[-1].found), elapsed_ms=None),  # of the last round alone
        facts=facts(found),
        controls=_controls(params),
    )


def facts(found: Sequence[DraftPass]) -> tuple[Fact, ...]:
    """Return tokens, passes, what a pass gave, and how much of the drafts was accepted."""
    made = sum(len(one.made) for one in found)
    drafted = sum(len(one.drafted) for one in found)
    accepted = sum(one.accepted for one in found)
    share = f"of {drafted} drafted"
    return (
        Fact("tokens", made),
        Fact("passes", len(found)),
        Fact("fewer passes", round(made / len(found), 2), "times"),
        Fact("accepted", accepted, share),
    )


def _table(found: Sequence[DraftPass], named: Mapping[int, Token]) -> Table:
    rows = [
        (
            str(number),
            _drafted(one, named),
            f"{one.accepted}/{len(one.drafted)}" if one.drafted else "",
            f"+{len(one.made)}",
        )
        for number, one in enumerate(found[:_ROWS], start=1)
    ]
    if len(found) > _ROWS:
        late = found[_ROWS:]
        made = sum(len(one.made) for one in late)
        ratio = f"{sum(one.accepted for one in late)}/{sum(len(one.drafted) for one in late)}"
        rows.append((f"{_ROWS + 1}…", "", ratio, f"+{made}"))
    return Table(("", "draft", "ok", ""), tuple(rows))


def _drafted(one: DraftPass, named: Mapping[int, Token]) -> str:
    text = joined_label(named[number] for number in one.drafted) if one.drafted else "nothing"
    return padded(text, _LABEL).rstrip()


def _meaning(found: Sequence[DraftPass]) -> str:
    made = sum(len(one.made) for one in found)
    if len(found) == made:
        return (
            "No draft was right, so nothing is saved; and the text is the model's own all the same."
        )
    return (
        f"{len(found)} passes give the same {made} tokens as {made} passes would. A pass over a "
        "draft costs about as much as one over a token, while memory is what limits it."
    )


def _controls(params: Speculate) -> tuple[Control, ...]:
    return that_fit(
        params,
        Knob("Draft more", "draft", str(params.draft + 1), is_main=True),
        Knob("Draft fewer", "draft", str(params.draft - 1)),
        Knob("Twice as long", "length", str(min(40, params.length * 2))),
        Knob("Half as long", "length", str(params.length // 2)),
        Knob(
            "Match 1 token" if params.match > 1 else "Match 2 tokens",
            "match",
            "1" if params.match > 1 else "2",
        ),
        Entry("Other prompt", "prompt"),
    )


INSTRUMENT = Instrument(
    name="speculate",
    line="Speculative decoding: drafts from the text itself, how many the real model accepts.",
    topic=Topic.SERVING,
    lesson=10,
    params=Speculate,
    run=run,
    needs=frozenset({Capability.NEXT_TOKEN}),
)
