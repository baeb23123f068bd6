"""Attention weights as the model works them out, and what each head does with them."""

from collections.abc import Sequence

import torch

from tools.engine.findings import AttentionMap, HeadLook, HeadScore, HeadScores
from tools.engine.inside.anatomy import anatomy, tokens
from tools.engine.internals import MOST_TOKENS
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

FAR_TOKENS = 8
MOST_SCORED = 128


def attention(
    model: CausalModel, text: str, layer: int, head: int | None, most: int
) -> AttentionMap:
    """Return one head's weights, or the mean over the heads of its layer.

    A token sees only what came before it, so the first `most` tokens are read alone, exactly.

    Raises:
        BadInput: there is no such layer or head.
    """
    config = anatomy(model).config
    _require("layer", layer, config.num_hidden_layers)
    _require("head", head or 0, config.num_attention_heads)
    ids = model.checked(model.tokenize(text))
    shown = ids[: min(most, MOST_TOKENS)]
    heads = weights(model, shown)[layer]
    chosen = heads.mean(0) if head is None else heads[head]
    rows = tuple(tuple(row) for row in chosen.tolist())
    return AttentionMap(tokens(model, shown), layer, head, rows, len(ids) - len(shown))


def hardest(
    model: CausalModel, text: str, source: int, target: int, k: int
) -> tuple[HeadLook, ...]:
    """Return the heads that look hardest from one place to another, hardest first.

    Raises:
        BadInput: there is no such place, or the target comes after the source.
    """
    ids = model.checked(model.tokenize(text))[:MOST_TOKENS]
    _require("token", source, len(ids))
    _require("token", target, len(ids))
    if target > source:
        raise BadInput("A token can't see one that comes after it. Swap the two.")
    looks = weights(model, ids[: source + 1])[:, :, source, target]  # (layers, heads)
    values, places = looks.flatten().topk(min(k, looks.numel()))
    found = zip(places.tolist(), values.tolist(), strict=True)
    heads = looks.shape[1]
    return tuple(HeadLook(place // heads, place % heads, value) for place, value in found)


def head_scores(model: CausalModel, text: str) -> HeadScores:
    """Return what every head does on a text, over its first 128 tokens.

    Most heads rest on the first token when they have nothing to say (the "attention sink": Xiao et
    al. 2023, arXiv:2309.17453), so it counts only as `first`. Places 0 and 1 ask nothing: there,
    the token before is the first one.
    """
    ids = model.checked(model.tokenize(text))
    shown = ids[:MOST_SCORED]
    found = weights(model, shown)  # (layers, heads, n, n)
    asks = {
        "previous": _mean_look(found, _before(shown)),
        "first": _mean_look(found, _first(shown)),
        "same": _mean_look(found, _same(shown)),
        "far": _mean_look(found, _far(shown)),
    }
    scores = tuple(
        HeadScore(layer, head, **{n: _at(found, layer, head) for n, found in asks.items()})
        for layer in range(found.shape[0])
        for head in range(found.shape[1])
    )
    return HeadScores(tokens(model, shown), FAR_TOKENS, scores, len(ids) - len(shown))


def weights(model: CausalModel, ids: Sequence[int]) -> torch.Tensor:
    """Return all weights, shape (layers, heads, n, n), rows summing to 1.

    Only the "eager" way of reading keeps them; the usual, faster one is put back at once.
    """
    network = model.network
    anatomy(model)
    usual = network.config._attn_implementation
    network.set_attn_implementation("eager")
    try:
        with torch.inference_mode():
            read = network(
                torch.tensor([ids]), output_attentions=True, use_cache=False, logits_to_keep=1
            )
    finally:
        network.set_attn_implementation(usual)
    return torch.stack([layer[0] for layer in read.attentions])


def _mean_look(weights: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor | None:
    """Return how much of its look each head gives to the wanted places, shape (layers, heads).

    The mean is over the rows of `wanted`, shape (n, n), that want anything; None if none does.
    """
    asking = wanted.any(1)
    if not bool(asking.any()):
        return None
    return (weights * wanted).sum(-1)[..., asking].mean(-1)


def _before(ids: Sequence[int]) -> torch.Tensor:
    return _later(torch.diag(torch.ones(len(ids) - 1, dtype=torch.bool), -1))


def _first(ids: Sequence[int]) -> torch.Tensor:
    wanted = torch.zeros(len(ids), len(ids), dtype=torch.bool)
    wanted[:, 0] = True
    return _later(wanted)


def _same(ids: Sequence[int]) -> torch.Tensor:
    numbers = torch.tensor(ids)
    wanted = (numbers[:, None] == numbers[None, :]).tril(-1)
    wanted[:, 0] = False
    return _later(wanted)


def _far(ids: Sequence[int]) -> torch.Tensor:
    wanted = torch.ones(len(ids), len(ids), dtype=torch.bool).tril(-FAR_TOKENS)
    wanted[:, 0] = False
    return _later(wanted)


def _later(wanted: torch.Tensor) -> torch.Tensor:
    wanted[:2] = False
    return wanted


def _at(found: torch.Tensor | None, layer: int, head: int) -> float | None:
    return None if found is None else float(found[layer, head])


def _require(what: str, number: int, count: int) -> None:
    if not 0 <= number < count:
        raise BadInput(f"There is no {what} {number + 1}: they go from 1 to {count}.")
