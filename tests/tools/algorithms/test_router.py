from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from transformers import GptOssConfig, MixtralConfig, Qwen3MoeConfig
from transformers.models.gpt_oss.modeling_gpt_oss import GptOssTopKRouter
from transformers.models.mixtral.modeling_mixtral import MixtralTopKRouter
from transformers.models.qwen3_moe.modeling_qwen3_moe import Qwen3MoeTopKRouter

from tools.algorithms.experts import Mixture, imbalance, loads
from tools.algorithms.router import chosen, made_up

TOKENS, WIDTH, EXPERTS, USED = 50, 48, 16, 4
MIXTURE = Mixture("a model", 32, 4, 6, 64)
TEXTS = ("The", " cat", " and", " the", " dog", " and", " a", " bird")


def routers() -> dict[str, torch.nn.Module]:
    """transformers' own, made small."""
    size: dict[str, Any] = {"hidden_size": WIDTH, "num_experts_per_tok": USED}
    return {
        "mixtral": MixtralTopKRouter(MixtralConfig(**size, num_local_experts=EXPERTS)),
        "qwen3": Qwen3MoeTopKRouter(
            Qwen3MoeConfig(**size, num_experts=EXPERTS, norm_topk_prob=True)
        ),
        "gpt-oss": GptOssTopKRouter(GptOssConfig(**size, num_local_experts=EXPERTS)),
    }


@pytest.mark.against("experts", by="transformers' routers", within=1e-6)
@pytest.mark.parametrize("name", ["mixtral", "qwen3", "gpt-oss"])
def test_the_experts_and_their_weights_are_those_of_transformers(name: str) -> None:
    """gpt-oss takes the top k first and softmax then, and has a bias: it comes to the same."""
    theirs = routers()[name]
    torch.manual_seed(3)
    with torch.inference_mode():
        for parameter in theirs.parameters():
            parameter.normal_()
        logits, weights, experts = theirs(torch.randn(TOKENS, WIDTH))
    ours, shares = chosen(logits.double().numpy(), USED)
    assert ours.tolist() == experts.tolist()
    assert shares == pytest.approx(weights.numpy(), abs=1e-6)
    assert shares.sum(axis=-1) == pytest.approx(np.ones(TOKENS))


def test_logits_of_any_size_can_be_weighed() -> None:
    experts, weights = chosen(np.array([[1e4, 0.0, 1e4]]), 2)
    assert experts.tolist() == [[0, 2]]
    assert weights.tolist() == [[0.5, 0.5]]


def test_each_token_goes_to_different_experts_the_heaviest_first() -> None:
    found = made_up(TEXTS, MIXTURE, seed=7, skew=0)
    assert np.shape(found.experts) == np.shape(found.weights) == (6, len(TEXTS), 4)
    for layer, weights in zip(found.experts, found.weights, strict=True):
        assert all(len(set(one)) == 4 and min(one) >= 0 and max(one) < 32 for one in layer)
        assert all(sum(one) == pytest.approx(1) for one in weights)
        assert all(a >= b for one in weights for a, b in pairwise(one))


def test_in_the_first_layer_the_same_text_goes_to_the_same_experts_and_later_not() -> None:
    layers = made_up(TEXTS, MIXTURE, seed=7, skew=0).experts
    assert layers[0][2] == layers[0][5]
    assert any(layer[2] != layer[5] for layer in layers[1:])
    alone = made_up(TEXTS[:3], MIXTURE, seed=7, skew=0).experts
    assert [layer[:3] for layer in layers] == list(alone)  # what comes after is not seen


def test_a_seed_is_a_router() -> None:
    assert made_up(TEXTS, MIXTURE, 7, 0.5) == made_up(TEXTS, MIXTURE, 7, 0.5)
    assert made_up(TEXTS, MIXTURE, 7, 0.5) != made_up(TEXTS, MIXTURE, 8, 0.5)


def test_half_a_character_is_routed_like_any_token() -> None:
    found = made_up([" \udce7", "\udce8", " \udce7"], MIXTURE, 7, 0).experts[0]
    assert found[0] == found[2] != found[1]


def test_a_router_that_favours_some_experts_is_less_even() -> None:
    texts = [f"word {n}" for n in range(200)]
    found = [
        imbalance(loads(made_up(texts, MIXTURE, 7, skew).experts[0], 32)) for skew in (0, 1, 3)
    ]
    assert found == sorted(found)
    assert found[0] < 2 < 6 < found[2] <= 8  # 32 experts, 4 used: all on the same four is 8
