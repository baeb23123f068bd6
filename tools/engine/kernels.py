"""Who does the arithmetic of the models in this process: one choice, for all of them."""

from enum import StrEnum


class Kernels(StrEnum):
    """What stands behind the doors `forward.Forward` and `encoder.Embeds`."""

    OWN = "own"  # docs/decisions/002-own-kernel.md, 003-onnx-encoder.md
    TRANSFORMERS = "transformers"  # everything through transformers and torch, in float32
