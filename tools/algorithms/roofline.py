"""What bounds a pass through a model: memory that must be read, or operations that must be done.

A pass takes one token of each sequence that is decoded, or many of one prompt. The weights are
read once for all of them; each sequence's cache is read for itself.

Source:
    Williams, Waterman and Patterson 2009, doi:10.1145/1498765.1498785.
"""

from dataclasses import dataclass

from tools.gpus import Gpu
from tools.shape.kept import kept_bytes, state_bytes
from tools.shape.precision import Precision, read_bytes
from tools.shape.shape import Shape
from tools.shape.work import decode_operations, prefill_operations

MOST_SEQUENCES = 65_536


@dataclass(frozen=True, slots=True)
class Setup:
    """A model on GPUs.

    Attributes:
        shape: The model.
        precision: Of its weights.
        number_bytes: Of each number in the cache.
        gpu: What it runs on.
        gpus: How many of it share each matrix (tensor parallel).
        context: Tokens that each sequence has behind it.
    """

    shape: Shape
    precision: Precision
    number_bytes: int
    gpu: Gpu
    gpus: int = 1
    context: int = 0


@dataclass(frozen=True, slots=True)
class Bound:
    """The least time that a pass can take.

    Attributes:
        tokens: That go through.
        weight_bytes: Read once for all, over all GPUs together.
        cache_bytes: Read and written for the sequences, over all GPUs together.
        memory_s: To move those bytes.
        compute_s: To do the operations.
    """

    tokens: int
    weight_bytes: float
    cache_bytes: float
    memory_s: float
    compute_s: float

    @property
    def seconds(self) -> float:
        """The longer of the two: both go on at the same time."""
        return max(self.memory_s, self.compute_s)

    @property
    def tokens_per_s(self) -> float:
        """Of all sequences together."""
        return self.tokens / self.seconds

    @property
    def is_memory_bound(self) -> bool:
        """Moving bytes takes longer than computing with them."""
        return self.memory_s >= self.compute_s


def decode_bound(setup: Setup, sequences: int) -> Bound:
    """Return what bounds a step that gives each sequence one more token."""
    shape, each = setup.shape, setup.number_bytes
    kept = kept_bytes(shape, setup.context, each, setup.gpus) * setup.gpus
    written = state_bytes(shape)  # a recurrent state is read, and written anew
    operations = sequences * decode_operations(shape, setup.context)
    return _bound(setup, sequences, sequences * (kept + written), operations)


def prefill_bound(setup: Setup, tokens: int) -> Bound:
    """Return what bounds reading so many tokens of one prompt, from its start, in one pass."""
    written = kept_bytes(setup.shape, tokens, setup.number_bytes, setup.gpus) * setup.gpus
    return _bound(setup, tokens, written, prefill_operations(setup.shape, tokens))


def ridge(setup: Setup) -> int | None:
    """Return how many sequences it takes until arithmetic bounds a decode step; None for never."""
    if decode_bound(setup, MOST_SEQUENCES).is_memory_bound:
        return None
    low, high = 1, MOST_SEQUENCES
    while low < high:
        middle = (low + high) // 2
        if decode_bound(setup, middle).is_memory_bound:
            low = middle + 1
        else:
            high = middle
    return low


def _bound(setup: Setup, tokens: int, cache: float, operations: float) -> Bound:
    weights = read_bytes(setup.shape, setup.precision, tokens)
    speed = setup.gpus * setup.gpu.bytes_per_s
    power = setup.gpus * setup.gpu.operations_per_s(setup.precision.computes)
    return Bound(tokens, weights, cache, (weights + cache) / speed, operations / power)
