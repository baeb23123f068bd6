"""Why this token: the answer's probability with each word left out, beside attention and lens."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from tools.engine.base import Capability, Engine, Token
from tools.engine.findings import KnockedOut, Lens
from tools.engine.internals import Internals, inside
from tools.errors import BadInput
from tools.exhibit.exhibit import Entry, Exhibit, Fact, Knob, Part, Prose, Table, Tokens
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic
from tools.instruments.lens import settled
from tools.instruments.looking import live, names
from tools.instruments.next_token import percent
from tools.knobs import that_fit

WordSpan = tuple[int, int]  # of tokens: from, up to but not with
MOST_WORDS = 12
_ASK = "Which word did it? Guess, then press Leave words out."
_READING = (
    "%: the answer's chance with that word left out. look: the last token's attention to it, mean "
    "over all heads. They often differ: much looked at isn't needed."
)


class WhyParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=400)] = Field(
        "The capital of France is",
        description="The text to continue; its last 12 words are left out in turn.",
    )
    shown: bool = Field(True, description="Show what each word did; else only ask.")


async def run(engine: Engine, params: WhyParams) -> Exhibit:
    """Ask which word did it, or leave each out in turn and show what is left of the answer.

    Raises:
        BadInput: the prompt can't be used, or is a single word.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    lens = await model.lens(params.prompt)
    words = words_of(lens.tokens)
    if len(words) < 2:
        raise BadInput("Give two words or more: each is left out in turn.")
    spans = words[-MOST_WORDS:]
    answer = visible(lens.answer.text)
    parts: list[Part] = [Tokens((*names(lens.tokens[spans[0][0] :]), answer), fresh=1)]
    facts: tuple[Fact, ...] = (Fact("answer", answer, percent(lens.rows[-1].probability).strip()),)
    if params.shown:
        found = await model.knocked_out(params.prompt, spans)
        looks = await looks_at(model, params.prompt, spans, len(lens.rows) - 1)
        parts += [_table(found, spans, looks), Prose(_READING)]
        facts = (*facts, *_facts(found, lens, spans))
    else:
        parts.append(Prose(_ASK))
    return Exhibit(
        title=f"Why {answer}? Each word left out in turn",
        parts=tuple(parts),
        provenance=live(engine),
        facts=facts,
        controls=that_fit(
            params,
            Knob("Leave words out", "shown", "true", is_main=True),
            Knob("Ask me first", "shown", "false"),
            Entry("Other prompt", "prompt", 400),
        ),
    )  # fmt: skip


def words_of(tokens: Sequence[Token]) -> tuple[WordSpan, ...]:
    """Return the spans of tokens that are words: each begins at white space, or at the start."""
    starts = [place for place, t in enumerate(tokens) if place == 0 or t.text[:1].isspace()]
    return tuple(zip(starts, [*starts[1:], len(tokens)], strict=True))


async def looks_at(
    model: Internals, prompt: str, spans: Sequence[WordSpan], layers: int
) -> tuple[float, ...]:
    """Return the last token's look at each word, 0..1, mean over all heads and layers."""
    rows = [(await model.attention(prompt, layer)).weights[-1] for layer in range(layers)]
    return tuple(sum(sum(row[start:end]) for row in rows) / layers for start, end in spans)


def _table(found: KnockedOut, spans: Sequence[WordSpan], looks: Sequence[float]) -> Table:
    """Return a row a word, what was done by it lit: where least is left of the answer."""
    shares = zip(_words(found, spans), found.without, looks, strict=True)
    rows = tuple((word, _share(left), _share(look)) for word, left, look in shares)
    return Table(("without", "%", "look"), rows, lit=found.without.index(min(found.without)))


def _facts(found: KnockedOut, lens: Lens, spans: Sequence[WordSpan]) -> tuple[Fact, ...]:
    least = found.without.index(min(found.without))
    block = found.blocks.index(min(found.blocks))
    word, instead = _words(found, spans)[least], visible(found.instead[least].text)
    left = percent(found.blocks[block]).strip()
    return (
        Fact("needed most", word, f"without it {instead} comes first"),
        Fact("first for good after block", settled(lens), f"of {len(found.blocks)}"),
        Fact("block needed most", block + 1, f"without it {left}"),
    )


def _words(found: KnockedOut, spans: Sequence[WordSpan]) -> tuple[str, ...]:
    return tuple(visible("".join(t.text for t in found.tokens[start:end])) for start, end in spans)


def _share(probability: float) -> str:
    return f"{100 * probability:.1f}"


INSTRUMENT = Instrument(
    name="why",
    line="Why this token: its probability with each word left out, beside attention and lens.",
    topic=Topic.CHOICE,
    lesson=6,
    params=WhyParams,
    run=run,
    needs=frozenset({Capability.INTERNALS}),
)
