"""A text as the tokens that a model reads: each piece visible, with its id and its bytes."""

from collections.abc import Sequence
from typing import Annotated, Protocol, runtime_checkable

from pydantic import Field

from tools.engine.base import Capability, Engine, Token
from tools.engine.prompts import clean_prompt
from tools.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Origin,
    Part,
    Provenance,
    Stages,
    Table,
)
from tools.exhibit import Tokens as Run
from tools.instrument import Instrument, Params, Topic
from tools.knobs import menu
from tools.monospace import padded
from tools.token_bytes import pieces_of, shown_bytes
from tools.visible import visible

_ROWS = 10
_SHOWN = 120
_LABEL = 8
SAMPLES = {
    "The cat sat on the mat.": "plain English",
    " the The THE the": "space and case",
    "1234567 + 89 = 1234656": "digits",
    "for i in range(10):\n    print(i)": "code",
    "Die Katze saß auf der Matte.": "German",
    "猫がマットの上に座った。": "Japanese",
    "👩‍💻 naïve café": "signs and accents",
}


@runtime_checkable
class HasSecond(Protocol):
    """An engine that has another beside it, whose tokenizer may differ."""

    @property
    def second(self) -> Engine | None:
        """The other one, if it is there."""
        ...


class Tokens(Params):
    """What a learner may choose."""

    text: Annotated[str, Field(max_length=4000)] = Field(description="The text to cut up.")


async def run(engine: Engine, params: Tokens) -> Exhibit:
    """Cut a text into tokens; with a second tokenizer at hand, by both.

    Raises:
        BadInput: the text can't be used.
        EngineError: the engine gave no usable answer.
    """
    text = clean_prompt(params.text)
    engines = [engine]
    if isinstance(engine, HasSecond) and (second := engine.second) is not None:
        engines.append(second)
    cut = [(each, await each.tokenize(text)) for each in engines]
    return exhibit(text, cut)


def exhibit(text: str, cut: Sequence[tuple[Engine, Sequence[Token]]]) -> Exhibit:
    """Return a text as the tokens of one engine, or of two, one below the other."""
    parts: list[Part] = []
    for engine, tokens in cut:
        if len(cut) > 1:
            parts.append(Stages((f"{engine.model}: {len(tokens)} tokens",)))
        parts.append(_run(tokens))
    first, tokens = cut[0]
    if len(cut) == 1:
        parts.append(_table(text, tokens))
    return Exhibit(
        title="Your text in tokens",
        parts=tuple(parts),
        provenance=Provenance(Origin.LIVE, " and ".join(each.model for each, _ in cut), first.name),
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


def _run(tokens: Sequence[Token]) -> Run:
    shown = tuple(visible(token.text) for token in tokens[:_SHOWN])
    return Run(shown if len(shown) == len(tokens) else (*shown, f"… +{len(tokens) - _SHOWN}"))


def _table(text: str, tokens: Sequence[Token]) -> Table:
    """Return the first tokens with id and bytes; half characters with the bytes themselves."""
    spelt = pieces_of(text, [token.text for token in tokens])
    rows = [
        (padded(visible(token.text), _LABEL).rstrip(), _id(token), shown_bytes(token.text, known))
        for token, known in zip(tokens[:_ROWS], spelt, strict=False)
    ]
    if len(tokens) > _ROWS:
        rows.append((f"+{len(tokens) - _ROWS}", "", ""))
    return Table(("", "id", "bytes"), tuple(rows))


def _id(token: Token) -> str:
    return str(token.id) if token.id >= 0 else "?"


def _controls(text: str) -> tuple[Control, ...]:
    return (Entry("Other text", "text"), menu("Try", "text", SAMPLES, text))


INSTRUMENT = Instrument(
    name="tokens",
    line="Your text as the tokens a model reads: each piece with its id and bytes, and the count.",
    topic=Topic.TOKENS,
    lesson=3,
    params=Tokens,
    run=run,
    needs=frozenset({Capability.TOKENIZE}),
)
