"""A text as the tokens that a model reads: each piece visible, with its id and its bytes."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from tools.algorithms.token_bytes import dropped, pieces_of, shown_bytes
from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine, Token, bytes_of
from tools.engine.prompts import clean_piece
from tools.errors import EngineError
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Part,
    Prose,
    Provenance,
    Stages,
    Table,
)
from tools.exhibit.exhibit import Tokens as Run
from tools.exhibit.monospace import padded
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.as_written import as_written
from tools.knobs import menu

_ROWS = 10
_SHOWN = 120
_LABEL = 8
_LOST_SHOWN = 6
SAMPLES = {
    "The cat sat on the mat.": "plain English",
    " the The THE the": "space and case",
    "1234567 + 89 = 1234656": "digits",
    "for i in range(10):\n    print(i)": "code",
    "Die Katze saß auf der Matte.": "German",
    "猫がマットの上に座った。": "Japanese",
    "👩‍💻 naïve café": "signs and accents",
}


class TokensParams(Params):
    """What a learner may choose."""

    text: Annotated[str, Field(max_length=4000)] = Field(description="The text to cut up.")
    beside: bool = Field(
        True, description="Show a second tokenizer beside it, where one is at hand."
    )


async def run(engine: Engine, params: TokensParams) -> Exhibit:
    """Cut a text into tokens.

    Raises:
        BadInput: the text can't be used.
        EngineError: the engine gave no usable answer.
    """
    text = clean_piece(params.text)
    return exhibit(text, [(engine, await engine.tokenize(text))])


async def compare(engine: Engine, second: Engine, params: TokensParams) -> Exhibit:
    """Cut a text by two tokenizers; by the first alone, if so chosen, or the second is no other.

    A second that fails is left out too.

    Raises:
        BadInput: the text can't be used.
        EngineError: the first engine gave no usable answer.
    """
    text = clean_piece(params.text)
    cut = [(engine, await engine.tokenize(text))]
    alike: list[Part] = []
    if params.beside:
        with suppress(EngineError):  # the embedded model may not be installed
            cut.append((second, await second.tokenize(text)))
            if _are_alike(*(tokens for _, tokens in cut)):
                cut.pop()
                alike.append(Prose(f"{second.model} ({second.name}) cuts it into the same ids."))
    shown = exhibit(text, cut)
    shown = replace(shown, parts=(*shown.parts, *alike))
    knob = Knob("One alone", "beside", "false") if len(cut) > 1 else None
    if not params.beside:
        knob = Knob(f"Beside {second.model}", "beside", "true")
    return replace(shown, controls=(*((knob,) if knob else ()), *shown.controls))


def exhibit(text: str, cut: Sequence[tuple[Engine, Sequence[Token]]]) -> Exhibit:
    """Return a text as the tokens of one engine, or of two, one below the other."""
    parts: list[Part] = []
    for engine, tokens in cut:
        if len(cut) > 1:
            parts.append(Stages((f"{engine.model}: {len(tokens)} tokens",)))
        if tokens:
            parts.append(_run(tokens))
        parts.extend(as_written(tokens))
        if lost := told_dropped(text, b"".join(map(bytes_of, tokens))):
            parts.append(Prose(lost))
    if len(cut) == 1 and cut[0][1]:
        parts.append(_table(text, cut[0][1]))
    return Exhibit(
        title="Your text in tokens",
        parts=tuple(parts),
        provenance=Provenance(
            Origin.LIVE,
            " and ".join(each.model for each, _ in cut),
            " and ".join(each.name for each, _ in cut),
        ),
        facts=facts(text, cut),
        controls=_controls(text),
    )


def facts(text: str, cut: Sequence[tuple[Engine, Sequence[Token]]]) -> tuple[Fact, ...]:
    """Return how many characters and bytes there are, and how many tokens each engine makes."""
    counted: list[Fact] = []
    for engine, tokens in cut:
        by = f" of {engine.model}" if len(cut) > 1 else ""
        each = len(text) / len(tokens) if tokens else 0.0
        counted.append(Fact(f"tokens{by}", len(tokens)))
        counted.append(Fact(f"characters a token{by}", round(each, 2)))
    sizes = (Fact("characters", len(text)), Fact("bytes", len(text.encode())))
    return (*counted, *sizes)


def told_dropped(text: str, spelt: bytes) -> str:
    """Say which characters no token holds; empty where none is left out."""
    lost = dropped(text, spelt)
    if not lost:
        return ""
    signs = ", ".join(f"{visible(sign)} ({sign.encode().hex(' ')})" for sign in lost[:_LOST_SHOWN])
    return f"Dropped without a word, since this vocabulary can't spell it: {signs}."


def _are_alike(first: Sequence[Token], second: Sequence[Token]) -> bool:
    ids, others = [token.id for token in first], [token.id for token in second]
    return ids == others and min(ids, default=0) >= 0


def _run(tokens: Sequence[Token]) -> Run:
    shown = tuple(token.label for token in tokens[:_SHOWN])
    return Run(shown if len(shown) == len(tokens) else (*shown, f"… +{len(tokens) - _SHOWN}"))


def _table(text: str, tokens: Sequence[Token]) -> Table:
    """Return the first tokens with id and bytes; half characters with the bytes themselves."""
    spelt = pieces_of(text, [token.text for token in tokens])
    rows = [
        (
            padded(token.label, _LABEL).rstrip(),
            _id(token),
            shown_bytes(token.text, token.raw or known),
        )
        for token, known in zip(tokens[:_ROWS], spelt, strict=False)
    ]
    if len(tokens) > _ROWS:
        rows.append((f"+{len(tokens) - _ROWS}", "", ""))
    return Table(("", "id", "bytes"), tuple(rows))


def _id(token: Token) -> str:
    return str(token.id) if token.id >= 0 else "?"


def _controls(text: str) -> tuple[Control, ...]:
    return (Entry("Other text", "text"), menu("Text", "text", SAMPLES, text))


INSTRUMENT = Instrument(
    name="tokens",
    line="Your text as the tokens a model reads: each piece with its id and bytes, and the count.",
    topic=Topic.TOKENS,
    lesson=3,
    params=TokensParams,
    run=run,
    asks=ranges(
        "How many characters does a token hold here?", fact("characters a token"), (2, 3, 5)
    ),
    compare=compare,
    needs=frozenset({Capability.TOKENIZE}),
    sees="Each piece between bars is one token.",
    tries=(Try("text", "a text that cuts up otherwise"),),
)
