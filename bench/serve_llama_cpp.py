"""`python -m bench.serve_llama_cpp FILE PORT CONTEXT`: a real llama.cpp here, until it is ended.

It runs in a process of its own, because its server ends only with the process.
"""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from bench.serve_vllm import CONTEXT, MODEL, ServeError

PATIENCE_S = 120.0


def llama_cpp_version() -> str:
    """Return the version of the wheel that carries it."""
    return f"xllamacpp {version('xllamacpp')}"


@contextmanager
def running(gguf: Path, port: int, *, log: Path, context: int = CONTEXT) -> Iterator[str]:
    """Serve a model on 127.0.0.1 until left; give the address up to /v1 when it answers.

    Args:
        gguf: The model's file.
        port: Where to listen.
        log: Takes what the server says.
        context: Tokens of a prompt and its answer together.

    Raises:
        ServeError: it ended or gave no sign in time; the text names its log.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.serve_llama_cpp", str(gguf), str(port), str(context)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()
            process.wait()


def main() -> None:
    """Serve until ended."""
    import xllamacpp  # late: only this process needs it

    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.model_alias = {MODEL}
    params.n_ctx = int(sys.argv[3])
    params.hostnames = ["127.0.0.1"]
    params.port = int(sys.argv[2])
    params.cpuparams.n_threads = 2
    params.use_jinja = True
    server = xllamacpp.Server(params)
    signal.pause()
    del server


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        if process.poll() is not None:
            raise ServeError(f"llama.cpp ended before it answered: {log} says why.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise ServeError(f"llama.cpp gave no sign in {PATIENCE_S:g} s: {log} says more.")


if __name__ == "__main__":
    main()
