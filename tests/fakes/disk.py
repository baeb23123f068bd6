"""A disk that remembers what SQLite wrote and when it was told to keep it, so power can be cut.

It stands in SQLite's own way to its files (its VFS), inside this process: each write still happens,
and is noted. A cut leaves what was synced, and of the rest, sector by sector, what chance leaves.
"""

import ctypes as c
import ctypes.util
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from bot.store import write_log

SECTOR = 512
DATABASE, LOG = "database", "log"
_KINDS = {0x100: DATABASE, 0x80000: LOG}  # SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_WAL
_METHODS = 18  # of sqlite3_io_methods in its third version

_OPEN = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_void_p, c.c_int, c.c_void_p)
_WRITE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_int, c.c_int64)
_CUT = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int64)
_SYNC = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int)


class _Vfs(c.Structure):
    _fields_ = (
        *((name, c.c_int) for name in ("version", "file_bytes", "longest_path")),
        *((name, c.c_void_p) for name in ("next", "name", "data", "open")),
    )


class _Methods(c.Structure):
    _fields_ = (("version", c.c_int), ("of", c.c_void_p * _METHODS))


_AT_WRITE, _AT_CUT, _AT_SYNC = 2, 3, 4  # places in `_Methods.of`


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes written at a place; None: the file was cut off there."""

    file: str
    start: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Synced:
    """From here on the disk has all that was written to a file before some moment."""

    file: str
    before: int


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody was told that something is kept."""

    what: Any


@dataclass(slots=True)
class Disk:
    """What happened to the files of one database, in order."""

    happened: list[Write | Synced | Told] = field(default_factory=list)
    sync_s: float = 0.001
    _lock: Lock = field(default_factory=Lock)
    _alive: list[Any] = field(default_factory=list)  # what C holds pointers to

    def note(self, event: Write | Synced | Told) -> None:
        """Add what happened."""
        with self._lock:
            self.happened.append(event)

    def sync(self, file: str, job: Callable[[], int]) -> int:
        """Sync a file: what is written to it meanwhile isn't covered."""
        before = len(self.happened)
        answer = job()
        time.sleep(self.sync_s)  # as long as a fast disk takes: others commit meanwhile
        self.note(Synced(file, before))
        return answer

    def told(self, until: int) -> list[Any]:
        """Return what was told before a moment."""
        return [event.what for event in self.happened[:until] if isinstance(event, Told)]

    def left_after_cut(self, base: bytes, until: int, chance: random.Random) -> dict[str, bytes]:
        """Return the files' bytes if power is cut at a moment."""
        past = self.happened[:until]
        kept = {DATABASE: 0, LOG: 0}
        for event in past:
            if isinstance(event, Synced):
                kept[event.file] = max(kept[event.file], event.before)
        files = {DATABASE: bytearray(base), LOG: bytearray()}
        share = chance.choice((0.0, 0.5, 0.9))  # of what wasn't synced, and is there nevertheless
        for number, event in enumerate(past):
            if isinstance(event, Write):
                odds = 1.0 if number < kept[event.file] else share
                _apply(files[event.file], event, lambda odds=odds: chance.random() < odds)
        return {name: bytes(content) for name, content in files.items()}


def _apply(content: bytearray, write: Write, is_kept: Callable[[], bool]) -> None:
    if write.data is None:
        if is_kept():
            del content[write.start :]
        return
    for offset in range(0, len(write.data), SECTOR):
        if is_kept():
            piece, at = write.data[offset : offset + SECTOR], write.start + offset
            content.extend(bytes(max(0, at + len(piece) - len(content))))
            content[at : at + len(piece)] = piece


@contextmanager
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Note what SQLite does to files that are opened within the block, all of one database."""
    sqlite = _library()
    vfs = _Vfs.from_address(sqlite.sqlite3_vfs_find(None))
    disk, plain = Disk(), vfs.open
    opened = _OPEN(_opening(disk, _OPEN(plain)))
    disk._alive.append(opened)
    monkeypatch.setattr(write_log, "send", lambda _: disk.sync(LOG, lambda: 0))
    vfs.open = c.cast(opened, c.c_void_p).value
    try:
        yield disk
    finally:
        vfs.open = plain


def _opening(disk: Disk, plain: Any) -> Callable[..., int]:
    def open_file(vfs: int, name: int, file: int, flags: int, out: int) -> int:
        answer: int = plain(vfs, name, file, flags, out)
        kind = next((kind for bit, kind in _KINDS.items() if flags & bit), None)
        if answer == 0 and kind:
            _wrap(disk, kind, c.c_void_p.from_address(file))
        return answer

    return open_file


def _wrap(disk: Disk, kind: str, methods_of_file: c.c_void_p) -> None:
    assert methods_of_file.value
    own = _Methods.from_buffer_copy(
        c.string_at(methods_of_file.value, c.sizeof(_Methods))
    )  # the plain ones are shared by all files
    write, cut, sync = _WRITE(own.of[_AT_WRITE]), _CUT(own.of[_AT_CUT]), _SYNC(own.of[_AT_SYNC])

    def on_write(file: int, data: int, size: int, start: int) -> int:
        disk.note(Write(kind, start, c.string_at(data, size)))
        return int(write(file, data, size, start))

    def on_cut(file: int, size: int) -> int:
        disk.note(Write(kind, size, None))
        return int(cut(file, size))

    def on_sync(file: int, flags: int) -> int:
        return disk.sync(kind, lambda: int(sync(file, flags)))

    ours = {_AT_WRITE: _WRITE(on_write), _AT_CUT: _CUT(on_cut), _AT_SYNC: _SYNC(on_sync)}
    for place, method in ours.items():
        own.of[place] = c.cast(method, c.c_void_p).value
    disk._alive += [own, *ours.values()]
    methods_of_file.value = c.addressof(own)


def _library() -> Any:
    """Return the SQLite that Python uses; skip where it is built into Python."""
    named = ctypes.util.find_library("sqlite3")
    library = c.CDLL(named) if named else None
    if library is None or _version(library) != sqlite3.sqlite_version:
        pytest.skip("Python's SQLite is no library of its own here")
    library.sqlite3_vfs_find.restype = c.c_void_p
    return library


def _version(library: Any) -> str:
    library.sqlite3_libversion.restype = c.c_char_p
    return str(library.sqlite3_libversion().decode())


def read_back(folder: Path, files: dict[str, bytes]) -> sqlite3.Connection:
    """Open what a cut left, as the next start would."""
    database = folder / "after.sqlite"
    for end in ("", "-wal", "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)
    database.write_bytes(files[DATABASE])
    Path(f"{database}-wal").write_bytes(files[LOG])
    return sqlite3.connect(database)
