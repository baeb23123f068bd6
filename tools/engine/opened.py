"""transformers' model around weights that are in memory already: nothing is held twice."""

from pathlib import Path

import torch
import transformers
from torch import Tensor
from transformers import AutoConfig, AutoTokenizer, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

from tools.engine.causal_model import CausalModel
from tools.engine.llama import Llama
from tools.errors import WeightsError


def opened(folder: Path, llama: Llama) -> CausalModel:
    """Return a model that can be looked into; its weights are views of the Llama's.

    Raises:
        WeightsError: transformers can't read the folder's config or tokenizer.
    """
    transformers.utils.logging.disable_progress_bar()
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as wrong:
        raise WeightsError(
            f"transformers can't read {folder}. Delete that folder and start again."
        ) from wrong
    with torch.device("meta"):
        network = LlamaForCausalLM(config)
    network.load_state_dict(_views(llama), strict=True, assign=True)
    network.tie_weights()
    network.model.rotary_emb = LlamaRotaryEmbedding(config)  # computed, not loaded
    return CausalModel(network.to(torch.float32).eval(), tokenizer)


def _views(llama: Llama) -> dict[str, Tensor]:
    """Return every weight by transformers' name, shape (out, in), over the Llama's own memory."""
    build = llama.build
    queries, keys = build.heads * build.head_size, build.kv_heads * build.head_size
    found = {
        "model.embed_tokens.weight": llama.table,
        "lm_head.weight": llama.table,
        "model.norm.weight": llama.norm,
    }
    for layer, block in enumerate(llama.blocks):
        at = f"model.layers.{layer}"
        q, k, v = torch.split(block.qkv.t(), [queries, keys, keys])
        gate, up = block.gate_up.t().chunk(2)
        found |= {
            f"{at}.input_layernorm.weight": block.attention_norm,
            f"{at}.self_attn.q_proj.weight": q,
            f"{at}.self_attn.k_proj.weight": k,
            f"{at}.self_attn.v_proj.weight": v,
            f"{at}.self_attn.o_proj.weight": block.out.t(),
            f"{at}.post_attention_layernorm.weight": block.mlp_norm,
            f"{at}.mlp.gate_proj.weight": gate,
            f"{at}.mlp.up_proj.weight": up,
            f"{at}.mlp.down_proj.weight": block.down.t(),
        }
    return found
