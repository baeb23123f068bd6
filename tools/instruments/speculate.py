"""Speculative decoding: drafts from the text itself, checked by the real model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Annotated

from pydantic import Field

from tools.algorithms.drafting import DraftPass, passes, times_as_fast
from tools.algorithms.loop import LoopStep, likeliest, rounds
from tools.algorithms.workload import milliseconds
from tools.asking import asking, share_of
from tools.engine.base import Capability, Engine, Prompt, Token, joined_label
from tools.engine.internals import inside
from tools.engine.prompts import clean_prompt
from tools.engine.timings import PassTime
from tools.errors import Missing
from tools.exhibit.exhibit import Control, Entry, Exhibit, Fact, Knob, Prose, Table, Tokens
from tools.exhibit.monospace import padded
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.next_token import provenance
from tools.knobs import that_fit

REPETITIVE = "one two three four five, one two three four five, one two"
MOST_BEFORE = 512  # tokens that a timed pass stands behind
_ROWS = 8
_LABEL = 10


class Speculate(Params):
    """What a learner may choose; in vLLM it is the `speculative_config` of method "ngram"."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        REPETITIVE, description="The text to continue; drafts work where it repeats itself."
    )
    length: Annotated[int, Field(ge=2, le=40)] = Field(16, description="How many tokens to make.")
    draft: Annotated[int, Field(ge=1, le=8)] = Field(
        4, description="How many are drafted at once: num_speculative_tokens."
    )
    match: Annotated[int, Field(ge=1, le=8)] = Field(
        5, description="How many last tokens are looked for in the text: prompt_lookup_max."
    )
    match_min: Annotated[int, Field(ge=0, le=8)] = Field(
        0, description="How many will do: prompt_lookup_min; 0 is as many as are looked for."
    )

    @property
    def shortest(self) -> int:
        """How many last tokens must agree at the least."""
        return min(self.match_min or self.match, self.match)


async def run(engine: Engine, params: Speculate) -> Exhibit:
    """Let the model continue greedily, count the passes that drafts save, and time them.

    Raises:
        BadInput: the prompt can't be used.
        Missing: the server names no token ids, so drafts can't be compared.
        EngineError: the engine gave no usable answer.
    """
    done = await rounds(engine, Prompt(clean_prompt(params.prompt)), params.length, likeliest)
    found = found_passes(done, params)
    return exhibit(done, found, params, await _timed(engine, done, found))


async def _timed(
    engine: Engine, done: Sequence[LoopStep], found: Sequence[DraftPass]
) -> tuple[PassTime, ...]:
    """Return what each size of pass takes here; nothing where it can't be measured."""
    if Capability.INTERNALS not in engine.capabilities():
        return ()
    length = min(len(done[0].found.prompt_tokens) + len(done) // 2, MOST_BEFORE)
    sizes = tuple(sorted({1, *(1 + len(one.drafted) for one in found)}))
    return await inside(engine).pass_timing(length, sizes)


def found_passes(done: Sequence[LoopStep], params: Speculate) -> tuple[DraftPass, ...]:
    """Return the passes that would have made the same text with drafts.

    Raises:
        Missing: the server names no token ids of the prompt.
    """
    read = done[0].found.prompt_tokens
    if any(token.id < 0 for token in read):
        raise Missing("This server names no token ids of the prompt, so nothing can be drafted.")
    return passes(
        [token.id for token in read],
        [one.picked.token.id for one in done],
        params.shortest,
        params.match,
        params.draft,
    )


def exhibit(
    done: Sequence[LoopStep],
    found: Sequence[DraftPass],
    params: Speculate,
    times: Sequence[PassTime],
) -> Exhibit:
    """Return a greedy run as passes over drafts: what was drafted, accepted, and saved."""
    read, greedy = done[0].found.prompt_tokens, [one.picked.token for one in done]
    named = {token.id: token for token in (*read, *greedy)}
    shown = tuple(token.label for token in (*read[-len(greedy) :], *greedy))
    return Exhibit(
        title="Speculative decoding",
        parts=(
            _table(found, named),
            Tokens(shown, fresh=len(greedy)),
            Prose(_meaning(found)),
            *([_costs(times)] if times else []),
            Prose(_cost_of_a_pass(times)),
        ),
        provenance=replace(provenance(done[-1].found), elapsed_ms=None),  # of the last round alone
        facts=facts(found, times),
        controls=_controls(params),
    )


def facts(found: Sequence[DraftPass], times: Sequence[PassTime] = ()) -> tuple[Fact, ...]:
    """Return tokens, passes, how much of the drafts was accepted, and what was gained in time."""
    made = sum(len(one.made) for one in found)
    drafted = sum(len(one.drafted) for one in found)
    accepted = sum(one.accepted for one in found)
    measured = {one.tokens: median(one.samples_ms) for one in times}
    gain = round(times_as_fast(found, measured.__getitem__), 2) if times and found[1:] else None
    return (
        Fact("tokens", made),
        Fact("passes", len(found)),
        Fact("fewer passes", round(made / len(found), 2), "times"),
        *(() if gain is None else (Fact("as timed here", gain, "times as fast"),)),
        Fact("accepted", accepted, f"of {drafted} checked"),
    )


def _costs(times: Sequence[PassTime]) -> Table:
    """Return what a pass over so many tokens takes, against one over a single token."""
    one_ms = median(times[0].samples_ms)
    rows = [
        (
            str(one.tokens),
            f"{milliseconds(median(one.samples_ms) / 1000)}",
            f"±{milliseconds((one.samples_ms[-1] - one.samples_ms[0]) / 2000)}",
            f"{median(one.samples_ms) / one_ms:.1f}×",
        )
        for one in times
    ]
    return Table(("over", "ms", "", ""), tuple(rows))


def _cost_of_a_pass(times: Sequence[PassTime]) -> str:
    if times:
        return (
            "Measured here, with scores after each token. It costs as much as one token only where "
            "memory is the limit and others leave the arithmetic unused."
        )
    return (
        "What a pass over a draft costs can't be timed from outside. A vLLM that is started with "
        '--speculative-config \'{"method": "ngram", "num_speculative_tokens": 4}\' shows it: '
        "compare the gaps in burst."
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
            "It takes as many passes as without drafts, so nothing is saved; and the text is the "
            "model's own all the same."
        )
    return (
        f"{len(found)} passes give the same {made} tokens as {made} passes would. The first reads "
        "the prompt. Drafts follow vLLM 0.32's n-gram rule: what stood after the earliest place "
        "of the last tokens. vLLM drafts past the end too, and drops that; here it isn't counted."
    )


def _controls(params: Speculate) -> tuple[Control, ...]:
    return that_fit(
        params,
        Knob("Draft more", "draft", str(params.draft + 1), is_main=True),
        Knob("Draft fewer", "draft", str(params.draft - 1)),
        Knob("Twice as long", "length", str(min(40, params.length * 2))),
        Knob("Half as long", "length", str(params.length // 2)),
        Knob("Match 5 tokens", "match", "5"),
        Knob("Match 2 tokens", "match", "2"),
        Knob("Match 1 token", "match", "1"),
        Entry("Other prompt", "prompt"),
    )


INSTRUMENT = Instrument(
    name="speculate",
    line="Speculative decoding: drafts from the text itself, how many the real model accepts.",
    topic=Topic.SERVING,
    lesson=10,
    params=Speculate,
    run=run,
    asks=asking(
        "How many of the drafted tokens does the model accept?",
        ("under a third", "a third to two thirds", "two thirds or more"),
        share_of("accepted"),
        (1 / 3, 2 / 3),
    ),
    needs=frozenset({Capability.NEXT_TOKEN}),
    sees="Guessed tokens, checked in one pass.",
    tries=(Try("draft", "longer guesses, fewer passes?"),),
)
