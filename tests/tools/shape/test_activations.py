"""The numbers that live at once, against those counted while transformers runs a pass."""

import math
import weakref
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from tests.tools.shape.built import config_of, family
from tools.models import SHAPES
from tools.shape.activations import live_numbers, most_live
from tools.shape.kept import kept_bytes
from tools.shape.shape import Shape


class Living(TorchDispatchMode):
    """Counts the numbers that live: each storage from its first tensor to its last."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.now = self.most = 0
        held = [*model.parameters(), *model.buffers()]
        self._seen = {one.untyped_storage()._cdata for one in held}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for one in tree_leaves(made):
            if isinstance(one, torch.Tensor) and one.is_floating_point():
                self._count(one)
        return made

    def _count(self, one: torch.Tensor) -> None:
        storage = one.untyped_storage()
        key = storage._cdata
        if key in self._seen:
            return
        size = math.ceil(storage.nbytes() / one.element_size())
        self._seen.add(key)
        self.now += size
        self.most = max(self.most, self.now)
        weakref.finalize(storage, self._free, key, size)

    def _free(self, key: int, size: int) -> None:
        self._seen.discard(key)
        self.now -= size


def counted(shape: Shape, tokens: int) -> int:
    """The most numbers that live in transformers' pass over a prompt, without a cache."""
    kind, _ = family(shape)
    model = kind(config_of(shape)).eval()
    ids = torch.zeros((1, tokens), dtype=torch.long)
    with torch.no_grad(), Living(model) as living:
        model(input_ids=ids, use_cache=False, logits_to_keep=1)
    return living.most


@pytest.mark.against("parameters", by="transformers, numbers alive")
@pytest.mark.parametrize(
    "shape",
    [
        Shape("llama-3-small", 1_000, 512, 2, 8, 8, 64, 1_792, 8_192),  # proportions of an 8B
        Shape("llama-3-wide", 1_000, 512, 2, 8, 8, 64, 4_096, 8_192),
        Shape("qwen3-small", 1_000, 512, 2, 8, 8, 64, 2_560, 8_192, has_qk_norm=True),
    ],
    ids=lambda shape: shape.name,
)
def test_the_fullest_moment_is_what_transformers_needs(shape: Shape) -> None:
    ours, theirs = most_live(shape, 512), counted(shape, 512)
    # it holds on to what engines overwrite: a block's input, the first vectors, sine and cosine
    held = 512 * (2 * shape.width + 2 * shape.head_size)
    assert ours <= theirs <= ours + held


def test_by_hand() -> None:
    toy = Shape("toy", 10, 4, 2, 2, 1, 2, 6, 100)
    assert live_numbers(toy, 3) == {
        "embedding": 3 * 4,
        "norms": 3 * 8,
        "q": 3 * 12,
        "k": 3 * 14,
        "v": 3 * 16,
        "o": 3 * (4 + 4 + 2 + 2 + 4),
        "mlp": 3 * (8 + 3 * 6),
        "head": 3 * 4 + 10,
    }
    assert most_live(toy, 3) == 78


def test_no_matrix_of_scores_is_written_so_twice_the_text_takes_twice_as_much() -> None:
    shape = SHAPES["llama-3-8b"]
    assert most_live(shape, 8_192) == 2 * most_live(shape, 4_096)


def test_800_words_of_a_405b_take_megabytes_not_73_gigabytes() -> None:
    shape = SHAPES["llama-3.1-405b"]
    assert 2 * most_live(shape, 1_100) / 1e6 == pytest.approx(423.5, rel=0.01)
    assert kept_bytes(shape, 1_100, 2) / 1e6 == pytest.approx(567.7, rel=0.01)
