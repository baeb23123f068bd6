"""What a sequence leaves in memory while it grows: keys and values, latents, recurrent states."""

from collections.abc import Mapping
from types import MappingProxyType

from tools.shape.shape import Shape

NUMBER_BYTES: Mapping[str, int] = MappingProxyType(
    {"float32": 4, "bfloat16": 2, "fp8": 1, "int8": 1}
)
"""Of each number of keys and values; scales, one for a tensor, are left out."""
_CONVOLUTION_BYTES = 2  # it keeps the model's own 16 bits, whatever keys and values have


def layer_numbers(shape: Shape, gpus: int = 1) -> int:
    """Return how many numbers a token leaves in one layer of attention, on each of some GPUs.

    Key and value heads are shared out, and copied where there are more GPUs than heads. A latent
    serves all heads, so that each GPU has the whole of it.

    Source:
        Kwon et al. 2023, arXiv:2309.06180, section 1; DeepSeek-AI 2024, arXiv:2405.04434, section
        2.1; vLLM 0.32's `ModelConfig.get_num_kv_heads`.
    """
    if shape.latent is not None:
        return shape.latent.kept + shape.latent.rotary
    return 2 * max(1, shape.kv_heads // gpus) * shape.head_size


def token_bytes(shape: Shape, number_bytes: int, gpus: int = 1) -> int:
    """Return what each further token takes for good: in the layers that see all of the text."""
    return shape.layers_of("F") * layer_numbers(shape, gpus) * number_bytes


def state_bytes(shape: Shape, gpus: int = 1) -> int:
    """Return what all recurrent states of one sequence take, whatever its length.

    One copy, as a sequence that is being written needs it: matrices in the number of bytes that
    `Recurrent` says, and the last inputs of the convolution in 16 bits.

    Source:
        vLLM 0.32's `MambaStateShapeCalculator.gated_delta_net_state_shape`.
    """
    if (net := shape.recurrent) is None:
        return 0
    matrices = net.value_heads * net.head_size**2 * net.state_bytes
    inputs = net.mixed * (net.convolution - 1) * _CONVOLUTION_BYTES
    return shape.layers_of("R") * (matrices + inputs) // gpus


def kept_bytes(shape: Shape, tokens: int, number_bytes: int, gpus: int = 1) -> int:
    """Return what a sequence of some tokens keeps; a window keeps no more than it sees."""
    windowed = shape.layers_of("S") * layer_numbers(shape, gpus) * number_bytes
    return (
        tokens * token_bytes(shape, number_bytes, gpus)
        + min(tokens, shape.window) * windowed
        + state_bytes(shape, gpus)
    )
