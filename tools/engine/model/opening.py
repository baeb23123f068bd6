"""Load a model, with the arithmetic that was chosen: the only way to our own kernel.

Each way is imported when it is taken: transformers takes seconds and 100 MB, and whoever has
chosen it needs no LLVM.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from tools.engine.forward.own.build import Build, plain_build
from tools.engine.kernels import Kernels
from tools.engine.model.fast_tokenizer import FastTokenizer
from tools.engine.model.language_model import LanguageModel
from tools.errors import WeightsError

if TYPE_CHECKING:
    from tools.engine.model.causal_model import CausalModel


def open_model(source: Path | str, kernels: Kernels) -> LanguageModel:
    """Load from a folder, or by name from the Hugging Face hub.

    Args:
        source: A folder, or a name on the hub.
        kernels: Whose arithmetic is wanted. Our own knows only a plain Llama that was packed here;
            anything else goes through transformers in any case.

    Raises:
        WeightsError: there is no such model, or it can't be read.
        ImportError: a library that it needs isn't installed.
    """
    if kernels is Kernels.OWN and isinstance(source, Path) and (build := plain_build(source)):
        return _own(source, build)
    from tools.engine.model.causal_model import CausalModel

    return CausalModel.load(source)


def _own(folder: Path, build: Build) -> LanguageModel:
    from tools.engine.forward.own.own_forward import OwnForward

    @cache
    def opened() -> "CausalModel":
        from tools.engine.model.causal_model import CausalModel

        return CausalModel.load(folder)

    try:
        return LanguageModel(FastTokenizer.load(folder), OwnForward.load(folder, build), opened)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as wrong:
        first = (str(wrong).strip().splitlines() or [type(wrong).__name__])[0]
        raise WeightsError(
            f"The model {folder} can't be loaded: {first.rstrip('.')}. "
            "Delete that folder and start again; or set HUNCH_KERNELS=transformers."
        ) from wrong
