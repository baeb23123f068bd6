"""The loop, step by step: the running line lit, what was appended, what it has cost so far."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from tools.algorithms.loop import SHOWN, LoopStep, by_chance, likeliest, rounds
from tools.asking import fact, over, ranges
from tools.engine.base import Capability, Distribution, Engine, Prompt, Token
from tools.engine.prompts import clean_prompt
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Stages,
    Tokens,
)
from tools.exhibit.monospace import padded
from tools.instrument import STATE, Instrument, Params, Topic, Try
from tools.instruments.next_token import percent, provenance
from tools.knobs import that_fit

THE_LOOP = ("ids = tokens(text)", "while not done:", "  p = model(ids)", "  ids += [pick(p)]")
READ, ASK_DONE, APPEND = 0, 1, 3  # lines that can be the one that ran last
_ROUNDS_SHOWN = 4  # with the loop they fit above the buttons: what a press changes is in view
_LABEL = 11  # columns of a phone for a round's number and its token
_TOKENS_SHOWN = 60


class Generate(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(description="The text to continue.")
    steps: Annotated[int, Field(ge=0, le=40)] = Field(5, description="How many rounds to run.")
    pick: Literal["greedy", "sampled"] = Field(
        "greedy", description="Take the likeliest, or draw from the 20 likeliest."
    )
    seed: Annotated[int, Field(ge=0, le=9999)] = Field(1, description="Which chance is drawn with.")
    stop: bool = Field(
        False, description="End the text here, as a user would.", json_schema_extra=STATE
    )


async def run(engine: Engine, params: Generate) -> Exhibit:
    """Run the loop and show each round's pick; stops early at an end-of-text token.

    Raises:
        BadInput: the prompt can't be used.
        Missing: the server names no token ids, so nothing can be appended.
        EngineError: the engine gave no usable answer.
    """
    prompt = Prompt(clean_prompt(params.prompt))
    is_greedy = params.pick == "greedy"
    pick = likeliest if is_greedy else by_chance(random.Random(params.seed))
    done = await rounds(engine, prompt, params.steps, pick, 1 if is_greedy else SHOWN)
    if done:
        return exhibit(done, params)
    return _before(await engine.next_token(prompt, 1), params)


def exhibit(done: Sequence[LoopStep], params: Generate) -> Exhibit:
    """Return the rounds of a run, oldest first: the loop's line, the picks, the text, the cost."""
    is_over = done[-1].is_end or params.stop
    return Exhibit(
        title="The loop, one token a round",
        parts=(
            Stages(THE_LOOP, lit=ASK_DONE if is_over else APPEND),
            picks(done),
            text_so_far(done[0].found.prompt_tokens, done),
        ),
        provenance=replace(provenance(done[-1].found), elapsed_ms=None),  # of the last round alone
        facts=facts(done, params),
        controls=_controls(params, is_over),
    )


def picks(done: Sequence[LoopStep]) -> Stages:
    """Return the last rounds, one line each: its number, its token, how likely that was."""
    width = len(str(len(done)))
    numbered = list(enumerate(done, start=1))[-_ROUNDS_SHOWN:]
    return Stages(
        tuple(
            f"{number:>{width}} {padded(one.picked.token.label, _LABEL - width)} "
            f"{percent(one.picked.probability)}"
            for number, one in numbered
        )
    )


def text_so_far(read: Sequence[Token], done: Sequence[LoopStep]) -> Tokens:
    """Return the end of the text as tokens, the appended ones fresh."""
    tokens = [*read, *(one.picked.token for one in done)]
    shown = tuple(token.label for token in tokens[-_TOKENS_SHOWN:])
    return Tokens(shown if len(tokens) == len(shown) else ("…", *shown), fresh=len(done))


def facts(done: Sequence[LoopStep], params: Generate) -> tuple[Fact, ...]:
    """Return how many rounds ran, what they read with and without a cache, how long they took."""
    reads = [len(one.found.prompt_tokens) for one in done]
    ended = "the model" if done[-1].is_end else "you" if params.stop else ""
    sampled = f"the {SHOWN} likeliest, seed {params.seed}"
    return (
        Fact("rounds", len(done)),
        Fact("read in all", sum(reads), "tokens"),
        Fact("with a cache", reads[-1], "tokens"),
        Fact("in all", round(sum(one.found.elapsed_ms for one in done)), "ms"),
        *((Fact("drawn from", sampled),) if params.pick == "sampled" else ()),
        *((Fact("ended by", ended),) if ended else ()),
    )


def _before(found: Distribution, params: Generate) -> Exhibit:
    """Return the loop before its first round: the prompt is tokens, and nothing is predicted."""
    read = found.prompt_tokens
    parts = (Stages(THE_LOOP, lit=READ), text_so_far(read, ()))
    return Exhibit(
        title="The loop, one token a round",
        parts=parts,
        provenance=replace(provenance(found), elapsed_ms=None),
        facts=(Fact("rounds", 0), Fact("prompt", len(read), "tokens")),
        controls=_controls(params, is_over=params.stop),
    )


def _controls(params: Generate, is_over: bool) -> tuple[Control, ...]:
    if is_over:
        again = {"steps": "0", "stop": "false"}
        name = "stop" if params.stop else "steps"
        label = "Go on" if params.stop else "Start over"
        return (Knob(label, name, again[name], is_main=True), Entry("Other prompt", "prompt"))
    is_greedy = params.pick == "greedy"
    draw = Knob("Draw another way", "seed", str(params.seed + 1))
    return that_fit(
        params,
        Knob("Step", "steps", str(params.steps + 1), is_main=True),
        Knob("Ten steps", "steps", str(params.steps + 10)),
        Knob("Stop", "stop", "true"),
        Knob("Start over", "steps", "0"),
        Knob("Sample" if is_greedy else "Greedy", "pick", "sampled" if is_greedy else "greedy"),
        *(() if is_greedy else (draw,)),
        Entry("Other prompt", "prompt"),
    )


INSTRUMENT = Instrument(
    name="generate",
    line="The loop, one token a round: predict, pick, append; what it has cost so far.",
    topic=Topic.CHOICE,
    lesson=1,
    params=Generate,
    run=run,
    asks=ranges(
        "By its last round, how often has it read each token, on average?",
        over(fact("read in all"), fact("with a cache")),
        (1.5, 3, 6),
        " times",
    ),
    needs=frozenset({Capability.NEXT_TOKEN}),
    sees="The lit line runs; a token comes each round.",
    tries=(Try("steps", "one more round, one more token"),),
)
