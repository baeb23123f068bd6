"""Figures of what bounds a step, and of numbers that are kept in fewer bits."""

from collections.abc import Mapping

from tools.figures.figure import Figure
from tools.gpus import GPUS
from tools.models import SHAPES
from tools.shape.precision import precision_of, read_bytes, weight_bytes
from tools.shape.work import decode_operations

_GIGA = 1e9


def weight_gigabytes(of: Mapping[str, str]) -> float:
    """Return the GB (10⁹ bytes) that all weights of a model take, scales included.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, and `precision`, one in
            `tools.shape.precision.PRECISIONS`, which gives the source of each format.
    """
    shape = SHAPES[of["model"]]
    return weight_bytes(shape, precision_of(shape, of["precision"])) / _GIGA


def read_gigabytes(of: Mapping[str, str]) -> float:
    """Return the GB (10⁹ bytes) of weights that a step for one token reads.

    Of the token table that is one row, unless the table is the head as well.

    Args:
        of: As `weight_gigabytes`.
    """
    shape = SHAPES[of["model"]]
    return read_bytes(shape, precision_of(shape, of["precision"]), 1) / _GIGA


def bandwidth_bound(of: Mapping[str, str]) -> float:
    """Return the most tokens a second for one sequence, by reading its weights alone.

    Args:
        of: As `weight_gigabytes`, and `gpu`, a name in `tools.gpus.GPUS`.

    Source:
        Williams, Waterman and Patterson 2009, doi:10.1145/1498765.1498785.
    """
    return GPUS[of["gpu"]].bytes_per_s / (read_gigabytes(of) * _GIGA)


def arithmetic_bound(of: Mapping[str, str]) -> float:
    """Return the most tokens a second by arithmetic alone, dense and in 16 bit, with no context.

    Args:
        of: `model` and `gpu`, names in `tools.models.SHAPES` and `tools.gpus.GPUS`.
    """
    return GPUS[of["gpu"]].bfloat16 / decode_operations(SHAPES[of["model"]], 0)


def bits_a_weight(of: Mapping[str, float]) -> float:
    """Return the bits of a weight with its part of a shared scale.

    Args:
        of: `bits` of the weight itself, `scale_bits`, and how many weights are in a `group`.
    """
    return of["bits"] + of["scale_bits"] / of["group"]


def rounding_step(of: Mapping[str, float]) -> float:
    """Return how far apart the values lie that a group of weights is rounded to.

    Whole numbers lie around 0, as many below as above, times one scale for the group.

    Args:
        of: `largest`, the weight farthest from 0, and the `bits` of a whole number.

    Source:
        Dettmers et al. 2022, arXiv:2208.07339, section 2.
    """
    return of["largest"] / (2 ** (of["bits"] - 1) - 1)


FIGURES: tuple[Figure, ...] = (
    weight_gigabytes,
    read_gigabytes,
    bandwidth_bound,
    arithmetic_bound,
    bits_a_weight,
    rounding_step,
)
