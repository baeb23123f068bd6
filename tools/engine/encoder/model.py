"""The sentence encoder, run by ONNX Runtime on one thread: it needs no torch."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from tools.engine.encoder.graph import MEAN, VECTORS, encoder_graph
from tools.engine.encoder.weights import WEIGHTS, WORDS
from tools.engine.encoder.words import WordPieces

Floats = NDArray[np.float32]

MOST_TOKENS = 128  # the model was trained on texts of this length
QUIET = 3  # errors only


class EncoderModel:
    """all-MiniLM-L6-v2: six layers, mean over tokens, length one.

    Source:
        Wang et al. 2020, arXiv:2002.10957; huggingface.co/sentence-transformers/all-MiniLM-L6-v2.
    """

    def __init__(self, weights: Mapping[str, Floats], words: WordPieces) -> None:
        self._words = words
        self._pieces = weights["embeddings.word_embeddings.weight"]
        places = weights["embeddings.position_embeddings.weight"]
        self._places = places + weights["embeddings.token_type_embeddings.weight"][0]
        self._session = _session(encoder_graph(weights))

    @classmethod
    def load(cls, folder: Path) -> "EncoderModel":
        """Read the files, and round the weights (0.3 s)."""
        return cls(_tensors(folder / WEIGHTS), WordPieces.load(folder / WORDS))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a vector of length one for each text, shape (texts, WIDTH)."""
        means = np.array([self._mean(text) for text in texts], np.float32)
        unit: Floats = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit

    def _mean(self, text: str) -> Floats:
        ids = self._words.ids(text, MOST_TOKENS)
        (mean,) = self._session.run([MEAN], {VECTORS: self._pieces[ids] + self._places[: len(ids)]})
        found: Floats = mean
        return found


def _session(graph: bytes) -> Any:
    """Return what runs a graph, on the thread that asks: a second one spins on a busy machine."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = QUIET
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _tensors(file: Path) -> dict[str, Floats]:
    """Map the float32 tensors of a safetensors file: length, JSON header, numbers.

    Source: the format's description, github.com/huggingface/safetensors.
    """
    raw = np.memmap(file, dtype=np.uint8, mode="r")
    begin = 8 + int.from_bytes(raw[:8].tobytes(), "little")
    header: dict[str, Any] = json.loads(raw[8:begin].tobytes())
    floats = {name: is_ for name, is_ in header.items() if is_.get("dtype") == "F32"}
    return {
        name: np.asarray(raw[begin + is_["data_offsets"][0] : begin + is_["data_offsets"][1]])
        .view(np.float32)
        .reshape(is_["shape"])
        for name, is_ in floats.items()
    }
