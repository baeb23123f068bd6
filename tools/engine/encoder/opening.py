"""Load the encoder, with the arithmetic that was chosen: the only way to our own graph."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tools.engine.encoder.encodes import Encodes
from tools.engine.kernels import Kernels, keep_threads_from_spinning
from tools.errors import WeightsError

# whose vectors they are: those that are kept in a file bear this name
NAMES: Mapping[Kernels, str] = MappingProxyType(
    {
        Kernels.OWN: "all-minilm-l6-v2-int8-7",
        Kernels.TRANSFORMERS: "all-minilm-l6-v2-float32",
    }
)


def open_encoder(folder: Path, kernels: Kernels) -> Encodes:
    """Load the encoder from its folder.

    Args:
        folder: As `weights.ensure_encoder` makes it.
        kernels: Whose arithmetic is wanted.

    Raises:
        WeightsError: transformers is wanted, and isn't installed.
    """
    if kernels is Kernels.OWN:
        from tools.engine.encoder.own.own_encoder import OwnEncoder

        return OwnEncoder.load(folder)
    keep_threads_from_spinning()
    try:
        from tools.engine.encoder.plain import PlainEncoder
    except ImportError as missing:
        raise WeightsError(
            f"HUNCH_KERNELS=transformers needs the `local` extra ({missing.name} is missing): "
            "pip install 'hunch-tutor[local]', or leave that setting out."
        ) from missing
    return PlainEncoder.load(folder)
