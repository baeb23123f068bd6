"""The embedding table as a space to measure in: what its rows have in common, and which count.

The mean row is two thirds as long as an average row, so any two rows look alike. Where asked to,
it is taken off, and with it the one direction that the rest spreads most along, which tells common
tokens from rare ones.

Source:
    Mu, Bhat and Viswanath 2018, "All-but-the-Top", arXiv:1702.01417, with one direction.
    Land and Bartolo 2024, "Fishing for Magikarp", arXiv:2405.05417: a token that training never
    met keeps a row like those of special tokens that were never used.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from tools.engine.inside.anatomy import anatomy
from tools.engine.model.causal_model import CausalModel

UNDERTRAINED_FROM = 0.85  # cosine with the mean row of the special tokens
_ROUNDS = 12  # of power iteration; the strongest direction is four times as strong as the next


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Rows, and what is taken off them. `mean` and `common` are zero where nothing is.

    Attributes:
        table: Shape (vocabulary, width).
        mean: Shape (width,).
        common: Direction that is taken off too, of length 1; shape (width,).
        lengths: Of the rows after that, shape (vocabulary,).
        counted: Which tokens may be an answer: none special, undertrained or without a text.
        by_lot: The mean cosine of two different rows that count.
    """

    table: Tensor
    mean: Tensor
    common: Tensor
    lengths: Tensor
    counted: Tensor
    by_lot: float

    def placed(self, rows: Tensor) -> Tensor:
        """Return rows, shape (n, width), less what all have in common."""
        around = rows - self.mean
        return around - (around @ self.common)[:, None] * self.common

    def cosines(self, direction: Tensor) -> Tensor:
        """Return every token's cosine with a direction that has been placed."""
        products = self.table @ direction - self.mean @ direction
        found: Tensor = products / (self.lengths * direction.norm())
        return found


@lru_cache(maxsize=2)
def space(model: CausalModel, is_centred: bool) -> Space:
    """Return the model's table as it is, or less what all its rows have in common."""
    with torch.inference_mode():
        table = anatomy(model).embedding.weight.detach()
        mean, common = torch.zeros(2, table.shape[1])
        if is_centred:
            mean = table.mean(0)
            common = _strongest(table, mean)
        along = table @ common - mean @ common
        sizes = torch.linalg.vector_norm(table, dim=1)
        around = sizes.square() - 2 * (table @ mean) + mean @ mean
        lengths = (around - along.square()).clamp_min(1e-12).sqrt()
        counted = _counted(model, table, sizes)
        shares = counted / lengths  # that make a row one of length 1
        units = shares @ table - shares.sum() * mean - (shares @ along) * common
        return Space(table, mean, common, lengths, counted, _by_lot(units, int(counted.sum())))


def _strongest(table: Tensor, mean: Tensor) -> Tensor:
    """Return the direction, of length 1, along which the rows spread most around their mean."""
    direction = torch.ones(table.shape[1])
    for _ in range(_ROUNDS):
        along = table @ direction - mean @ direction
        direction = torch.nn.functional.normalize(along @ table - along.sum() * mean, dim=0)
    return direction


def _counted(model: CausalModel, table: Tensor, sizes: Tensor) -> Tensor:
    special = [number for number in model.special() if number < len(table)]
    counted = torch.ones(len(table), dtype=torch.bool)
    if special:
        unused = table[special].mean(0)
        counted &= table @ unused < UNDERTRAINED_FROM * sizes * unused.norm()
        counted[special] = False
    counted[len(model.tokenizer) :] = False  # rows that only fill the table up
    return counted


def _by_lot(units: Tensor, count: int) -> float:
    """Return the mean cosine of all pairs of `count` rows of length 1, from the sum of the rows.

    (Σ uᵢ)² = n + the sum over all ordered pairs.
    """
    return float(units.double().square().sum() - count) / (count * (count - 1))
