"""The sentence encoder as a graph that ONNX Runtime runs: products in 8 bits.

Made anew at each start (0.2 s), so there is no second file to keep in step with the first.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from tools.engine.encoder.weights import HEADS, LAYERS, WIDTH

Floats = NDArray[np.float32]

VECTORS, MEAN = "vectors", "mean"  # the graph's input, (tokens, WIDTH), and its output, (WIDTH,)
# Numbers on one scale in the wide layers, whose outliers need it: with one scale for each row there
# too, cosines with float32 fall from 0.998 to 0.99, which lets a teach-back slip through that names
# all words and means none. Attention bears it, and is twice as fast by the row.
BLOCK = 128
MOST_BY_ROW = 63  # 7 bits: without VNNI, sums of two products are kept in 16 bits
MOST, ZERO = 127, 128  # the largest whole number, and what stands for none
IN_8_BITS = 4  # ONNX Runtime's name for rounding the inputs too
TINY = 1e-12
ONNX, MICROSOFT = 20, 1  # editions of the operators: the standard's, and ONNX Runtime's own
FORMAT = 10  # of the file, so that older runtimes read it too


def encoder_graph(weights: Mapping[str, Floats]) -> bytes:
    """Return the graph: vectors of tokens and places in, the mean of the last layer's out.

    Args:
        weights: all-MiniLM-L6-v2's, by the names of its safetensors file.

    Source:
        Wang et al. 2020, arXiv:2002.10957; Devlin et al. 2019, arXiv:1810.04805.
    """
    graph = _Graph(weights)
    graph.constant("heads", np.array([0, HEADS, WIDTH // HEADS], np.int64))
    graph.constant("flat", np.array([0, WIDTH], np.int64))
    graph.constant("scale", np.float32((WIDTH // HEADS) ** -0.5))
    x = graph.norm(VECTORS, "embeddings.LayerNorm")
    for number in range(LAYERS):
        x = _layer(graph, x, f"encoder.layer.{number}.")
    graph.constant("tokens", np.array([0], np.int64))
    graph.node("ReduceMean", [x, "tokens"], MEAN, keepdims=0)
    return graph.written()


def _layer(graph: "_Graph", x: str, name: str) -> str:
    mixed = graph.by_row(_attend(graph, x, name), [f"{name}attention.output.dense"])
    x = graph.norm(
        graph.node("Add", [x, mixed], f"{name}seen"), f"{name}attention.output.LayerNorm"
    )
    wide = graph.by_block(x, f"{name}intermediate.dense")
    narrow = graph.by_block(graph.node("Gelu", [wide], f"{name}bent"), f"{name}output.dense")
    return graph.norm(graph.node("Add", [x, narrow], f"{name}sum"), f"{name}output.LayerNorm")


def _attend(graph: "_Graph", x: str, name: str) -> str:
    """Return the values, mixed, shape (tokens, WIDTH)."""
    three = [f"{name}attention.self.{each}" for each in ("query", "key", "value")]
    parts = graph.split(graph.by_row(x, three), three)
    q, k, v = (graph.node("Reshape", [part, "heads"], f"{part}.by-head") for part in parts)
    q = graph.node("Transpose", [q], f"{name}q", perm=[1, 0, 2])
    k = graph.node("Transpose", [k], f"{name}k", perm=[1, 2, 0])
    v = graph.node("Transpose", [v], f"{name}v", perm=[1, 0, 2])
    scores = graph.node(
        "MatMul", [graph.node("Mul", [q, "scale"], f"{name}small-q"), k], f"{name}qk"
    )
    shares = graph.node("Softmax", [scores], f"{name}shares", axis=-1)
    mixed = graph.node("MatMul", [shares, v], f"{name}mixed")
    back = graph.node("Transpose", [mixed], f"{name}back", perm=[1, 0, 2])
    return graph.node("Reshape", [back, "flat"], f"{name}side-by-side")


class _Graph:
    """Collects nodes and constants; each node's output is named."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[TensorProto] = []

    def constant(self, name: str, value: "NDArray[np.generic] | np.generic") -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def split(self, x: str, names: list[str]) -> list[str]:
        """Cut the last axis into equal parts."""
        parts = [f"{name}.part" for name in names]
        many = len(parts)
        self._nodes.append(helper.make_node("Split", [x], parts, axis=1, num_outputs=many))
        return parts

    def norm(self, x: str, name: str) -> str:
        scale, shift = (
            self.constant(f"{name}.{each}", self._weights[f"{name}.{each}"])
            for each in ("weight", "bias")
        )
        return self.node("LayerNormalization", [x, scale, shift], name, epsilon=TINY, axis=-1)

    def by_row(self, x: str, names: list[str]) -> str:
        """Multiply by the weights of these names, side by side, and add the biases.

        Weights are rounded to 7 bits, each row on a scale of its own; inputs to 8 as they come.
        """
        weight = np.concatenate([self._weights[f"{name}.weight"] for name in names])
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        scale = np.abs(weight).max(axis=1) / np.float32(MOST_BY_ROW)
        rounded = np.round(weight / scale[:, None]).astype(np.int8)
        name = names[0]
        inputs = [
            x,
            self.constant(f"{name}.rounded", rounded.T),
            self.constant(f"{name}.scale", scale),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
            self.constant(f"{name}.shift", bias),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, f"{name}.out", domain="com.microsoft")

    def by_block(self, x: str, name: str) -> str:
        """Multiply by the weights of this name, and add the biases.

        Weights and inputs are rounded to 8 bits, each BLOCK of them on a scale of its own.
        """
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        blocks = weight.reshape(len(weight), -1, BLOCK)  # (out, blocks, BLOCK)
        scale = np.abs(blocks).max(axis=2) / np.float32(MOST)
        rounded = (np.round(blocks / scale[..., None]) + ZERO).astype(np.uint8)
        inputs = [
            x,
            self.constant(f"{name}.rounded", rounded),
            self.constant(f"{name}.scale", scale),
            "",  # zero points: ZERO
            "",  # order of the columns: as it is
            self.constant(f"{name}.shift", bias),
        ]
        return self.node(
            "MatMulNBits",
            inputs,
            f"{name}.out",
            domain="com.microsoft",
            N=len(weight),
            K=weight.shape[1],
            bits=8,
            block_size=BLOCK,
            accuracy_level=IN_8_BITS,
        )

    def written(self) -> bytes:
        """Return the graph as a file's content."""
        given = helper.make_tensor_value_info(VECTORS, TensorProto.FLOAT, ["tokens", WIDTH])
        made = helper.make_tensor_value_info(MEAN, TensorProto.FLOAT, [WIDTH])
        graph = helper.make_graph(self._nodes, "encoder", [given], [made], self._constants)
        editions = [helper.make_opsetid("", ONNX), helper.make_opsetid("com.microsoft", MICROSOFT)]
        model = helper.make_model(graph, opset_imports=editions, ir_version=FORMAT)
        written: bytes = model.SerializeToString()
        return written
