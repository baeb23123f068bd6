"""Ask vLLM's own code: a program run by the Python of `make cluster`, without a server."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from bench.serve_vllm import environment

SET = {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1"}


def said_in_vllm(*program: str | Path, told: str = "") -> Any:
    """Return what a program says on its last line, as JSON. Takes seconds, and blocks.

    Args:
        program: Its file and arguments, or "-c" and its text.
        told: What it reads.
    """
    python = environment().with_name("python")
    path = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"  # its compilers' helpers
    ran = subprocess.run(
        [python, *program],
        input=told,
        env=os.environ | SET | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])
