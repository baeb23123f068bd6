import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.base import Capability, Prompt
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import Origin, Table
from tools.instruments import quantize
from tools.instruments.next_token import percent
from tools.instruments.quantize import Quantize


class Served(CountingEngine):
    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.NEXT_TOKEN})


async def test_fewer_bits_change_more(embedded: LocalEngine) -> None:
    eight, four = [await quantize.run(embedded, Quantize(bits=bits)) for bits in (8, 4)]
    assert float(values(eight)["KL divergence"]) < 0.05 < float(values(four)["KL divergence"])
    assert values(eight)["top guess"] == "␣Ku still"
    assert str(values(four)["top guess"]).startswith("␣Ku became ")
    assert (values(eight)["8 bit"], values(four)["4 bit"]) == (138.8, 71.5)
    table = four.parts[0]
    assert isinstance(table, Table)
    own = (await embedded.next_token(Prompt(Quantize().prompt), 1)).top[0]
    assert table.rows[0][:2] == ("␣Ku", percent(own.probability).strip())
    for shown in (eight, four):
        await assert_it_fits_and_turns(embedded, "quantize", shown)


async def test_what_real_models_take_needs_no_model() -> None:
    shown = await catalogue.run(Served(), "quantize", {"show": "sizes"})
    table = shown.parts[0]
    assert isinstance(table, Table)
    assert ("llama-3-70b", "141 GB", "70.6 GB", "35.3 GB") in table.rows
    assert shown.provenance.origin is Origin.COMPUTED
    await assert_it_fits_and_turns(Served(), "quantize", shown)


async def test_a_served_model_can_not_be_rounded() -> None:
    with pytest.raises(Missing, match="can't be looked into"):
        await catalogue.run(Served(), "quantize", {})


@pytest.mark.parametrize("bits", [3, 5, 6, 16])
def test_only_eight_and_four_bits_are_taken(bits: int) -> None:
    with pytest.raises(BadInput, match="bits"):
        catalogue.parameters("quantize", {"bits": bits})
