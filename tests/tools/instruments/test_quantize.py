import re
from dataclasses import replace

import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.base import Capability, Prompt, Token
from tools.engine.findings import Quantized, Shift
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import Exhibit, Origin, Portions, Prose, Table
from tools.instruments import quantize
from tools.instruments.next_token import percent
from tools.instruments.quantize import FORMS, Quantize

FOUND = Quantized(
    kept_as="float32",
    tokens=(Token(1, "x"),),
    shifts=(Shift(Token(1, "x"), 0.5, 0.4),),
    kl_bits=0.1,
    flips=(),
    text_tokens=9,
    mean_kl_bits=0.1,
    perplexity_before=20.0,
    perplexity_after=21.0,
    bytes_16_bit=200,
    bytes_rounded=60,
)


class Served(CountingEngine):
    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.NEXT_TOKEN})


def prose(shown: Exhibit) -> str:
    return " ".join(part.text for part in shown.parts if isinstance(part, Prose))


def table_of(shown: Exhibit) -> Table:
    (table,) = (part for part in shown.parts if isinstance(part, Table))
    return table


async def test_the_picture_lights_what_became_the_top_guess(embedded: LocalEngine) -> None:
    for bits, lit in ((4, 0), (2, 1)):
        shown = await quantize.run(embedded, Quantize(bits=bits))
        picture = shown.parts[1]
        assert isinstance(picture, Portions)
        assert picture.series == ("Q4_1", f"{bits} bit")
        assert sum(row.is_lit for row in picture.rows) == lit


async def test_the_embedded_weights_are_said_to_be_4_bit_already(embedded: LocalEngine) -> None:
    shown = await quantize.run(embedded, Quantize())
    assert "already 4-bit (Q4_1), rounded once more: these are the file's own" in prose(shown)
    assert values(shown)["KL divergence"] == values(shown)["over a text"] == "0.0000"
    before, after = str(values(shown)["its perplexity"]).split(" → ")
    assert before == after
    table = table_of(shown)
    assert table.header == ("token", "Q4_1", "4 bit")
    own = (await embedded.next_token(Prompt(Quantize().prompt), 1)).top[0]
    assert table.rows[0] == ("␣Ku", *[percent(own.probability).strip()] * 2)
    await assert_it_fits_and_turns(embedded, "quantize", shown)


async def test_coarser_rounding_changes_more(embedded: LocalEngine) -> None:
    careless = {"symmetric": True, "group": "64", "tables": True}
    eight, four = [
        await quantize.run(embedded, Quantize.model_validate({"bits": bits} | careless))
        for bits in (8, 4)
    ]
    assert values(eight)["KL divergence"] == "0.0060"
    assert values(four)["KL divergence"] == "4.1399"
    assert values(eight)["top guess"] == "␣Ku still"
    assert str(values(four)["top guess"]).startswith("␣Ku became ")
    assert (values(eight)["8 bit"], values(four)["4 bit"]) == (138.8, 71.5)
    assert "A scale for 64 weights; embedding and head too" in prose(four)
    for shown in (eight, four):
        assert "own settings" not in prose(shown)
        await assert_it_fits_and_turns(embedded, "quantize", shown)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "int"])
async def test_fp8_changes_little(form: str, embedded: LocalEngine) -> None:
    shown = await quantize.run(embedded, Quantize.model_validate({"form": form}))
    assert 0.001 < float(values(shown)["KL divergence"]) < 0.1
    assert values(shown)["top guess"] == "␣Ku still"
    assert not {"bits", "group", "symmetric"} & {one.name for one in shown.controls}
    assert shown.title == "The same prompt, weights in FP8"
    await assert_it_fits_and_turns(embedded, "quantize", shown)


@pytest.mark.parametrize(
    ("kept_as", "said"),
    [
        ("Q4_1", r"already 4-bit \(Q4_1\), rounded once more\. For an honest start, HUNCH_LOCAL"),
        ("Q8_0", r"already 8-bit \(Q8_0\), rounded once more\."),
        ("float32", r"^The weights are float32: this is what rounding them costs\."),
        ("bfloat16", r"^The weights are bfloat16: this"),
        ("gptq", r"rounded already \(gptq\), and now once more\."),
    ],
)
def test_it_is_told_what_is_rounded(kept_as: str, said: str) -> None:
    assert re.search(said, quantize.start(replace(FOUND, kept_as=kept_as)))


async def test_what_real_models_take_needs_no_model() -> None:
    shown = await catalogue.run(Served(), "quantize", {"show": "sizes"})
    table = table_of(shown)
    assert ("llama-3-70b", "141 GB", "70.6 GB", "35.3 GB") in table.rows
    assert shown.provenance.origin is Origin.COMPUTED
    await assert_it_fits_and_turns(Served(), "quantize", shown)


async def test_a_served_model_can_not_be_rounded() -> None:
    with pytest.raises(Missing, match="can't be looked into"):
        await catalogue.run(Served(), "quantize", {})


@pytest.mark.parametrize(
    "wrong", [{"bits": 1}, {"bits": 9}, {"group": "48"}, {"form": "fp4"}, {"bits": 16}]
)
def test_what_is_no_rounding_is_refused_before_a_model_is_asked(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="quantize: "):
        catalogue.parameters("quantize", wrong)
