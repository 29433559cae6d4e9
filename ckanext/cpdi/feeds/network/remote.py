"""A file of a store that fsspec knows, as something that can be copied.

A protocol brings the file system, connected to an address that was checked, within a deadline that cuts it; what is
proven of the copy is the same for all.
"""

# fsspec comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import IO, Any, cast

from fsspec import AbstractFileSystem

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import read_blocks
from ckanext.cpdi.feeds.network.copying import State

SETTLED = timedelta(minutes=10)
"""How old, by our own clock, a file's time has to be to stand for one content alone: stores count seconds, what was
written just now may be written again within one, and their clocks are not ours."""


class RemoteFile:
    """The file at ``path`` of an fsspec file system."""

    def __init__(self, files: AbstractFileSystem, path: str) -> None:
        """Keep both; nothing is asked yet."""
        self.name = PurePosixPath(path).name
        self._files, self._path = files, path

    def state(self) -> State:
        """Return size and time; raise FeedError (refused) for a folder, a pipe and the like."""
        found: dict[str, Any] = self._files.info(self._path)
        if found.get("type") != "file" or found.get("size") is None:
            raise FeedError("refused", f"{self.name} is no file on the server, but a folder or something else.")
        changed = found.get("mtime")
        return State(int(found["size"]), changed.isoformat() if changed else "")

    def blocks(self) -> Iterator[bytes]:
        """Yield the content, each block asked for when the one before was taken."""
        with self._files.open(self._path, "rb") as file:
            yield from read_blocks(cast("IO[bytes]", file))


def version_of(state: State) -> str:
    """Return what to call this state when it is asked for again; empty where it may not be the only one of its time."""
    if not state.stamp or datetime.now(UTC) - datetime.fromisoformat(state.stamp) < SETTLED:
        return ""
    return f"{state.stamp}-{state.size}"
