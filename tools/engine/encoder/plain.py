"""The sentence encoder through transformers and torch alone, in float32."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch.nn import functional
from transformers import BertConfig, BertModel, BertTokenizer

from tools.engine.encoder.weights import HEADS, LAYERS, MOST_TOKENS, WEIGHTS, WIDE, WIDTH
from tools.errors import WeightsError


class PlainEncoder:
    """Implements `encodes.Encodes`.

    Source:
        Mean pooling as on huggingface.co/sentence-transformers/all-MiniLM-L6-v2.
    """

    def __init__(self, network: BertModel, tokenizer: BertTokenizer) -> None:
        self._network, self._tokenizer = network, tokenizer

    @classmethod
    def load(cls, folder: Path) -> "PlainEncoder":
        """Read the files.

        Raises:
            WeightsError: they lack weights.
        """
        shape = BertConfig(
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=WIDE,
        )
        network = BertModel(shape, add_pooling_layer=False).eval()
        told = network.load_state_dict(load_file(folder / WEIGHTS), strict=False)  # has a pooler
        if told.missing_keys:
            raise WeightsError(
                f"{len(told.missing_keys)} weights are missing in {folder}. "
                "Delete that folder and start again: it is fetched."
            )
        return cls(network, BertTokenizer.from_pretrained(folder, local_files_only=True))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector of length one for each text, shape (texts, WIDTH)."""
        read = self._tokenizer(
            list(texts),
            split_special_tokens=True,  # so that none in a text is obeyed
            truncation=True,
            max_length=MOST_TOKENS,
            padding=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            last = self._network(**read).last_hidden_state  # (texts, tokens, WIDTH)
            is_text = read["attention_mask"][..., None]
            means = (last * is_text).sum(1) / is_text.sum(1)
            unit: NDArray[np.float32] = functional.normalize(means).numpy()
        return unit
