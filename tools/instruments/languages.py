"""One sentence in ten scripts: how many tokens each language takes, and what that costs."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from tools.asking import quantity, ranges
from tools.engine.base import Capability, Engine
from tools.errors import EngineError
from tools.exhibit.exhibit import Exhibit, Fact, Knob, Origin, Part, Prose, Provenance, Table
from tools.instrument import Instrument, Params, Topic, Try
from tools.knobs import that_fit

SENTENCES = {
    "English": "The model reads one token at a time.",
    "German": "Das Modell liest ein Token nach dem anderen.",
    "French": "Le modèle lit un jeton à la fois.",
    "Russian": "Модель читает по одному токену за раз.",
    "Greek": "Το μοντέλο διαβάζει ένα σύμβολο τη φορά.",
    "Hebrew": "המודל קורא אסימון אחד בכל פעם.",
    "Arabic": "يقرأ النموذج رمزًا واحدًا في كل مرة.",
    "Thai": "โมเดลอ่านทีละหนึ่งโทเคน",
    "Hindi": "मॉडल एक बार में एक टोकन पढ़ता है।",
    "Chinese": "模型一次读取一个词元。",
    "Japanese": "モデルは一度に一つのトークンを読みます。",
    "Korean": "모델은 한 번에 하나의 토큰을 읽습니다.",
}
_COST = (
    "You pay for tokens, and wait for each. A script that the tokenizer saw little of is cut into "
    "single bytes."
)
_ABOVE = 7  # rows of the first table: as many as stand above a card's knobs
LanguageMeasure = Literal["price", "characters", "bytes"]
_HEADERS: dict[LanguageMeasure, str] = {"price": "price", "characters": "ch/tok", "bytes": "B/tok"}
_FIRST: dict[LanguageMeasure, str] = {
    "price": "Tokens beside English, dearest first.",
    "characters": "Characters a token, dearest first.",
    "bytes": "UTF-8 bytes a token, dearest first.",
}


class LanguagesParams(Params):
    """What a learner may choose."""

    show: LanguageMeasure = Field(
        "price", description="Price beside English, characters a token, or UTF-8 bytes a token."
    )
    beside: bool = Field(
        True, description="Show a second tokenizer beside it, where one is at hand."
    )
    times: Annotated[int, Field(ge=1, le=20)] = Field(
        1, description="How often the sentence is said in a row."
    )


@dataclass(frozen=True, slots=True)
class LanguageCost:
    """What a text takes in one tokenizer."""

    tokens: int
    characters: int
    utf8_bytes: int

    def by(self, measure: LanguageMeasure, english: "LanguageCost") -> float:
        """Return a measure of it: tokens beside English, characters or bytes a token."""
        match measure:
            case "price":
                return self.tokens / english.tokens
            case "characters":
                return self.characters / self.tokens
            case "bytes":
                return self.utf8_bytes / self.tokens


async def run(engine: Engine, params: LanguagesParams) -> Exhibit:
    """Cut the sentence in each language.

    Raises:
        EngineError: the engine gave no usable answer.
    """
    return _exhibit(params, [(engine, await _costs(engine, params))])


async def compare(engine: Engine, second: Engine, params: LanguagesParams) -> Exhibit:
    """Cut it by two tokenizers; by the first alone, if so chosen or the second fails.

    Raises:
        EngineError: the first engine gave no usable answer.
    """
    cut = [(engine, await _costs(engine, params))]
    if params.beside:
        with suppress(EngineError):  # the embedded model may not be installed
            other = await _costs(second, params)
            cut += [(second, other)] if other != cut[0][1] else []  # the same tokenizer
    shown = _exhibit(params, cut)
    if params.beside and len(cut) == 1:
        return shown
    knobs = (Knob("One alone", "beside", "false"), Knob(f"Beside {second.model}", "beside", "true"))
    return replace(shown, controls=(*shown.controls, *that_fit(params, *knobs)))


def said(language: str, times: int) -> str:
    """Return the sentence in a language, said so often."""
    return " ".join([SENTENCES[language]] * times)


async def _costs(engine: Engine, params: LanguagesParams) -> dict[str, LanguageCost]:
    found = {}
    for language in SENTENCES:
        text = said(language, params.times)
        tokens = len(await engine.tokenize(text))
        found[language] = LanguageCost(max(1, tokens), len(text), len(text.encode()))
    return found


def _exhibit(
    params: LanguagesParams, cut: Sequence[tuple[Engine, dict[str, LanguageCost]]]
) -> Exhibit:
    parts: list[Part] = [Prose(_FIRST[params.show])]
    facts: list[Fact] = []
    for engine, costs in cut:
        if len(cut) > 1:
            parts.append(Prose(f"{engine.model}:"))
        parts += _tables(costs, params.show)
        dearest = max(costs, key=lambda name: costs[name].tokens)
        by = f" of {engine.model} ({engine.name})" if len(cut) > 1 else ""
        times = costs[dearest].by("price", costs["English"])
        facts.append(Fact(f"dearest{by}", dearest, f"{times:.1f} times English"))
    return Exhibit(
        title="One sentence, in ten scripts",
        parts=(*parts, Prose(_COST)),
        provenance=Provenance(
            Origin.LIVE,
            " and ".join(each.model for each, _ in cut),
            " and ".join(each.name for each, _ in cut),
        ),
        facts=tuple(facts),
        controls=that_fit(
            params,
            Knob("Price", "show", "price"),
            Knob("Characters a token", "show", "characters"),
            Knob("Bytes a token", "show", "bytes"),
            Knob("Said 10 times", "times", "10"),
            Knob("Said once", "times", "1"),
        ),
    )


def _tables(costs: dict[str, LanguageCost], show: LanguageMeasure) -> list[Table]:
    """Return a row a language: English and the dearest in a first table, the others in a second."""
    english = costs["English"]
    dearest = sorted(costs, key=lambda name: (name != "English", -costs[name].tokens))
    rows = tuple(
        (name, str(costs[name].tokens), f"{costs[name].by(show, english):.2f}") for name in dearest
    )
    header = ("", "tok", _HEADERS[show])
    return [Table(header, rows[:_ABOVE]), Table(header, rows[_ABOVE:])]


def _dearest(exhibit: Exhibit) -> float | None:
    return next((quantity(one.unit) for one in exhibit.facts if one.name == "dearest"), None)


INSTRUMENT = Instrument(
    name="languages",
    line="One sentence in ten scripts: tokens, characters and bytes a token, price.",
    topic=Topic.TOKENS,
    lesson=3,
    params=LanguagesParams,
    run=run,
    asks=ranges(
        "The dearest script: how many times the tokens of English?", _dearest, (1.5, 3, 6), " times"
    ),
    compare=compare,
    needs=frozenset({Capability.TOKENIZE}),
    tries=(
        Try("show", "the same sentence, counted otherwise"),
        Try("times", "what a longer text would cost"),
    ),
)
