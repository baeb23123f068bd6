"""Who does the arithmetic of the models in this process: one choice, for all of them."""

import os
from enum import StrEnum


class Kernels(StrEnum):
    """What stands behind the doors `forward.Forward` and `encoder.Embeds`."""

    OWN = "own"  # docs/decisions/0002-own-kernel.md, 003-onnx-encoder.md
    TRANSFORMERS = "transformers"  # everything through transformers and torch, in float32


def keep_threads_from_spinning() -> None:
    """Let torch's threads sleep while they wait for each other; to be called before its import.

    Threads that spin make a busy machine ten times as slow, the event loop included; torch's
    OpenMP reads this when it is loaded.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
