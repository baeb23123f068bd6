import pytest

from tests.fakes.engine import CountingEngine
from tools import catalogue
from tools.engine.base import Capability
from tools.errors import BadInput, Missing


async def test_an_instrument_runs_by_name() -> None:
    shown = await catalogue.run(CountingEngine(), "nexttoken", {"prompt": "The cat", "top": 3})
    assert shown.parts
    assert shown.provenance.model == "fake"


async def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"generate, nexttoken"):
        await catalogue.run(CountingEngine(), "nxttoken", {})


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({}, "prompt: Field required"),
        ({"prompt": "x", "top": 21}, "top: Input should be less than or equal to 20"),
        ({"prompt": "x", "top": 0}, "top: "),
        ({"prompt": "x", "topp": 3}, "topp: Extra inputs are not permitted"),
        ({"prompt": 3}, "prompt: "),
        ({"prompt": "x", "appended": [-1]}, r"appended\.0: "),
    ],
)
def test_parameters_that_do_not_fit_are_told_plainly(
    chosen: dict[str, object], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        catalogue.parameters("nexttoken", chosen)
    assert "pydantic" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_a_rule_of_ours_says_is_told_as_it_says_it() -> None:
    with pytest.raises(BadInput, match=r"^softmax: scores: give 2 to 12 scores"):
        catalogue.parameters("softmax", {"scores": "1"})


async def test_an_engine_that_cannot_do_it_is_told() -> None:
    class Mute(CountingEngine):
        def capabilities(self) -> frozenset[Capability]:
            return frozenset({Capability.TOKENIZE})

    with pytest.raises(Missing, match="nexttoken needs next_token"):
        await catalogue.run(Mute(), "nexttoken", {"prompt": "x"})


def test_every_instrument_describes_itself() -> None:
    for name, found in catalogue.INSTRUMENTS.items():
        assert found.name == name
        assert found.line.endswith(".")
        assert 1 <= found.lesson <= 12
        schema = found.params.model_json_schema()
        assert schema["additionalProperties"] is False
        assert all("description" in field for field in schema["properties"].values())
