"""The file that holds a fetched feed while it is read: private, limited in size, always removed.

A killed process leaves its file behind; the next fetch, a worker that starts and every tick remove it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.version import Version

DEFAULT_LIMIT = 4 << 30
"""Most bytes of a feed, packed or unpacked, by default."""

_PREFIX = "cpdi-feed-"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Spool:
    """A feed's complete file, as it came.

    ``version`` says which state of the feed it is, ``limit`` is the most bytes that unpacking it may give. As a context
    manager it removes the file at the end, unless it was read in place.
    """

    path: Path
    version: Version
    limit: int = DEFAULT_LIMIT
    folder: SpoolFolder | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The file's name at its source."""
        return self.version.name

    @property
    def size(self) -> int:
        """The number of its bytes as it came."""
        return self.version.size

    def __enter__(self) -> Spool:
        """Return the spool itself."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Remove the file."""
        self.delete()

    def delete(self) -> None:
        """Remove the file where it is ours; a second call does nothing."""
        if self.folder:
            self.folder.delete()


class SpoolFolder:
    """A private folder (0700) for one spool file, locked as long as its process lives."""

    def __init__(self, parent: Path) -> None:
        """Make the folder below ``parent``. Raises FeedError (no_room) where it cannot be made."""
        with disk_errors():
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _folder_lock(parent):
                self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
                self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def delete(self) -> None:
        """Remove the folder and all in it."""
        if self._lock >= 0:
            shutil.rmtree(self.path, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1


class SpoolWriter:
    """Writes a spool file, counting and hashing what it is given."""

    def __init__(self, folder: SpoolFolder, limit: int) -> None:
        """Open the file."""
        self.folder = folder
        self.path = folder.path / "feed"
        self.limit = limit
        self.size = 0
        self._hash = hashlib.sha256()
        self._file: BinaryIO = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, data: bytes) -> None:
        """Append ``data``; raise FeedError beyond the limit, or where the disk is full."""
        self.size += len(data)
        check_size(self.size, self.limit)
        self._hash.update(data)
        with disk_errors():
            self._file.write(data)

    def close(self) -> None:
        """Flush and close the file; raise FeedError where the disk is full."""
        with disk_errors():
            self._file.close()

    def spool(self, name: str, etag: str = "", last_modified: str = "", address: str = "") -> Spool:
        """Close the file and return it as a spool, which removes it from now on; see Version for the arguments."""
        self.close()
        version = Version(name, self._hash.hexdigest(), self.size, etag, last_modified, address)
        return Spool(self.path, version, self.limit, folder=self.folder)


@contextlib.contextmanager
def spooling(parent: Path, limit: int) -> Generator[SpoolWriter]:
    """Give a writer for a new spool file below ``parent``; where the block raises, nothing stays behind."""
    folder = SpoolFolder(parent)
    try:
        writer = SpoolWriter(folder, limit)
        try:
            yield writer
        finally:
            writer.close()
    except BaseException:
        folder.delete()
        raise


def check_size(size: int, limit: int) -> None:
    """Raise FeedError where ``size`` bytes are more than ``limit``."""
    if size > limit:
        raise FeedError(
            "too_large", Said("The feed has more than {limit:,} bytes, the most that is accepted.", limit=limit)
        )


def read_blocks(source: IO[bytes]) -> Iterator[bytes]:
    """Yield all that ``source`` has, 4 MB at a time: smaller blocks cost more than they save."""
    while block := source.read(_BLOCK):
        yield block


def digest(source: IO[bytes]) -> tuple[str, int]:
    """Return the SHA-256 and the number of the bytes that ``source`` has."""
    sha256 = hashlib.sha256()
    size = 0
    for block in read_blocks(source):
        sha256.update(block)
        size += len(block)
    return sha256.hexdigest(), size


@contextlib.contextmanager
def disk_errors() -> Generator[None]:
    """Turn an OSError of the spool folder into FeedError (no_room)."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        reason = Said("its disk is full") if full else of_system(error)
        raise FeedError(
            "no_room", Said("The feed could not be kept in the spool folder: {reason}.", reason=reason)
        ) from error


def sweep(parent: Path) -> int:
    """Remove the folders below ``parent`` whose process has ended; return their number.

    A living process holds a lock on its folder. Where ``parent`` does not exist, nothing is done.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), _folder_lock(parent):
        return sum(_remove_abandoned(folder) for folder in parent.glob(f"{_PREFIX}*"))
    return 0


def _remove_abandoned(folder: Path) -> bool:
    """Remove ``folder``, unless a process holds its lock; return whether it was removed."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return not folder.exists()


@contextlib.contextmanager
def _folder_lock(parent: Path) -> Generator[None]:
    """Keep others from making or sweeping folders below ``parent``: a new one has no lock for a moment."""
    lock = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
