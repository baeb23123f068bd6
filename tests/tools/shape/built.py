"""Every shape as transformers builds it: on torch's meta device, where weights take no memory."""

from collections.abc import Mapping
from typing import Any

import torch
import transformers as hf
from transformers.models.qwen3_5.configuration_qwen3_5 import Qwen3_5TextConfig, Qwen3_5VisionConfig
from transformers.models.qwen3_5.modeling_qwen3_5 import Qwen3_5ForCausalLM, Qwen3_5VisionModel
from transformers.models.qwen3_5_moe.configuration_qwen3_5_moe import Qwen3_5MoeTextConfig
from transformers.models.qwen3_5_moe.modeling_qwen3_5_moe import Qwen3_5MoeForCausalLM

from tools.shape.shape import Shape

Pair = tuple[type[torch.nn.Module], type[hf.PretrainedConfig]]
FAMILIES: Mapping[str, Pair] = {
    "gpt-oss": (hf.GptOssForCausalLM, hf.GptOssConfig),
    "gpt-": (hf.GPT2LMHeadModel, hf.GPT2Config),
    "smollm2": (hf.LlamaForCausalLM, hf.LlamaConfig),
    "llama-3": (hf.LlamaForCausalLM, hf.LlamaConfig),
    "llama-4": (hf.Llama4ForCausalLM, hf.Llama4TextConfig),
    "mistral": (hf.MistralForCausalLM, hf.MistralConfig),
    "qwen2.5": (hf.Qwen2ForCausalLM, hf.Qwen2Config),
    "qwen3.5-0.8b": (Qwen3_5ForCausalLM, Qwen3_5TextConfig),
    "qwen3.6-27b": (Qwen3_5ForCausalLM, Qwen3_5TextConfig),
    "qwen3.6-35b": (Qwen3_5MoeForCausalLM, Qwen3_5MoeTextConfig),
    "qwen3-30b": (hf.Qwen3MoeForCausalLM, hf.Qwen3MoeConfig),
    "qwen3-235b": (hf.Qwen3MoeForCausalLM, hf.Qwen3MoeConfig),
    "qwen3-": (hf.Qwen3ForCausalLM, hf.Qwen3Config),
    "gemma": (hf.Gemma3ForCausalLM, hf.Gemma3TextConfig),
    "deepseek": (hf.DeepseekV3ForCausalLM, hf.DeepseekV3Config),
}


def config_of(shape: Shape) -> hf.PretrainedConfig:
    """The sizes of the shape; all else as the class has it by default."""
    _, kind = family(shape)
    if shape.is_classic:
        return hf.GPT2Config(
            vocab_size=shape.vocabulary, n_embd=shape.width, n_layer=shape.layers,
            n_head=shape.heads, n_inner=shape.feed_forward, n_positions=shape.context,
        )  # fmt: skip
    sizes: dict[str, Any] = {
        "vocab_size": shape.vocabulary, "hidden_size": shape.width,
        "num_hidden_layers": shape.layers, "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads, "max_position_embeddings": shape.context,
        "tie_word_embeddings": shape.is_tied, "intermediate_size": shape.feed_forward,
    }  # fmt: skip
    if kind is hf.DeepseekV3Config:
        return hf.DeepseekV3Config(**sizes)  # its head size is that of the rotary part
    if kind is hf.MistralConfig:
        sizes["sliding_window"] = None
    if kind is hf.Gemma3TextConfig:
        sizes["sliding_window"] = shape.window
    sizes["head_dim"] = shape.head_size
    return kind(**{**sizes, **_experts(shape, kind), **_recurrent(shape)})


def _experts(shape: Shape, kind: type[hf.PretrainedConfig]) -> dict[str, Any]:
    if (experts := shape.experts) is None:
        return {}
    found = {"num_experts_per_tok": experts.used, "moe_intermediate_size": experts.width}
    if kind is hf.GptOssConfig:
        return {"num_local_experts": experts.count, "num_experts_per_tok": experts.used}
    if kind is hf.Llama4TextConfig:
        return {
            "num_local_experts": experts.count,
            "num_experts_per_tok": experts.used,
            "intermediate_size": experts.width,
            "intermediate_size_mlp": shape.feed_forward or 16_384,
            "interleave_moe_layer_step": 2 if experts.dense else 1,
        }
    if experts.shared:
        found["shared_expert_intermediate_size"] = experts.shared
    return {**found, "num_experts": experts.count}


def _recurrent(shape: Shape) -> dict[str, Any]:
    if (net := shape.recurrent) is None:
        return {}
    return {"linear_num_key_heads": net.key_heads, "linear_num_value_heads": net.value_heads}


def family(shape: Shape) -> Pair:
    start = next(start for start in FAMILIES if shape.name.startswith(start))
    return FAMILIES[start]


def built(shape: Shape) -> torch.nn.Module:
    """The text model of a shape."""
    return on_meta(family(shape)[0], config_of(shape))


def on_meta(kind: type[torch.nn.Module], config: hf.PretrainedConfig) -> torch.nn.Module:
    with torch.device("meta"):
        model = kind(config)
    model.tie_weights()
    return model


def weights_in(model: torch.nn.Module) -> int:
    """How many weights there are; a tied one counts once."""
    return sum(each.numel() for each in {id(each): each for each in model.parameters()}.values())


def vision_towers() -> dict[str, int]:
    """The weights of each vision tower, with what leads from it to the text."""
    towers = {"mistral-small-24b": _beside_text(hf.Mistral3ForConditionalGeneration, _mistral())}
    for name, width in (("gemma-3-4b", 2_560), ("gemma-3-12b", 3_840), ("gemma-3-27b", 5_376)):
        towers[name] = _beside_text(hf.Gemma3ForConditionalGeneration, _gemma(width))
    llama = _beside_text(hf.Llama4ForConditionalGeneration, _llama())
    towers |= {"llama-4-scout": llama, "llama-4-maverick": llama}
    small = {"depth": 12, "hidden_size": 768, "intermediate_size": 3_072, "num_heads": 12}
    for name, width, sizes in (
        ("qwen3.5-0.8b", 1_024, small),
        ("qwen3.6-27b", 5_120, {}),
        ("qwen3.6-35b-a3b", 2_048, {}),
    ):
        config = Qwen3_5VisionConfig(out_hidden_size=width, **sizes)
        with torch.device("meta"):
            towers[name] = weights_in(Qwen3_5VisionModel(config))
    return towers


def _beside_text(kind: type[torch.nn.Module], config: hf.PretrainedConfig) -> int:
    whole = dict(on_meta(kind, config).named_parameters())
    return sum(each.numel() for name, each in whole.items() if "vision" in name or "multi" in name)


def _mistral() -> hf.PretrainedConfig:
    config = hf.Mistral3Config()
    config.text_config.num_hidden_layers = 1
    return config


def _gemma(width: int) -> hf.PretrainedConfig:
    tower = {
        "hidden_size": 1_152, "intermediate_size": 4_304, "num_hidden_layers": 27,
        "num_attention_heads": 16, "patch_size": 14, "image_size": 896, "vision_use_head": False,
    }  # fmt: skip
    text = {"hidden_size": width, "num_hidden_layers": 1}
    return hf.Gemma3Config(text_config=text, vision_config=tower)


def _llama() -> hf.PretrainedConfig:
    tower = {
        "hidden_size": 1_408, "num_hidden_layers": 34, "num_attention_heads": 16,
        "intermediate_size": 5_632, "vision_output_dim": 4_096, "image_size": 336,
        "patch_size": 14, "projector_input_dim": 4_096, "projector_output_dim": 4_096,
    }  # fmt: skip
    text = {"num_hidden_layers": 1, "num_local_experts": 1}
    return hf.Llama4Config(vision_config=tower, text_config=text)
