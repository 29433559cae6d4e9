"""Text columns of a format that is expensive to parse: written once to a temporary file, read several times.

The file has no name and lies in the folder of the spool; the kernel removes it with its process, however that ends.
"""

from __future__ import annotations

import io
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator

import polars as pl

from ckanext.cpdi.feeds.files.spool import Spool, disk_errors


class FrameFile:
    """Frames in a file; their columns may differ."""

    def __init__(self, spool: Spool) -> None:
        """Make the file; raise FeedError (no_room) where it cannot be made."""
        with disk_errors():
            folder = spool.folder.path if spool.folder else None
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  it lives as long as the feed is read
        self._places: list[tuple[int, int, frozenset[str]]] = []
        self._end = 0
        weakref.finalize(self, self._file.close)

    def add(self, frame: pl.DataFrame) -> None:
        """Append a frame; raise FeedError (no_room) where the disk is full."""
        packed = io.BytesIO()
        frame.write_ipc_stream(packed, compression="lz4")
        with disk_errors():
            self._file.write(packed.getbuffer())
        size = packed.tell()
        self._places.append((self._end, size, frozenset(frame.columns)))
        self._end += size

    def frames(self, columns: Iterable[str]) -> Iterator[pl.DataFrame]:
        """Yield the frames in their order with these columns, all of them texts; null where a frame lacks one."""
        names = list(columns)
        with disk_errors():
            self._file.flush()
        for start, size, stored in self._places:
            present = [name for name in names if name in stored]
            packed = os.pread(self._file.fileno(), size, start)
            frame = pl.read_ipc_stream(io.BytesIO(packed), columns=present)
            missing = [pl.lit(None, pl.String).alias(name) for name in names if name not in stored]
            yield frame.with_columns(missing).select(names)
