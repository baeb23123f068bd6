import asyncio
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.against import Differ
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput

Array = np.ndarray[Any, Any]


@pytest.fixture(scope="session")
def table(plain: Any) -> Array:
    found: Array = plain.get_input_embeddings().weight.detach().numpy()
    return found


async def test_a_word_is_its_row_of_the_table(embedded: LocalEngine, table: Array) -> None:
    king, bare, ready = await embedded.embeddings(("king", "=king", " king"))
    assert [token.text for token in king.tokens] == [" king"]
    assert [token.text for token in bare.tokens] == ["king"]
    assert king.vector == ready.vector
    assert king.vector == pytest.approx(table[king.tokens[0].id])
    assert bare.vector == pytest.approx(table[bare.tokens[0].id])


async def test_a_word_of_several_tokens_is_their_mean(embedded: LocalEngine, table: Array) -> None:
    (found,) = await embedded.embeddings(("Kubernetes",))
    ids = [token.id for token in found.tokens]
    assert len(ids) == 3
    assert found.vector == pytest.approx(table[ids].mean(0), abs=1e-6)


def nearest(table: Array, direction: Array, leaving: list[int]) -> list[tuple[int, float]]:
    """Brute force: every cosine, sorted."""
    cosines = table @ direction / (np.linalg.norm(table, axis=1) * np.linalg.norm(direction))
    order = [n for n in np.argsort(-cosines, kind="stable") if n not in leaving]
    return [(int(n), float(cosines[n])) for n in order[:10]]


@pytest.mark.against("neighbours", by="numpy, every cosine")
@pytest.mark.parametrize("has_inputs", [False, True])
async def test_neighbours_are_those_of_brute_force(
    differ: Differ, embedded: LocalEngine, table: Array, has_inputs: bool
) -> None:
    words = await embedded.embeddings(("king", "man", "woman"))
    king, man, woman = (np.array(one.vector) / np.linalg.norm(one.vector) for one in words)
    ids = [one.tokens[0].id for one in words]
    for plus, minus, direction, inputs in (
        (("king",), (), king, ids[:1]),
        (("king", "woman"), ("man",), king - man + woman, ids),
    ):
        found = await embedded.neighbours(plus, minus, 10, has_inputs)
        wanted = nearest(table, direction, [] if has_inputs else inputs)
        assert [one.token.id for one in found.found] == [number for number, _ in wanted]
        cosines = [one.cosine for one in found.found]
        assert differ(cosines, [cosine for _, cosine in wanted]) < 1e-5


def all_but_the_top(table: Array) -> Array:
    """Mean row off, then the first principal direction, by numpy's own decomposition."""
    rows = table.astype(np.float64) - table.astype(np.float64).mean(0)
    _, axes = np.linalg.eigh(rows.T @ rows)
    top = axes[:, -1]
    found: Array = rows - np.outer(rows @ top, top)
    return found


@pytest.mark.parametrize("is_centred", [False, True])
async def test_the_baseline_is_that_of_brute_force(
    embedded: LocalEngine, table: Array, is_centred: bool
) -> None:
    rows = all_but_the_top(table) if is_centred else table.astype(np.float64)
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    found = await embedded.neighbours(("Kubernetes",), (), 5, is_centred=is_centred)
    ids = [token.id for token in found.inputs[0][1]]
    direction = rows[ids].mean(0)
    cosines = units @ direction / np.linalg.norm(direction)
    for one in found.found:
        assert one.cosine == pytest.approx(cosines[one.token.id], abs=1e-3)
    assert found.mean == pytest.approx(cosines.mean(), abs=0.01)  # 65 of 49,152 are left out
    assert found.deviation == pytest.approx(cosines.std(), abs=0.01)
    dice = np.random.default_rng(3)
    left, right = dice.integers(0, len(units), (2, 40_000))
    by_lot = (units[left] * units[right]).sum(1).mean()
    assert found.by_lot == pytest.approx(by_lot, abs=0.01)
    assert found.by_lot == pytest.approx(0.0 if is_centred else 0.44, abs=0.01)


async def test_no_answer_is_special_or_was_never_trained(embedded: LocalEngine) -> None:
    found = await embedded.neighbours(("Kubernetes",), (), 300)
    texts = {one.token.text for one in found.found}
    junk = {"kinesisfirehose", "PeerClass", "<file_sep>", "<gh_stars>", " transistorsum"}
    assert not texts & junk
    assert found.left_out == 65
    (itself,) = (await embedded.neighbours(("=PeerClass",), (), 1)).found
    assert itself.token.text not in junk


async def test_words_that_cancel_out_are_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="cancel out"):
        await embedded.neighbours(("king",), ("king",))


WORDS = ["king", "queen", "cat", "dog", "Paris", "собака", "猫", "قط", "x", "two", "seven", "ß"]


@pytest.mark.against("map", by="numpy's eigenvectors", within=1e-4)
@settings(max_examples=25)
@given(words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=9, unique=True))
def test_the_map_is_the_two_widest_axes(embedded: LocalEngine, words: list[str]) -> None:
    async def both() -> tuple[Any, Any]:
        return await embedded.plane(tuple(words)), await embedded.embeddings(tuple(words))

    found, vectors = asyncio.run(both())
    rows = np.array([one.vector for one in vectors])
    rows = rows - rows.mean(0)
    sizes, alike = np.linalg.eigh(rows @ rows.T)  # by how alike words are, smallest first
    wanted = sizes[::-1][:2] / sizes.sum()
    assert found.shares == pytest.approx(tuple(wanted), abs=1e-5)
    places = np.array([(one.x, one.y) for one in found.places])
    for axis, kept in enumerate(found.shares):
        if kept > 1e-6:
            direction = rows.T @ alike[:, -1 - axis]
            direction /= np.linalg.norm(direction)
            own = rows @ direction * np.sign(direction[np.abs(direction).argmax()])
            assert places[:, axis] == pytest.approx(own, abs=1e-4)
        else:
            assert np.abs(places[:, axis]).max() < 1e-4


@pytest.mark.parametrize("words", [("king",), ("king", "king"), tuple(map(str, range(31)))])
async def test_too_few_or_too_many_words_have_no_map(
    embedded: LocalEngine, words: tuple[str, ...]
) -> None:
    with pytest.raises(BadInput, match="2 to 30 different words"):
        await embedded.plane(words)
