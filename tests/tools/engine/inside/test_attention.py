from typing import Any

import numpy as np
import pytest
import torch

from tests.against import Differ
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

ANIMAL = "The animal didn't cross the street because it was too tired"
CATS = "The cat sat on the mat because the cat was tired and the cat slept."


def weights(plain: Any, ids: list[int]) -> np.ndarray[Any, Any]:
    """transformers' own attention weights, shape (layers, heads, n, n)."""
    with torch.inference_mode():
        read = plain(torch.tensor([ids]), output_attentions=True)
    return np.stack([layer[0].numpy() for layer in read.attentions])


@pytest.mark.parametrize(
    "text", [ANIMAL, "日本語の文", "x", "def f(x):\n\treturn 12", "Привет, 😀"]
)
async def test_each_row_sums_to_one_and_none_looks_ahead(embedded: LocalEngine, text: str) -> None:
    for layer, head in ((0, 0), (13, 8), (29, None)):
        found = np.array((await embedded.attention(text, layer, head)).weights)
        assert found.shape == (len(found), len(found))
        assert found.sum(1) == pytest.approx(np.ones(len(found)), abs=1e-5)
        assert not np.triu(found, 1).any()


@pytest.mark.against("attention", by="transformers' attentions")
async def test_the_weights_are_those_of_transformers(
    differ: Differ, embedded: LocalEngine, plain: Any
) -> None:
    one = await embedded.attention(ANIMAL, 13, 8)
    mean = await embedded.attention(ANIMAL, 13)
    own = weights(plain, [token.id for token in one.tokens])[13]
    assert differ(one.weights, own[8]) < 1e-5
    assert differ(mean.weights, own.mean(0)) < 1e-5


async def test_the_first_tokens_read_alone_look_as_they_do_in_the_whole(
    embedded: LocalEngine,
) -> None:
    whole = await embedded.attention(ANIMAL, 5, 3)
    first = await embedded.attention(ANIMAL, 5, 3, most=4)
    assert first.left_out == len(whole.tokens) - 4
    assert np.array(first.weights) == pytest.approx(np.array(whole.weights)[:4, :4], abs=1e-5)


async def test_it_looks_hardest_at_the_animal_from_the_head_that_does(
    embedded: LocalEngine, plain: Any
) -> None:
    found = await embedded.attention(ANIMAL, 0)
    texts = [token.text for token in found.tokens]
    source, target = texts.index(" it"), texts.index(" animal")
    own = weights(plain, [token.id for token in found.tokens])[:, :, source, target]
    looks = await embedded.hardest(ANIMAL, source, target, 3)
    order = np.argsort(-own, axis=None)[:3]
    assert [(one.layer, one.head) for one in looks] == [
        tuple(place) for place in np.stack(np.unravel_index(order, own.shape), 1)
    ]
    assert looks[0].weight == pytest.approx(own.max(), abs=1e-5)


@pytest.mark.against("heads", by="numpy on transformers' attentions")
async def test_what_heads_do_is_counted_as_by_hand(
    differ: Differ, embedded: LocalEngine, plain: Any
) -> None:
    found = await embedded.head_scores(CATS)
    ids = [token.id for token in found.tokens]
    assert len(found.scores) == 270
    own = weights(plain, ids)
    for score in found.scores[::23]:
        look = own[score.layer, score.head]
        rows = range(2, len(ids))
        same = [[j for j in range(1, i) if ids[j] == ids[i]] for i in rows]
        far = [list(range(1, i - found.far_tokens + 1)) for i in rows]
        assert score.previous == pytest.approx(np.mean([look[i, i - 1] for i in rows]), abs=1e-5)
        assert score.first == pytest.approx(np.mean([look[i, 0] for i in rows]), abs=1e-5)
        for share, wanted in ((score.same, same), (score.far, far)):
            each = [look[i, js].sum() for i, js in zip(rows, wanted, strict=True) if js]
            assert differ(share, np.mean(each)) < 1e-5


async def test_what_nothing_could_count_for_is_none(embedded: LocalEngine) -> None:
    one, *_ = (await embedded.head_scores("One two three")).scores
    assert one.same is None
    assert one.far is None
    alone, *_ = (await embedded.head_scores("One")).scores
    assert alone.previous is None


async def test_the_usual_way_of_reading_is_put_back(
    embedded: LocalEngine, running: CausalModel
) -> None:
    usual = running.network.config._attn_implementation
    before = await embedded.next_token(Prompt("Back to the usual"), 3)
    await embedded.attention("Back to the usual", 2, 2)
    assert running.network.config._attn_implementation == usual
    after = await embedded.next_token(Prompt("Back to the usual"), 3)
    assert [c.token for c in after.top] == [c.token for c in before.top]


async def test_what_is_not_there_is_told(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="no layer 31: they go from 1 to 30"):
        await embedded.attention("x y", 30, 0)
    with pytest.raises(BadInput, match="no head 10: they go from 1 to 9"):
        await embedded.attention("x y", 0, 9)
    with pytest.raises(BadInput, match="can't see one that comes after"):
        await embedded.hardest("x y z", 0, 1)
