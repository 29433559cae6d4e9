"""Maps a columnar file into memory: pages of the disk that all processes share, read when they are asked for."""

# pyarrow has no type stubs: what it returns is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import ctypes
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import msgspec
import polars as pl
import pyarrow as pa

ZONE = "zone"
"""The key of the metadata that names the zone of the columns of local times."""
YEARS = "years"
"""The key of the versions of the years."""
DAMAGED: tuple[type[Exception], ...] = (pa.ArrowException, OSError)
_advise = ctypes.CDLL(None).madvise
_advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


@dataclass(frozen=True)
class Columnar:
    """The rows of a version, the zone by whose clock its local times are, and the version of each year."""

    frame: pl.DataFrame
    zone: str
    years: dict[str, str]
    pages: Any
    """The whole file as a buffer of Arrow's."""

    def let_go(self) -> None:
        """Give back the memory of what was read: it is there again when it is asked for, from the disk's cache."""
        _advise(self.pages.address, self.pages.size, mmap.MADV_DONTNEED)


def open_file(path: Path) -> Columnar:
    """Map the file ``path``. Raises one of :data:`DAMAGED` where it is gone, or no such file."""
    with pa.memory_map(str(path)) as source:
        pages = source.read_buffer()
        with pa.ipc.open_file(pages) as file:
            columns = file.read_all()
    said = columns.schema.metadata or {}
    years = msgspec.json.decode(said.get(YEARS.encode(), b"{}"), type=dict[str, str])
    frame = cast("pl.DataFrame", pl.from_arrow(columns, rechunk=False))
    return Columnar(frame, said.get(ZONE.encode(), b"").decode(), years, pages)
