"""Every instrument on models of other families than the embedded one: HUNCH_LOCAL_MODEL."""

from collections.abc import Iterator

import pytest

from tests.fakes.tiny_models import BUILDS, write_model
from tests.tools.instruments.quick import quick
from tools import catalogue
from tools.engine.base import OF_A_SERVER, Capability, Prompt
from tools.engine.local.local import LocalEngine
from tools.errors import Missing
from tools.exhibit.text import exhibit_text

NOT_LIKE_LLAMA = {
    "attention",
    "block",
    "heads",
    "journey",
    "lens",
    "map",
    "neighbours",
    "why",
}  # look into a model, and Gemma's norms and embeddings are others
REFUSED = {"gemma": NOT_LIKE_LLAMA | {"merges"}, "llama2": {"merges"}, "qwen": set()}
SHORTER = {"blocks": {"first": "The cat sat", "second": "The cat ran"}}  # few merges, many tokens
OF_ANY_ENGINE = frozenset(Capability) - OF_A_SERVER
ASKING = sorted(
    name
    for name, found in catalogue.INSTRUMENTS.items()
    if found.needs and found.needs <= OF_ANY_ENGINE
)


@pytest.fixture(scope="module", params=sorted(BUILDS))
def family(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalEngine]:
    folder = write_model(tmp_path_factory.mktemp("models") / request.param, request.param)
    engine = LocalEngine(lambda: folder, model=request.param, name="local")
    yield engine
    engine._worker.close()
    assert engine._worker.join(60)


@pytest.mark.parametrize("name", ASKING)
async def test_every_instrument_runs_or_says_why_not(name: str, family: LocalEngine) -> None:
    params = quick(name) | SHORTER.get(name, {})
    if name in REFUSED[family.model]:
        with pytest.raises(Missing, match=r"built otherwise|no byte-level merges"):
            await catalogue.run(family, name, params)
        return
    assert exhibit_text(await catalogue.run(family, name, params))


async def test_a_prompt_that_begins_like_another_is_read_on(family: LocalEngine) -> None:
    """Class: a library's call that changed its meaning; transformers' `crop` did."""
    texts = ("The cat sat on the", "The cat sat on the mat", "The cat", "The cat sat on the")
    first, *_, again = [await family.next_token(Prompt(text), 3) for text in texts]
    assert [one.token.id for one in first.top] == [one.token.id for one in again.top]
    assert [one.logprob for one in first.top] == pytest.approx([c.logprob for c in again.top])
