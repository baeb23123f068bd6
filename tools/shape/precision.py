"""How weights are kept: how many bits each takes, scales included, and what a format leaves alone.

Source:
    FP8 with a float32 scale for each block of 128 × 128: DeepSeek-AI 2024, arXiv:2412.19437,
    section 3.3. Four bits with a 16-bit scale and a 4-bit zero for each 128: Lin et al. 2023,
    arXiv:2306.00978. NVFP4, an 8-bit scale for each 16, and MXFP4, one for each 32: OCP
    Microscaling Formats 1.0, and arXiv:2508.10925, section 2.1, for which weights have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tools.shape.shape import Shape
from tools.shape.weights import read_by_part, weight_counts

_MATRICES = frozenset({"q", "k", "v", "o", "mixer", "mlp", "shared"})


@dataclass(frozen=True, slots=True)
class Precision:
    """Bits that a weight takes on average.

    Attributes:
        matrix: In the matrices of the blocks, experts apart.
        expert: In routed experts.
        rest: In tables, head, norms, routers, vision tower: what most formats leave alone.
        computes: What the products are made in: "bfloat16" where weights are unpacked first.
        means: In a few words.
    """

    matrix: float
    expert: float
    rest: float
    computes: str
    means: str


def _all_alike(bits: float, computes: str, means: str) -> Precision:
    return Precision(bits, bits, bits, computes, means)


def _blocks_only(bits: float, computes: str, means: str) -> Precision:
    return Precision(bits, bits, 16, computes, means)


PRECISIONS: Mapping[str, Precision] = MappingProxyType(
    {
        "float32": _all_alike(32, "float32", "4 bytes a weight"),
        "bfloat16": _all_alike(16, "bfloat16", "2 bytes a weight"),
        "fp8": _blocks_only(8 + 32 / 128**2, "fp8", "1 byte in blocks; tables 2"),
        "int8": _blocks_only(8, "bfloat16", "1 byte in blocks; tables 2"),
        "int4": _blocks_only(4 + 20 / 128, "bfloat16", "4.16 bits in blocks; tables 16"),
        "nvfp4": _blocks_only(4 + 8 / 16, "bfloat16", "4.5 bits in blocks; tables 16"),
        "mxfp4": Precision(16, 4 + 8 / 32, 16, "bfloat16", "4.25 bits in experts; the rest 16"),
    }
)


def precision_of(shape: Shape, name: str) -> Precision:
    """Return a precision by its name; "native" is the one its makers publish it in."""
    return PRECISIONS[shape.native if name == "native" else name]


def weight_bytes(shape: Shape, precision: Precision) -> float:
    """Return the bytes that all weights take, vision tower included."""
    return _bytes(weight_counts(shape), precision)


def read_bytes(shape: Shape, precision: Precision, tokens: int) -> float:
    """Return the bytes of weights that a pass over some tokens reads; see `read_in_pass`."""
    return _bytes(read_by_part(shape, tokens), precision)


def _bytes(counts: Mapping[str, float], precision: Precision) -> float:
    return sum(count * _bits(part, precision) / 8 for part, count in counts.items())


def _bits(part: str, precision: Precision) -> float:
    if part == "experts":
        return precision.expert
    return precision.matrix if part in _MATRICES else precision.rest
