"""The sentence encoder, run by ONNX Runtime on one thread: it needs no torch."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from pydantic import BaseModel, TypeAdapter

from tools.engine.encoder.own.graph import MEAN, VECTORS, Floats, encoder_graph
from tools.engine.encoder.own.words import WordPieces
from tools.engine.encoder.weights import MOST_TOKENS, WEIGHTS, WORDS

QUIET = 3  # errors only


class OwnEncoder:
    """Implements `encodes.Encodes`: six layers, mean over tokens, length one.

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
    def load(cls, folder: Path) -> "OwnEncoder":
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


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    """Return what runs a graph, on the thread that asks: a second one spins on a busy machine."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = QUIET
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class _Tensor(BaseModel):
    """Where a tensor of the file lies."""

    dtype: str
    shape: tuple[int, ...]
    data_offsets: tuple[int, int]


_HEADER = TypeAdapter(dict[str, _Tensor | dict[str, str]])  # what isn't a tensor is a note


def _tensors(file: Path) -> dict[str, Floats]:
    """Map the float32 tensors of a safetensors file: length, JSON header, numbers.

    Source: the format's description, github.com/huggingface/safetensors.
    """
    raw = np.memmap(file, dtype=np.uint8, mode="r")
    begin = 8 + int.from_bytes(raw[:8].tobytes(), "little")
    found = {}
    for name, one in _HEADER.validate_json(raw[8:begin].tobytes()).items():
        if isinstance(one, _Tensor) and one.dtype == "F32":
            first, last = one.data_offsets
            numbers = np.asarray(raw[begin + first : begin + last]).view(np.float32)
            found[name] = numbers.reshape(one.shape)
    return found
