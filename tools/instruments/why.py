"""Why this token: what is left of it without a word, a head or a block; beside lens and look."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from tools.engine.base import Capability, Engine, Token
from tools.engine.findings import KnockedOut, Lens
from tools.engine.internals import inside
from tools.errors import BadInput
from tools.exhibit.exhibit import (
    Control,
    Dial,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Part,
    Prose,
    Table,
    Tokens,
)
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic, Try, Turning, set_parameter
from tools.instruments.lens import settled
from tools.instruments.looking import live, names
from tools.instruments.next_token import percent
from tools.knobs import that_fit

WordSpan = tuple[int, int]  # of tokens: from, up to but not with
MOST_WORDS = 12
_READING = (
    "%: the answer's chance with that word left out. look: the last token's attention to it, mean "
    "over all heads. They often differ: much looked at isn't needed."
)


class WhyParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=400)] = Field(
        "The capital of France is",
        description="The text to continue; words before its last are left out in turn.",
    )
    guess: Annotated[int, Field(ge=0, le=MOST_WORDS)] = Field(
        0, description="Which of them you think did it, from 1; 0 to be asked first."
    )
    shown: bool = Field(False, description="Show what each word did without a guess.")


async def run(engine: Engine, params: WhyParams) -> Exhibit:
    """Ask which word did it; of a guess, leave each out in turn and show what is left.

    Raises:
        BadInput: the prompt can't be used, or has no three words; or no word has that number.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    lens = await model.lens(params.prompt)
    words = words_of(lens.tokens)
    if len(words) < 3:
        raise BadInput("Give three words or more: each but the last is left out in turn.")
    spans = words[:-1][-MOST_WORDS:]  # without the last it would only be asked for again
    if params.guess > len(spans):
        raise BadInput(f"There are {len(spans)} words here. Give the number of one of them.")
    answer = visible(lens.answer.text)
    tokens = Tokens((*names(lens.tokens[spans[0][0] :]), answer), fresh=1)
    facts: tuple[Fact, ...] = (Fact("answer", answer, percent(lens.rows[-1].probability).strip()),)
    parts: tuple[Part, ...] = (Prose(_asked(spans)), tokens)
    if params.shown or params.guess:
        found = await model.knocked_out(params.prompt, spans)
        verdict = _verdict(found, spans, params.guess)
        parts = (Prose(verdict), _table(found, spans), tokens, Prose(_READING))
        facts = (*facts, *_facts(found, lens, spans))
    return Exhibit(
        title=f"Why {answer}?",
        parts=parts,
        provenance=live(engine),
        facts=facts,
        controls=_controls(params, words_in(lens.tokens, spans)),
    )


async def turn(engine: Engine, params: WhyParams, turning: Turning) -> Params:
    """Turn a knob; another prompt is asked about anew."""
    turned = await set_parameter(params, turning)
    if turning.knob == "prompt":
        return turned.model_copy(update={"guess": 0, "shown": False})
    return turned


def words_of(tokens: Sequence[Token]) -> tuple[WordSpan, ...]:
    """Return the spans of tokens that are words: each begins at white space, or at the start."""
    starts = [place for place, t in enumerate(tokens) if place == 0 or t.text[:1].isspace()]
    return tuple(zip(starts, [*starts[1:], len(tokens)], strict=True))


def words_in(tokens: Sequence[Token], spans: Sequence[WordSpan]) -> tuple[str, ...]:
    """Return the words of these spans, visible."""
    return tuple(visible("".join(t.text for t in tokens[start:end])) for start, end in spans)


def _asked(spans: Sequence[WordSpan]) -> str:
    count = len(spans)
    return f"Which word did it, 1 to {count}? Pick one, and see what is left without each."


def _verdict(found: KnockedOut, spans: Sequence[WordSpan], guess: int) -> str:
    """Return what is left without the word that was guessed, and without the one that did it."""
    words, least = words_in(found.tokens, spans), min(found.without)
    did = words[found.without.index(least)]
    if not guess:
        return f"{did} did most."
    yours = found.without[guess - 1]
    if yours == least:
        return f"Yes, {did}: without it {percent(least).strip()} is left."
    return f"Not {words[guess - 1]} ({percent(yours).strip()} left): {did} did most."


def _controls(params: WhyParams, words: Sequence[str]) -> tuple[Control, ...]:
    settings = tuple((str(place), f"It was: {word}", "") for place, word in enumerate(words, 1))
    pick = Dial("Which word did it?", "guess", settings)
    return that_fit(
        params,
        *(() if params.guess or params.shown else (pick,)),
        Knob("Just show me", "shown", "true"),
        Entry("Other prompt", "prompt", 400),
    )


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
    line="Why this token: its probability with each word left out, beside attention and lens.",
    topic=Topic.CHOICE,
    lesson=6,
    params=WhyParams,
    run=run,
    turn=turn,
    needs=frozenset({Capability.INTERNALS}),
    tries=(
        Try("guess", "guess first: then it is measured"),
        Try("prompt", "a sentence of your own"),
    ),
)
