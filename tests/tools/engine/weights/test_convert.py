"""A tiny GGUF file, written as llama.cpp writes them, through the conversion."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType as Kind
from safetensors.numpy import load_file
from transformers import AutoTokenizer, LlamaForCausalLM

from tools.engine.weights.convert import convert
from tools.engine.weights.manifest import PACKED
from tools.engine.weights.packed import unpacked

WIDTH, HEADS, KV_HEADS, LAYERS, INNER = 16, 4, 2, 2, 24
PIECES = ["<|end|>", "<|im_end|>", "a", "b", "Ġ", "1", "2", "Ġa", "ab", "<", "|", ">", "end"]
PIECES += ["e", "n", "d", "en", "_", "i", "m"]
MERGES = ["Ġ a", "a b", "e n", "en d"]


def permuted(weight: Any, heads: int) -> Any:
    """The row order of llama.cpp's convert_hf_to_gguf.py, `LlamaModel.permute`."""
    rows, width = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, width).swapaxes(1, 2).reshape(rows, width)


def _model(dice: Any) -> dict[str, Any]:
    """Random weights under transformers' names."""
    kv = WIDTH // HEADS * KV_HEADS
    shapes: dict[str, tuple[int, ...]] = {
        "model.embed_tokens.weight": (len(PIECES), WIDTH),
        "model.norm.weight": (WIDTH,),
    }
    for layer in range(LAYERS):
        shapes |= {
            f"model.layers.{layer}.{name}.weight": shape
            for name, shape in {
                "input_layernorm": (WIDTH,),
                "post_attention_layernorm": (WIDTH,),
                "self_attn.q_proj": (WIDTH, WIDTH),
                "self_attn.k_proj": (kv, WIDTH),
                "self_attn.v_proj": (kv, WIDTH),
                "self_attn.o_proj": (WIDTH, WIDTH),
                "mlp.gate_proj": (INNER, WIDTH),
                "mlp.up_proj": (INNER, WIDTH),
                "mlp.down_proj": (WIDTH, INNER),
            }.items()
        }
    return {name: dice.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}


NAMES = {
    "embed_tokens": "token_embd",
    "layers.": "blk.",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def _write(path: Path, weights: dict[str, Any], *, is_rounded: bool = False) -> None:
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(64)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_token_list(PIECES)
    writer.add_token_types([3, 3, *([1] * (len(PIECES) - 2))])
    writer.add_token_merges(MERGES)
    for add in (writer.add_bos_token_id, writer.add_eos_token_id, writer.add_pad_token_id):
        add(1)
    writer.add_unk_token_id(0)
    writer.add_chat_template("{{ messages }}")
    for name, weight in weights.items():
        short = name.removeprefix("model.")
        for theirs, ours in NAMES.items():
            short = short.replace(theirs, ours)
        short = "output_norm.weight" if short == "norm.weight" else short
        heads = HEADS if "q_proj" in name else KV_HEADS if "k_proj" in name else 0
        whole = permuted(weight, heads) if heads else weight
        if is_rounded and whole.ndim == 2:
            kind = Kind.Q8_0 if "embed" in name else Kind.Q4_1
            writer.add_tensor(short, gguf.quantize(whole, kind), raw_dtype=kind)
        else:
            writer.add_tensor(short, whole)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture(scope="module")
def weights() -> dict[str, Any]:
    return _model(np.random.default_rng(0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, weights: dict[str, Any]) -> Path:
    base = tmp_path_factory.mktemp("convert")
    _write(base / "tiny.gguf", weights)
    made = base / "made"
    made.mkdir()
    convert(base / "tiny.gguf", made)
    return made


def test_every_weight_comes_out_as_it_went_in(folder: Path, weights: dict[str, Any]) -> None:
    made = load_file(folder / "model.safetensors")
    assert made.keys() == weights.keys()
    for name, weight in weights.items():
        assert np.array_equal(made[name], weight), name


def test_transformers_runs_the_folder_as_it_is(folder: Path, weights: dict[str, Any]) -> None:
    model, told = LlamaForCausalLM.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True, output_loading_info=True
    )
    assert not told["missing_keys"]
    assert not told["unexpected_keys"]
    assert model(torch.tensor([[2, 3]])).logits.shape == (1, 2, len(PIECES))
    assert torch.equal(model.lm_head.weight, model.model.embed_tokens.weight)


def test_the_tokenizer_merges_keeps_digits_apart_and_knows_control_tokens(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)

    def pieces(text: str, *, is_split: bool) -> list[str]:
        ids = tokenizer(text, split_special_tokens=is_split)["input_ids"]
        return [str(piece) for piece in tokenizer.convert_ids_to_tokens(ids)]

    assert pieces("ab a12", is_split=True) == ["ab", "Ġa", "1", "2"]
    assert pieces("a<|end|>", is_split=False) == ["a", "<|end|>"]
    assert pieces("a<|end|>", is_split=True) == ["a", "<", "|", "end", "|", ">"]


def test_weights_that_no_file_rounded_are_not_packed(folder: Path) -> None:
    assert not (folder / PACKED).exists()


def test_a_rounded_file_gives_its_own_bits_and_the_numbers_that_they_stand_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "WIDTH", 128)  # queries fill tiles, so do keys
    monkeypatch.setitem(globals(), "INNER", 160)
    monkeypatch.setitem(globals(), "PIECES", [*PIECES, *(f"x{n}" for n in range(12))])
    _write(tmp_path / "tiny.gguf", _model(np.random.default_rng(2)), is_rounded=True)
    made = tmp_path / "made"
    made.mkdir()
    convert(tmp_path / "tiny.gguf", made)
    numbers, bits = load_file(made / "model.safetensors"), load_file(made / PACKED)
    assert bits.keys() == numbers.keys()
    # a server takes every such file of a folder for a part of the model
    assert [file.name for file in made.glob("*.safetensors")] == ["model.safetensors"]
    for name, weight in numbers.items():
        found = unpacked(bits[name]) if weight.ndim == 2 else bits[name]
        assert np.array_equal(found, weight), name
