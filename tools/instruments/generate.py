"""The loop: predict, pick the likeliest, append, again. Greedy, one token a round."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from tools.engine.base import Capability, Distribution, Engine, Prompt
from tools.engine.prompts import clean_prompt
from tools.errors import Missing
from tools.exhibit import Code, Exhibit, Fact, Stages, Tokens
from tools.instrument import Instrument, Params, Topic
from tools.instruments.next_token import percent, provenance
from tools.monospace import padded
from tools.visible import visible

THE_LOOP = """\
ids = tokenize(prompt)
while not done:
  p = model(ids)
  ids.append(pick(p))"""

_ENDS = frozenset({"<|im_end|>", "<|endoftext|>", "</s>", "<|eot_id|>", "<eos>", "<end_of_turn>"})


class Generate(Params):
    """What a learner may choose."""

    prompt: str = Field(description="The text to continue.")
    steps: Annotated[int, Field(ge=1, le=20)] = Field(5, description="How many rounds to run.")


async def run(engine: Engine, params: Generate) -> Exhibit:
    """Run the loop and show each round's pick; stops early at an end-of-text token.

    Raises:
        BadInput: the prompt can't be used.
        Missing: the server names no token ids, so nothing can be appended.
        EngineError: the engine gave no usable answer.
    """
    rounds: list[Distribution] = []
    prompt = Prompt(clean_prompt(params.prompt))
    for _ in range(params.steps):
        rounds.append(await engine.next_token(prompt, 1))
        picked = rounds[-1].top[0].token
        if picked.text in _ENDS:
            break
        if picked.id < 0:
            raise Missing("This server names no token ids, so the loop can't run on it.")
        prompt = Prompt(prompt.text, (*prompt.appended, picked.id))
    return exhibit(rounds)


def exhibit(rounds: Sequence[Distribution]) -> Exhibit:
    """Return the rounds of a greedy run, oldest first, as stages, text so far, code and facts."""
    picks = [found.top[0] for found in rounds]
    names = [visible(pick.token.text) for pick in picks]
    lines = tuple(
        f"{place:>{len(str(len(rounds)))}} {padded(name, 10)} {percent(pick.probability)}"
        for place, (name, pick) in enumerate(zip(names, picks, strict=True), start=1)
    )
    read = [visible(token.text) for token in rounds[0].prompt_tokens]
    return Exhibit(
        title="The loop, one token a round",
        parts=(Stages(lines), Tokens((*read, *names), fresh=len(names)), Code(THE_LOOP, "python")),
        provenance=replace(provenance(rounds[-1]), elapsed_ms=None),  # of the last round alone
        facts=facts(rounds),
    )


def facts(rounds: Sequence[Distribution]) -> tuple[Fact, ...]:
    """Return how many rounds ran, what they read in all, and how long they took."""
    read = sum(len(found.prompt_tokens) for found in rounds)
    took = sum(found.elapsed_ms for found in rounds)
    return (
        Fact("rounds", len(rounds)),
        Fact("read in all", read, "tokens"),
        Fact("in all", round(took), "ms"),
    )


INSTRUMENT = Instrument(
    name="generate",
    line="The loop, one token a round: predict, pick, append.",
    topic=Topic.CHOICE,
    lesson=1,
    params=Generate,
    run=run,
    needs=frozenset({Capability.NEXT_TOKEN}),
)
