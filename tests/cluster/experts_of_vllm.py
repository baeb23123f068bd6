"""vLLM's own account of experts: run by the Python of `make cluster`, which has vLLM.

    placement               one JSON line: what each case of `CASES` comes to
    routing FOLDER IDS      one JSON line: /v1/completions' choice for a prompt of those token ids

A server that returns routed experts takes model runner V2, which takes Triton, which has no backend
for processors. So the choices are taken where that server takes them, by the hook of vLLM's own
routers, and written by its own answer.
"""

import json
import os
import sys
from typing import Any

os.environ |= {"VLLM_ENABLE_V1_MULTIPROCESSING": "0", "VLLM_CPU_KVCACHE_SPACE": "1"}

import numpy as np
import torch
from vllm import LLM, SamplingParams
from vllm.distributed.eplb.eplb_state import _compute_eplb_load_stats
from vllm.entrypoints.openai.completion.protocol import CompletionResponseChoice
from vllm.model_executor.layers.fused_moe.expert_map_manager import determine_expert_map
from vllm.model_executor.layers.fused_moe.layer import MoERunner
from vllm.utils.serial_utils import numpy2base64

CASES = [(32, 4), (32, 5), (128, 6), (256, 8), (256, 24), (8, 3), (16, 16)]


def placement() -> dict[str, Any]:
    """Which rank has each expert, and the balancedness of some loads."""
    held = {}
    for count, ranks in CASES:
        has = [-1] * count
        for rank in range(ranks):
            _, local, _ = determine_expert_map(ranks, rank, count)
            for expert in torch.nonzero(local >= 0).flatten().tolist():
                has[expert] = rank
        held[f"{count}/{ranks}"] = has
    loads = torch.tensor([[5, 11, 4, 8], [0, 0, 28, 0], [7, 7, 7, 7]]).float()
    mean, most = _compute_eplb_load_stats(loads)
    return {"held": held, "balancedness": float(mean / most)}


def routing(folder: str, ids: list[int]) -> dict[str, Any]:
    """Read a prompt, and return what the server would answer."""
    llm = LLM(
        folder, dtype="float32", enforce_eager=True, max_model_len=256, skip_tokenizer_init=True
    )
    seen: dict[int, list[Any]] = {}
    runner: Any = llm.llm_engine.model_executor.driver_worker.worker.model_runner  # type: ignore[attr-defined]
    for module in runner.model.modules():
        if isinstance(module, MoERunner):
            layer: list[Any] = seen.setdefault(module.layer_id, [])
            module.router.set_capture_fn(lambda ids, layer=layer: layer.append(ids.clone()))
    sampling = SamplingParams(max_tokens=1, temperature=0, detokenize=False)
    llm.generate({"prompt_token_ids": ids}, sampling)
    layers = max(seen) + 1
    kept = np.zeros((len(ids), layers, seen[layers - 1][0].shape[1]), np.uint8)
    for place, parts in seen.items():
        kept[:, place] = torch.cat(parts).numpy()
    choice = CompletionResponseChoice(
        index=0, text="", finish_reason="length", routed_experts=numpy2base64(kept)
    )
    return {"choices": [choice.model_dump(mode="json")]}


told = placement() if sys.argv[1] == "placement" else routing(sys.argv[2], json.loads(sys.argv[3]))
print(json.dumps(told))  # noqa: T201 - a program that prints
