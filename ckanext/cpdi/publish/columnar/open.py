"""Maps a columnar file into memory: pages of the disk that all processes share, read when they are asked for."""

# pyarrow has no type stubs: what it returns is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import polars as pl
import pyarrow as pa

ZONE = "zone"
"""The key of the metadata that names the zone of the columns of local times."""
YEARS = "years"
"""The key of the versions of the years."""
DAMAGED: tuple[type[Exception], ...] = (pa.ArrowException, OSError)


@dataclass(frozen=True)
class Columnar:
    """The rows of a version, the zone by whose clock its local times are, and the version of each year."""

    frame: pl.DataFrame
    zone: str
    years: dict[str, str]


def open_file(path: Path) -> Columnar:
    """Map the file ``path``. Raises one of :data:`DAMAGED` where it is gone, or no such file."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
        columns = file.read_all()
    said = columns.schema.metadata or {}
    years = msgspec.json.decode(said.get(YEARS.encode(), b"{}"), type=dict[str, str])
    frame = cast("pl.DataFrame", pl.from_arrow(columns, rechunk=False))
    return Columnar(frame, said.get(ZONE.encode(), b"").decode(), years)
