"""Any causal language model of transformers, and the embedded one where it is looked into."""

from pathlib import Path

import torch
import transformers
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from tools.engine.forward.plain import PlainForward
from tools.engine.model.hub import file_of
from tools.engine.model.hub_tokenizer import HubTokenizer
from tools.engine.model.language_model import LanguageModel
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.manifest import MANIFEST
from tools.errors import WeightsError


class CausalModel(LanguageModel):
    """A `LanguageModel` that can be looked into as it is.

    Attributes:
        network: torch's own.
        tokenizer: transformers' own.
        kept_as: What its weights were before they were read into float32.
    """

    def __init__(
        self,
        network: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        kept_as: str = "float32",
    ) -> None:
        """Take what `load` has read."""
        super().__init__(HubTokenizer(tokenizer), PlainForward(network), lambda: self)
        self.network, self.tokenizer, self.kept_as = network, tokenizer, kept_as

    @classmethod
    def load(cls, source: Path | str) -> "CausalModel":
        """Load from a folder, or by name from the Hugging Face hub if `source` is no folder.

        Raises:
            WeightsError: there is no such model, or it can't be read.
        """
        transformers.utils.logging.disable_progress_bar()
        is_local = isinstance(source, Path) or Path(source).is_dir()
        if not is_local:
            file_of(str(source), "config.json", "HUNCH_LOCAL_MODEL")
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=is_local)
            config = AutoConfig.from_pretrained(source, local_files_only=is_local)
            network, told = AutoModelForCausalLM.from_pretrained(
                source, dtype=torch.float32, local_files_only=is_local, output_loading_info=True
            )
            if told["missing_keys"]:  # transformers would have made those up, at random
                raise ValueError(f"{len(told['missing_keys'])} of its weights are missing.")
        except _LOADING_ERRORS as wrong:
            first = (str(wrong).strip().splitlines() or [type(wrong).__name__])[0]
            raise WeightsError(
                f"The model {source} can't be loaded: {first.rstrip('.')}. {_advice(source)}"
            ) from wrong
        return cls(network.eval(), tokenizer, _kept_as(source, config))

    def special(self) -> list[int]:
        """Return the ids that stand for no text: control tokens."""
        return sorted(self.tokenizes.special())


def _advice(source: Path | str) -> str:
    """Say what to do; a folder that isn't ours is never told to be deleted."""
    if isinstance(source, Path):
        return "Delete that folder and start again: it is made anew."
    return "Set HUNCH_LOCAL_MODEL to a folder with a model, or to a hub id that can be reached."


def _kept_as(source: Path | str, config: PretrainedConfig) -> str:
    """Return how a model's file keeps its weights: a type of torch's, or a way of rounding."""
    if (Path(source) / MANIFEST).is_file():
        return EMBEDDED.kept_as  # converted from it
    if told := getattr(config, "quantization_config", None):
        way = told.get("quant_method") if isinstance(told, dict) else told.quant_method
        return str(getattr(way, "value", way))
    return str(config.dtype or "float32").removeprefix("torch.")


_LOADING_ERRORS = (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError)
