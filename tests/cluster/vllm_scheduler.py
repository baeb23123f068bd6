"""Run by the Python of vLLM's own environment: its own Scheduler, on workloads from standard input.

Reads `{"model": folder, "runs": [{"config": …, "requests": …}]}`, prints a list of runs: of each
step what `reference_scheduler.Step` says. No model is loaded: every step's tokens are made up.
"""

import json
import sys
from typing import Any

import torch
from vllm.config import CacheConfig, ModelConfig, SchedulerConfig, VllmConfig
from vllm.sampling_params import SamplingParams
from vllm.utils.hashing import sha256
from vllm.v1.core.kv_cache_utils import get_request_block_hasher, init_none_hash
from vllm.v1.core.sched.async_scheduler import AsyncScheduler
from vllm.v1.core.sched.scheduler import Scheduler
from vllm.v1.kv_cache_interface import FullAttentionSpec, KVCacheConfig, KVCacheGroupSpec
from vllm.v1.outputs import ModelRunnerOutput
from vllm.v1.request import Request
from vllm.v1.structured_output import StructuredOutputManager

HEAD = 50  # the first of the ids that prompts share


def scheduler_of(model: str, config: dict[str, Any]) -> Scheduler:
    length = config["max_model_len"]
    model_config = ModelConfig(model=model, max_model_len=min(length, 2048), dtype="float32")
    model_config.max_model_len = length
    ahead = config["async_scheduling"]
    scheduling = SchedulerConfig(
        max_num_seqs=1,
        max_num_batched_tokens=length,
        max_model_len=length,
        long_prefill_token_threshold=config["long_prefill_token_threshold"],
        watermark=config["watermark"],
        enable_chunked_prefill=True,
        scheduler_reserve_full_isl=config["scheduler_reserve_full_isl"],
        async_scheduling=ahead,
        is_encoder_decoder=False,
    )
    cache = CacheConfig(
        block_size=config["block_size"], enable_prefix_caching=config["enable_prefix_caching"]
    )
    whole = VllmConfig(model_config=model_config, scheduler_config=scheduling, cache_config=cache)
    for name in ("enable_chunked_prefill", "max_num_batched_tokens", "max_num_seqs"):
        setattr(scheduling, name, config[name])  # smaller than it would be started with
    cache.num_gpu_blocks = config["num_gpu_blocks"]
    spec = FullAttentionSpec(
        block_size=config["block_size"], num_kv_heads=1, head_size=1, dtype=torch.float32
    )
    blocks = KVCacheConfig(
        num_blocks=config["num_gpu_blocks"],
        kv_cache_tensors=[],
        kv_cache_groups=[KVCacheGroupSpec(["layer"], spec)],
    )
    kind = AsyncScheduler if ahead else Scheduler
    return kind(
        vllm_config=whole,
        kv_cache_config=blocks,
        structured_output_manager=StructuredOutputManager(whole),
        block_size=config["block_size"],
        hash_block_size=config["block_size"],
        log_stats=True,
    )


def request_of(number: int, asked: dict[str, int], block_size: int) -> Request:
    shared = asked["shared_tokens"]
    own = (1000 + 200 * number + place % 199 for place in range(shared, asked["prompt_tokens"]))
    ids = [*(HEAD + place for place in range(shared)), *own]
    return Request(
        request_id=str(number),
        prompt_token_ids=ids,
        sampling_params=SamplingParams(max_tokens=asked["max_tokens"], ignore_eos=True),
        pooling_params=None,
        arrival_time=float(number),
        block_hasher=get_request_block_hasher(block_size, sha256),
    )


def written(scheduler: Scheduler, output: Any) -> ModelRunnerOutput:
    """What a model would hand back: a token for each whose known tokens are all computed."""
    ids = list(output.num_scheduled_tokens)
    sampled = []
    for name in ids:
        request = scheduler.requests[name]
        sampled.append([] if request.is_prefill_chunk else [1000 + 200 * int(name) + 199])
    return ModelRunnerOutput(
        req_ids=ids,
        req_id_to_index={name: place for place, name in enumerate(ids)},
        sampled_token_ids=sampled,
        logprobs=None,
        prompt_logprobs_dict={},
        pooler_output=[],
    )


def steps_of(model: str, run: dict[str, Any]) -> list[Any]:
    config = run["config"]
    scheduler = scheduler_of(model, config)
    coming = [
        (asked["arrival"], request_of(number, asked, config["block_size"]))
        for number, asked in enumerate(run["requests"])
    ]
    at_work: list[Any] = []
    room = 2 if config["async_scheduling"] else 1
    steps: list[Any] = []
    clock = 0
    while coming or scheduler.has_unfinished_requests() or at_work:
        while coming and coming[0][0] <= clock:
            scheduler.add_request(coming.pop(0)[1])
        output = scheduler.schedule()
        handed = [[int(name), n] for name, n in output.num_scheduled_tokens.items()]
        if handed:
            lost = [int(name) for name in output.preempted_req_ids]
            free = scheduler.kv_cache_manager.block_pool.get_num_free_blocks()
            steps.append([handed, sorted(lost), free])
            at_work.append((output, written(scheduler, output)))
            clock += 1
            if len(at_work) < room:
                continue
        if at_work:
            scheduler.update_from_output(*at_work.pop(0))
        elif coming:
            clock = max(clock, coming[0][0])
    return steps


def main() -> None:
    asked = json.load(sys.stdin)
    init_none_hash(sha256)
    found = [steps_of(asked["model"], run) for run in asked["runs"]]
    sys.stdout.write("\n" + json.dumps(found))


if __name__ == "__main__":
    main()
