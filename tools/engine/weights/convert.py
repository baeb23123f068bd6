"""GGUF in, a transformers folder out: `python -m tools.engine.weights.convert GGUF FOLDER`.

The weights lie there twice: in float32 for transformers, and, where they are rounded in a way that
`packed` knows, in the file's own bits, from which the embedded engine answers.

Runs as a process of its own, so that its gigabyte of working memory is given back and the
interpreter of the running bot is not held up. Needs gguf, numpy, safetensors and tokenizers; no
torch. Knows llama-family models with a byte-level BPE vocabulary, which is what is embedded.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, dequantize
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from tools.engine.weights.manifest import PACKED
from tools.engine.weights.packed import EIGHT_BITS, FOUR_BITS, can_pack, packed

CONTROL = 3  # gguf.TokenType.CONTROL
_BLOCK_BYTES = {GGMLQuantizationType.Q4_1: FOUR_BITS, GGMLQuantizationType.Q8_0: EIGHT_BITS}

_LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_OUTER_NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
}


def convert(gguf: Path, folder: Path) -> None:
    """Write config, tokenizer and weights of `gguf` into an empty `folder`."""
    reader = GGUFReader(str(gguf))
    field = _Fields(reader)
    config = _config(field, is_tied=all(t.name != "output.weight" for t in reader.tensors))
    _write_json(folder / "config.json", config)
    _write_json(folder / "tokenizer_config.json", _tokenizer_config(field, config))
    _tokenizer(field).save(str(folder / "tokenizer.json"))
    weights = {_name(t.name): _weight(t, config) for t in reader.tensors}
    save_file(weights, str(folder / "model.safetensors"), metadata={"format": "pt"})
    rounded = {_name(t.name): _packed(t, config) for t in reader.tensors}
    if all(weight is not None for weight in rounded.values()):
        save_file(rounded, str(folder / PACKED), metadata={"format": "pt"})


class _Fields:
    """The metadata of a GGUF file, by key."""

    def __init__(self, reader: Any) -> None:
        self._fields = reader.fields

    def __call__(self, key: str) -> Any:
        return self._fields[key].contents()


def _config(field: _Fields, *, is_tied: bool) -> dict[str, Any]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "dtype": "float32",
        "hidden_act": "silu",
        "vocab_size": len(field("tokenizer.ggml.tokens")),
        "hidden_size": field("llama.embedding_length"),
        "intermediate_size": field("llama.feed_forward_length"),
        "num_hidden_layers": field("llama.block_count"),
        "num_attention_heads": field("llama.attention.head_count"),
        "num_key_value_heads": field("llama.attention.head_count_kv"),
        "head_dim": field("llama.rope.dimension_count"),
        "max_position_embeddings": field("llama.context_length"),
        "rms_norm_eps": field("llama.attention.layer_norm_rms_epsilon"),
        "rope_parameters": {"rope_type": "default", "rope_theta": field("llama.rope.freq_base")},
        "tie_word_embeddings": is_tied,
        "bos_token_id": field("tokenizer.ggml.bos_token_id"),
        "eos_token_id": field("tokenizer.ggml.eos_token_id"),
        "pad_token_id": field("tokenizer.ggml.padding_token_id"),
    }


def _tokenizer(field: _Fields) -> Tokenizer:
    """Return the byte-level BPE tokenizer; digits stand alone, as in SmolLM2's own."""
    pieces = field("tokenizer.ggml.tokens")
    merges = [tuple(merge.split(" ")) for merge in field("tokenizer.ggml.merges")]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    kinds = field("tokenizer.ggml.token_type")
    control = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind == CONTROL]
    tokenizer.add_special_tokens([AddedToken(p, special=True, normalized=False) for p in control])
    return tokenizer


def _tokenizer_config(field: _Fields, config: dict[str, Any]) -> dict[str, Any]:
    pieces = field("tokenizer.ggml.tokens")
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "clean_up_tokenization_spaces": False,
        "model_max_length": config["max_position_embeddings"],
        "bos_token": pieces[config["bos_token_id"]],
        "eos_token": pieces[config["eos_token_id"]],
        "pad_token": pieces[config["pad_token_id"]],
        "unk_token": pieces[field("tokenizer.ggml.unknown_token_id")],
        "chat_template": field("tokenizer.chat_template"),
    }


def _name(gguf_name: str) -> str:
    """Return transformers' name for a GGUF tensor; blk.3.x becomes model.layers.3.y."""
    match gguf_name.split("."):
        case ["blk", layer, part, kind]:
            return f"model.layers.{layer}.{_LAYER_NAMES[part]}.{kind}"
        case [part, kind]:
            return f"{_OUTER_NAMES[part]}.{kind}"
        case _:
            raise KeyError(gguf_name)


def _weight(tensor: Any, config: dict[str, Any]) -> Any:
    """Return a tensor in float32, shape (out, in) or (width,), rows in transformers' order."""
    weight = np.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
    return _in_order(tensor, weight, config)


def _packed(tensor: Any, config: dict[str, Any]) -> Any:
    """Return a matrix in the file's own bits, a vector as it is; None if they can't be packed."""
    if len(tensor.shape) == 1:
        return _weight(tensor, config)
    size = _BLOCK_BYTES.get(tensor.tensor_type)
    if size is None:
        return None
    blocks = np.asarray(tensor.data).reshape(len(tensor.data), -1, size)
    return packed(_in_order(tensor, blocks, config)) if can_pack(blocks) else None


def _in_order(tensor: Any, rows: Any, config: dict[str, Any]) -> Any:
    """Return rows in transformers' order: that of queries and keys is another in the file."""
    part = tensor.name.split(".")[-2]
    if part == "attn_q":
        return _unpermute(rows, config["num_attention_heads"])
    if part == "attn_k":
        return _unpermute(rows, config["num_key_value_heads"])
    return rows


def _unpermute(weight: Any, heads: int) -> Any:
    """Undo the row order that llama.cpp's rotary embedding wants.

    Source: `LlamaModel.permute` in llama.cpp's convert_hf_to_gguf.py, inverted.
    """
    half = weight.shape[0] // heads // 2
    pairs = weight.reshape(heads, half, 2, *weight.shape[1:])
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(weight.shape))


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
