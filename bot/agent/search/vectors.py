"""Texts' vectors, made once and kept in a file: a start makes only those that are new."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from bot.agent.vectors import NamedEncoder, Vectors


async def vectors_of(
    texts: Iterable[str],
    encoder: NamedEncoder,
    folder: Path | None,
    tell: Callable[[str], None] = lambda stage: None,
) -> Vectors:
    """Return a vector for each text, from the file in `folder` as far as they stand there.

    Raises:
        ToolError: the encoder gives no answer.
    """
    wanted = list(texts)
    file = folder / f"course-{encoder.name}.npz" if folder else None
    kept = _read(file) if file else {}
    fresh = [text for text in dict.fromkeys(wanted) if _key(text) not in kept]
    if fresh:
        tell(f"reading {len(fresh)} texts of the course for search (once)")
        made = await encoder.encode(fresh)
        kept |= dict(zip(map(_key, fresh), made, strict=True))
        if file:
            _write(file, {_key(text): kept[_key(text)] for text in wanted})
    return np.array([kept[_key(text)] for text in wanted], np.float32)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(file: Path) -> dict[str, Vectors]:
    try:
        with file.open("rb") as opened, np.load(opened) as held:
            return dict(zip(held["keys"].tolist(), held["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}  # not there yet, or cut short: they are made afresh


def _write(file: Path, kept: dict[str, Vectors]) -> None:
    """Write the file whole or not at all; one that can't be written is made again next time."""
    part = file.with_name(f".{file.stem}-{os.getpid()}.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(part, keys=np.array(list(kept)), vectors=np.array(list(kept.values())))
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
