"""A file of an fsspec file system, as a ``StoredFile`` that can be copied.

A protocol brings the file system, connected to an address that was checked, under a deadline; the checks of the copy
are the same for all.
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

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import read_blocks
from ckanext.cpdi.feeds.network.copying import State

SETTLED = timedelta(minutes=10)
"""Age, by our clock, from which a file's time identifies one content: stores count whole seconds, so a new file may be
written again under the same time, and their clocks differ from ours."""


class RemoteFile:
    """The file at ``path`` of an fsspec file system."""

    def __init__(self, files: AbstractFileSystem, path: str) -> None:
        """Keep both; the server is not called yet."""
        self.name = PurePosixPath(path).name
        self._files, self._path = files, path

    def state(self) -> State:
        """Return size and time; raise FeedError (refused) for a folder, a pipe and the like."""
        info: dict[str, Any] = self._files.info(self._path)
        if info.get("type") != "file" or info.get("size") is None:
            raise FeedError(
                "refused", Said("{name} is no file on the server, but a folder or something else.", name=self.name)
            )
        changed = info.get("mtime")
        return State(int(info["size"]), changed.isoformat() if changed else "")

    def blocks(self) -> Iterator[bytes]:
        """Yield the content in blocks, each fetched when it is needed."""
        with self._files.open(self._path, "rb") as file:
            yield from read_blocks(cast("IO[bytes]", file))


def version_of(state: State) -> str:
    """Return a name for this state, to compare with later; empty where another state could have the same time."""
    if not state.stamp or datetime.now(UTC) - datetime.fromisoformat(state.stamp) < SETTLED:
        return ""
    return f"{state.stamp}-{state.size}"
