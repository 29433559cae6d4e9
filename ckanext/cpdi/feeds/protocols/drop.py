"""A file in the drop folder: copied, so that nobody can change it while it is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.files.spool import Spool, read_blocks
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.attempts import attempt
from ckanext.cpdi.feeds.network.copying import State, copy_file
from ckanext.cpdi.feeds.network.deadline import Deadline
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.protocol import Protocol

PREFIX = "drop:"


class Drop(Protocol):
    """``drop:NAME`` for a file in the folder that the operator set."""

    name = "drop"
    example = "drop:calls.csv.gz"

    def takes(self, location: str) -> bool:
        """Take what begins with ``drop:``."""
        return location.startswith(PREFIX)

    def check(self, location: str) -> None:
        """Refuse a name that leads out of the folder."""
        name = PurePosixPath(location.removeprefix(PREFIX))
        if not name.name or "\0" in str(name) or name.is_absolute() or ".." in name.parts:
            raise FeedError(
                "refused", "drop: is followed by the name of a file in the drop folder, such as drop:calls.csv.gz"
            )

    def fetch(self, location: str, settings: FetchSettings, previous: Version | None) -> Spool:
        """Copy the file; it is compared by its bytes, not by its date, since it is local."""
        name = location.removeprefix(PREFIX)
        with Deadline(settings.deadline_seconds) as deadline:

            def copy_once() -> Spool:
                with open_in(name, settings.drop_dir) as file:
                    return copy_file(_File(PurePosixPath(name).name, file), settings, deadline)

            spool = attempt(copy_once, settings, deadline)
        if previous and previous.sha256 == spool.version.sha256:
            spool.delete()
            raise Unchanged
        return spool


class _File:
    """An open file of the drop folder."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self._file = file

    def state(self) -> State:
        """Return size and time of the opened file, whatever its name points to by now."""
        status = os.fstat(self._file.fileno())
        return State(status.st_size, str(status.st_mtime_ns))

    def blocks(self) -> Iterator[bytes]:
        """Yield the content."""
        return read_blocks(self._file)


def open_in(name: str, folder: Path | None) -> BinaryIO:
    """Open a regular file below the drop folder; raise FeedError where the name, or a link in it, leads elsewhere."""
    if folder is None:
        raise FeedError("refused", "No drop folder is set, so a feed cannot be taken from it.")
    root = folder.resolve()
    try:
        handle = os.open(root / name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FeedError(
            "missing", Said("There is no file of this name in the drop folder: {strerror}.", strerror=of_system(error))
        ) from None
    # The check is of the opened file itself, so a link that changes in between cannot mislead it.
    opened = Path(f"/proc/self/fd/{handle}").readlink()
    if opened.is_relative_to(root) and stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise FeedError("refused", "The feed's location leads out of the drop folder.")
