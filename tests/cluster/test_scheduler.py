"""The step rule against vLLM's own Scheduler, and against what a live server counts."""

import asyncio
import json
import os
import subprocess
from dataclasses import asdict
from pathlib import Path

from bench.serve_vllm import environment
from tests.tools.algorithms.test_step_rule import WORKLOADS, drawn
from tools.algorithms.step_rule import engine_steps

SCRIPT = Path(__file__).with_name("vllm_scheduler.py")
OFFLINE = {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1"}


async def test_every_step_is_that_of_vllms_own_scheduler(model_folder: Path) -> None:
    runs = [drawn(seed) for seed in range(WORKLOADS)]
    asked = {
        "model": str(model_folder),
        "runs": [
            {"config": asdict(config), "requests": [asdict(one) for one in requests]}
            for requests, config in runs
        ],
    }
    found = await asyncio.to_thread(_scheduled_by_vllm, json.dumps(asked))
    assert len(found) == WORKLOADS
    for seed, ((requests, config), theirs) in enumerate(zip(runs, found, strict=True)):
        ours = [
            [
                [[share.request, share.tokens] for share in step.shares],
                sorted(step.preempted),
                config.num_gpu_blocks - 1 - step.used_blocks,
            ]
            for step in engine_steps(requests, config)
        ]
        assert ours == theirs, (seed, requests, config)


def _scheduled_by_vllm(asked: str) -> list[object]:
    python = environment().with_name("python")
    ran = subprocess.run(
        [python, SCRIPT],
        input=asked,
        env=os.environ | OFFLINE,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: list[object] = json.loads(ran.stdout.splitlines()[-1])
    return found
