"""The embedding table: words as vectors, what lies near them, and a map of them."""

from collections.abc import Sequence

import torch
from torch.nn import functional

from tools.engine.findings import Embedded, Neighbour, Neighbours, Plane, WordPlace
from tools.engine.inside.anatomy import anatomy, tokens
from tools.engine.inside.table import space
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

MOST_WORDS = 30


def embeddings(model: CausalModel, words: Sequence[str]) -> tuple[Embedded, ...]:
    """Return each word's vector, the mean of its tokens' rows."""
    return tuple(
        Embedded(word, tokens(model, ids), tuple(_mean(model, ids).tolist()))
        for word, ids in zip(words, _all_ids(model, words), strict=True)
    )


def neighbours(
    model: CausalModel,
    plus: Sequence[str],
    minus: Sequence[str],
    k: int,
    has_inputs: bool,
    is_centred: bool,
) -> Neighbours:
    """Return the tokens nearest by cosine to a sum of unit vectors.

    Raises:
        BadInput: the words cancel out.

    Source:
        Mikolov et al. 2013, "Linguistic Regularities in Continuous Space Word Representations".
    """
    words = (*plus, *minus)
    cuts, found = _all_ids(model, words), space(model, is_centred)
    with torch.inference_mode():
        means = torch.stack([_mean(model, ids) for ids in cuts])
        units = functional.normalize(found.placed(means), dim=1)
        direction = units[: len(plus)].sum(0) - units[len(plus) :].sum(0)
        if float(direction.norm()) < 1e-6:
            raise BadInput("Those words cancel out: nothing is left to be near to. Change one.")
        cosines = found.cosines(direction)
        inputs = torch.tensor([number for ids in cuts for number in ids])
        others = cosines[found.counted.index_fill(0, inputs, False)]
        answers = found.counted.index_fill(0, inputs, has_inputs)
        values, numbers = cosines.where(answers, -torch.inf).topk(k)
    return Neighbours(
        inputs=tuple((word, tokens(model, ids)) for word, ids in zip(words, cuts, strict=True)),
        found=tuple(
            Neighbour(model.token(number), value)
            for number, value in zip(numbers.tolist(), values.tolist(), strict=True)
        ),
        mean=float(others.mean()),
        deviation=float(others.std()),
        by_lot=found.by_lot,
        left_out=len(found.counted) - int(found.counted.sum()),
    )


def plane(model: CausalModel, words: Sequence[str]) -> Plane:
    """Return words on the two axes that keep most of their variance.

    The sign of an axis is free; here the largest entry of its direction is positive.

    Raises:
        BadInput: fewer than 2 different words, or more than 30.

    Source:
        Pearson 1901; by singular values of the centred vectors, shape (words, width).
    """
    if not 2 <= len(set(words)) == len(words) <= MOST_WORDS:
        raise BadInput(f"Give 2 to {MOST_WORDS} different words.")
    cuts = _all_ids(model, words)
    rows = torch.stack([_mean(model, ids) for ids in cuts]).double()
    _, sizes, axes = torch.linalg.svd(rows - rows.mean(0), full_matrices=False)
    total = float((sizes**2).sum())
    if total < 1e-12:
        raise BadInput("Those words have the same vector. Change one.")
    axes = axes[:2] * axes[:2].gather(1, axes[:2].abs().argmax(1, keepdim=True)).sign()
    places = (rows - rows.mean(0)) @ axes.T  # (words, 2)
    across, up = ((sizes[:2] ** 2) / total).tolist()
    return Plane(
        tuple(
            WordPlace(word, tokens(model, ids), *place)
            for word, ids, place in zip(words, cuts, places.tolist(), strict=True)
        ),
        (across, up),
    )


def _all_ids(model: CausalModel, words: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    return tuple(_ids(model, word) for word in words)


def _ids(model: CausalModel, word: str) -> tuple[int, ...]:
    """Return a word's ids as it stands inside a sentence, after a space, unless it says itself."""
    if word.startswith("="):
        return model.checked(model.tokenize_continuation(word[1:]))
    return model.checked(model.tokenize_continuation(f" {word.removeprefix(' ')}"))


def _mean(model: CausalModel, ids: Sequence[int]) -> torch.Tensor:
    """Return the mean of some rows of the table, shape (width,)."""
    with torch.inference_mode():
        return _table(model)[list(ids)].mean(0)


def _table(model: CausalModel) -> torch.Tensor:
    """Return the embedding table, shape (vocabulary, width)."""
    return anatomy(model).embedding.weight
