"""Why this token: what is left of it without a word, a head or a block; beside lens and look."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from tools.asking import Asking, FirstQuestion, lit_row
from tools.engine.base import Capability, Engine, Token
from tools.engine.findings import KnockedOut, Lens
from tools.engine.internals import inside
from tools.errors import BadInput
from tools.exhibit.exhibit import (
    Entry,
    Exhibit,
    Fact,
    Prose,
    Table,
    Tokens,
)
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.lens import settled
from tools.instruments.looking import live, names
from tools.instruments.next_token import percent
from tools.knobs import that_fit

WordSpan = tuple[int, int]  # of tokens: from, up to but not with
MOST_WORDS = 12
_READING = (
    "look: how much the last token attends to that word, in %, mean over all heads. The two often "
    "differ: what is much looked at isn't always needed."
)


class WhyParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=400)] = Field(
        "The capital of France is",
        description="The text to continue; words before its last are left out in turn.",
    )


async def run(engine: Engine, params: WhyParams) -> Exhibit:
    """Leave each word out in turn and show what is left of the answer.

    Raises:
        BadInput: the prompt can't be used, or has no three words.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    lens = await model.lens(params.prompt)
    spans = _left_out(lens.tokens)
    found = await model.knocked_out(params.prompt, spans)
    answer = visible(lens.answer.text)
    tokens = Tokens((*names(lens.tokens[spans[0][0] :]), answer), fresh=1)
    return Exhibit(
        title=f"Why {answer}?",
        parts=(Prose(_did_most(found, spans)), _table(found, spans), tokens, Prose(_READING)),
        provenance=live(engine),
        facts=(
            Fact("answer", answer, percent(lens.rows[-1].probability).strip()),
            *_facts(found, lens, spans),
        ),
        controls=that_fit(params, Entry("Other prompt", "prompt", 400)),
    )


async def _put(engine: Engine, params: WhyParams) -> FirstQuestion:
    """Ask which of the words that can be left out did it."""
    lens = await inside(engine).lens(params.prompt)
    words = words_in(lens.tokens, _left_out(lens.tokens))
    return FirstQuestion(f"It goes on with {visible(lens.answer.text)}. Which word did it?", words)


def _left_out(tokens: Sequence[Token]) -> tuple[WordSpan, ...]:
    """Return the words that are left out in turn: without the last it would only be asked again.

    Raises:
        BadInput: there are no three words.
    """
    words = words_of(tokens)
    if len(words) < 3:
        raise BadInput("Give three words or more: each but the last is left out in turn.")
    return words[:-1][-MOST_WORDS:]


def words_of(tokens: Sequence[Token]) -> tuple[WordSpan, ...]:
    """Return the spans of tokens that are words: each begins at white space, or at the start."""
    starts = [place for place, t in enumerate(tokens) if place == 0 or t.text[:1].isspace()]
    return tuple(zip(starts, [*starts[1:], len(tokens)], strict=True))


def words_in(tokens: Sequence[Token], spans: Sequence[WordSpan]) -> tuple[str, ...]:
    """Return the words of these spans, visible."""
    return tuple(visible("".join(t.text for t in tokens[start:end])) for start, end in spans)


def _did_most(found: KnockedOut, spans: Sequence[WordSpan]) -> str:
    """Return what is left without the word that did most."""
    least = min(found.without)
    word = words_in(found.tokens, spans)[found.without.index(least)]
    said, left = visible(found.answer.text), percent(least).strip()
    return f"{word} did most: without it, {said} falls to {left}."


def _table(found: KnockedOut, spans: Sequence[WordSpan]) -> Table:
    """Return a row a word, what was done by it lit: where least is left of the answer."""
    looks = [sum(found.looks[start:end]) for start, end in spans]
    shares = zip(words_in(found.tokens, spans), found.without, looks, strict=True)
    rows = tuple((word, _share(left), _share(look)) for word, left, look in shares)
    return Table(("without", "%", "look"), rows, lit=found.without.index(min(found.without)))


def _facts(found: KnockedOut, lens: Lens, spans: Sequence[WordSpan]) -> tuple[Fact, ...]:
    least = found.without.index(min(found.without))
    block = found.blocks.index(min(found.blocks))
    heads = {
        (layer, head): left
        for layer, row in enumerate(found.heads, 1)
        for head, left in enumerate(row, 1)
    }
    (layer, head), lowest = min(heads.items(), key=lambda one: one[1])
    word, instead = words_in(found.tokens, spans)[least], visible(found.instead[least].text)
    left, lowest_left = percent(found.blocks[block]).strip(), percent(lowest).strip()
    return (
        Fact("needed most", word, f"without it {instead} comes first"),
        Fact("first for good after block", settled(lens), f"of {len(found.blocks)}"),
        Fact("block needed most at the end", block + 1, f"without it {left}"),
        Fact(
            "head needed most at the end",
            f"{layer}.{head}",
            f"without it {lowest_left}",
        ),
    )


def _share(probability: float) -> str:
    return f"{100 * probability:.1f}"


INSTRUMENT = Instrument(
    name="why",
    sees="Each row leaves a word out: % of the answer is left.",
    line="Why this token: its probability with each word left out, beside attention and lens.",
    topic=Topic.CHOICE,
    lesson=6,
    params=WhyParams,
    run=run,
    asks=Asking(_put, lit_row),
    needs=frozenset({Capability.INTERNALS}),
    tries=(Try("prompt", "a sentence of your own"),),
)
