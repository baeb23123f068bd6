"""SQLite's log of what was committed, and the disk below it.

A commit only appends to the log, in memory that a power cut takes. It is kept once the log was
sent to the disk, which takes milliseconds: these methods wait for it, so they belong on a thread.
"""

import os
import sqlite3
import sys
from pathlib import Path
from threading import Lock


class FileGoneError(sqlite3.OperationalError):
    """The file was moved, deleted or replaced by another while it was in use."""

    def __init__(self) -> None:
        super().__init__("its file was moved or deleted")


class WriteLog:
    """The log of one SQLite file."""

    def __init__(self, file: Path) -> None:
        """Remember the file; nothing is opened yet."""
        self._file, self._path = file, Path(f"{file}-wal")
        self._opened: int | None = None
        self._connection: sqlite3.Connection | None = None
        self._is_doubtful = False
        self._one_at_a_time = Lock()

    def sync(self) -> None:
        """Wait until all that was committed before this call is on the disk.

        Raises:
            sqlite3.Error: the log is gone, or the disk refuses. What that then holds of the log
                nobody knows, so the next call writes all of it into the file itself.
        """
        if self._is_doubtful:
            if not self.shorten():
                raise sqlite3.OperationalError("disk I/O error (it failed a moment ago)")
            self._is_doubtful = False
        try:
            opened = self._open()
            send(opened)
            is_there = os.path.samestat(self._path.stat(), os.fstat(opened))
        except FileNotFoundError:
            raise FileGoneError from None
        except OSError as error:
            self._is_doubtful = True
            raise sqlite3.OperationalError(f"disk I/O error ({error.strerror})") from error
        if not is_there:
            raise FileGoneError

    def shorten(self, how: str = "PASSIVE") -> bool:
        """Write the log into the file; return whether all of it was, so that it begins anew.

        Args:
            how: "PASSIVE" leaves others what they use; "TRUNCATE" empties it, if nobody does.

        Raises:
            sqlite3.Error: the disk is full or fails.
        """
        with self._one_at_a_time:
            if self._connection is None:
                self._connection = sqlite3.connect(self._file, timeout=0, check_same_thread=False)
                self._connection.execute("PRAGMA synchronous=FULL")
            busy, pages, written = self._connection.execute(
                f"PRAGMA wal_checkpoint({how})"
            ).fetchone()
        return bool(not busy and pages == written)

    def close(self) -> None:
        """Let go of the files."""
        with self._one_at_a_time:
            if self._opened is not None:
                os.close(self._opened)
            if self._connection is not None:
                self._connection.close()
            self._opened = self._connection = None

    def _open(self) -> int:
        if self._opened is None:
            self._opened = os.open(self._path, os.O_RDWR)  # no lock of SQLite's is on this file
        return self._opened


def send(opened: int) -> None:
    """Wait until the disk has all that was written to a file."""
    if sys.platform == "darwin":  # a Mac's fsync leaves it in the disk's own memory
        import fcntl

        fcntl.fcntl(opened, fcntl.F_FULLFSYNC)
    else:
        getattr(os, "fdatasync", os.fsync)(opened)
