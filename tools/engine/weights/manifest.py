"""What a prepared model folder must hold: each file's size, time and SHA-256."""

import hashlib
import json
from pathlib import Path

from tools.errors import WeightsError

MANIFEST = "manifest.json"
PACKED = "packed.tensors"  # what the engine answers from; servers load every .safetensors they see
FORMAT = 3  # raise it when the conversion changes: older folders are then made afresh


def write_manifest(folder: Path) -> None:
    """Record every file of a finished folder."""
    files = {path.name: _record(path) for path in sorted(folder.iterdir()) if path.is_file()}
    (folder / MANIFEST).write_text(json.dumps({"format": FORMAT, "files": files}, indent=1))


def is_ready(folder: Path) -> bool:
    """Tell whether the folder is complete, cheaply.

    Compares sizes; a file whose time has changed since it was made is also read in full
    (about half a second), since something has written to it.
    """
    files = _recorded_files(folder)
    return bool(files) and all(_is_sound(folder / name, was) for name, was in files.items())


def verify(folder: Path) -> str:
    """Read every file and compare hashes; return one line that says so.

    Raises:
        WeightsError: a file is missing or not what was made.
    """
    files = _recorded_files(folder)
    if not files:
        raise WeightsError(f"No finished model in {folder}. Start again: it is fetched.")
    for name, was in files.items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != was["sha256"]:
            raise WeightsError(
                f"{path} is damaged. Delete {folder} and start again: it is refetched."
            )
    return f"{len(files)} files in {folder}, every SHA-256 as made"


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(path: Path) -> dict[str, str | int]:
    status = path.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": sha256_of(path)}


def _recorded_files(folder: Path) -> dict[str, dict[str, str | int]]:
    """Return what the manifest lists, or nothing when there is no usable manifest."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"] if manifest["format"] == FORMAT else {}
        return {str(name): {key: was[key] for key in _KEYS} for name, was in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # no manifest, or one that was cut short: the folder counts as half made


_KEYS = ("size", "mtime_ns", "sha256")


def _is_sound(path: Path, was: dict[str, str | int]) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    if status.st_size != was["size"]:
        return False
    return status.st_mtime_ns == was["mtime_ns"] or sha256_of(path) == was["sha256"]
