"""The sentence encoder's forward pass, in numpy: it runs where there is no torch.

A text is a row of columns here, shape (width, tokens), so that each weight matrix can be used as
it lies in the file; several texts stand side by side, and only attention looks at one at a time.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.engine.encoder_weights import WEIGHTS, WIDTH, WORDS
from tools.engine.encoder_words import WordPieces

Floats = NDArray[np.float32]

HEADS = 12
LAYERS = 6
MOST_TOKENS = 128  # the model was trained on texts of this length
MOST_SCORE = np.float32(60)  # so exp() cannot overflow; the most seen is 34
TINY = np.float32(1e-12)
# Products of up to 64 · 64 · 64 numbers OpenBLAS does on one thread, and without copying the matrix
# first. Larger ones it shares out to threads that spin: on busy cores that takes a hundred times
# the time. (interface/gemm.c: GEMM_MULTITHREAD_THRESHOLD)
BLOCK = 12_288  # numbers of a matrix
COLUMNS = 21
MEAN = np.full((1, WIDTH), 1 / WIDTH, np.float32)  # times a matrix: five times as fast as .mean()


@dataclass(frozen=True, slots=True)
class _Linear:
    weight: Floats  # (out, in)
    bias: Floats  # (out, 1)

    def __call__(self, x: Floats) -> Floats:
        """Return weight · x + bias; x is (in, tokens)."""
        out, width = self.weight.shape
        blocks = self.weight.reshape(-1, BLOCK // width, width)
        parts = [
            (blocks @ np.ascontiguousarray(x[:, first : first + COLUMNS])).reshape(out, -1)
            for first in range(0, x.shape[1], COLUMNS)
        ]
        product: Floats = np.concatenate(parts, axis=1) + self.bias
        return product


@dataclass(frozen=True, slots=True)
class _Norm:
    scale: Floats
    shift: Floats

    def __call__(self, x: Floats) -> Floats:
        centred = x - MEAN @ x
        centred *= self.scale / np.sqrt(MEAN @ (centred * centred) + TINY)
        centred += self.shift
        return centred


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: _Linear
    out: _Linear
    after_attention: _Norm
    widen: _Linear
    narrow: _Linear
    after_widening: _Norm

    def __call__(self, x: Floats, edges: Sequence[int]) -> Floats:
        qkv = self.qkv(x)
        mixed = [_attend(qkv[:, start:end]) for start, end in pairwise(edges)]
        x = self.after_attention(x + self.out(np.concatenate(mixed, axis=1)))
        return self.after_widening(x + self.narrow(_gelu(self.widen(x))))


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
        self._norm = _norm(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{n}.") for n in range(LAYERS)]

    @classmethod
    def load(cls, folder: Path) -> "EncoderModel":
        """Map the weights into memory; they are read as they are used."""
        return cls(_tensors(folder / WEIGHTS), WordPieces.load(folder / WORDS))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a vector of length one for each text, shape (texts, WIDTH)."""
        ids = [self._words.ids(text, MOST_TOKENS) for text in texts]
        edges = [0, *np.cumsum([len(each) for each in ids]).tolist()]
        rows = [self._pieces[each] + self._places[: len(each)] for each in ids]
        x = self._norm(np.ascontiguousarray(np.concatenate(rows).T))
        for layer in self._layers:
            x = layer(x, edges)
        means = np.array([x[:, start:end].mean(axis=1) for start, end in pairwise(edges)])
        unit: Floats = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit


def _attend(qkv: Floats) -> Floats:
    """Return one text's values, mixed; qkv is (3 · width, tokens)."""
    q, k, v = qkv.reshape(3, HEADS, WIDTH // HEADS, -1)
    scores = k.transpose(0, 2, 1) @ (q / np.float32((WIDTH // HEADS) ** 0.5))
    odds = np.exp(np.minimum(scores, MOST_SCORE))  # (heads, keys, queries)
    mixed: Floats = (v @ odds) / odds.sum(axis=1, keepdims=True)
    return mixed.reshape(WIDTH, -1)


def _gelu(x: Floats) -> Floats:
    """Return GELU by its tanh form, within 0.001: numpy has no erf.

    Source: Hendrycks & Gimpel 2016, arXiv:1606.08415.
    """
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    rounded: Floats = np.float32(0.5) * x * (1 + np.tanh(inner))
    return rounded


def _layer(weights: Mapping[str, Floats], name: str) -> _Layer:
    three = [_linear(weights, f"{name}attention.self.{n}") for n in ("query", "key", "value")]
    qkv = _Linear(
        np.concatenate([one.weight for one in three]), np.concatenate([one.bias for one in three])
    )
    return _Layer(
        qkv,
        _linear(weights, f"{name}attention.output.dense"),
        _norm(weights, f"{name}attention.output.LayerNorm"),
        _linear(weights, f"{name}intermediate.dense"),
        _linear(weights, f"{name}output.dense"),
        _norm(weights, f"{name}output.LayerNorm"),
    )


def _linear(weights: Mapping[str, Floats], name: str) -> _Linear:
    return _Linear(weights[f"{name}.weight"], weights[f"{name}.bias"][:, None])


def _norm(weights: Mapping[str, Floats], name: str) -> _Norm:
    return _Norm(weights[f"{name}.weight"][:, None], weights[f"{name}.bias"][:, None])


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
