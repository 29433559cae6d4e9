"""Writing a frame of texts as the CSV of an export."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import IO, cast

import polars as pl


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write ``frame`` to ``path``, or none of it: a temporary name is renamed at the end; ``.gz`` compresses.

    The compressed bytes carry no time, so that equal frames give equal files.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.suffix == ".gz":
            with unfinished.open("wb") as raw, gzip.GzipFile("", "wb", 3, raw, mtime=0) as packed:
                frame.write_csv(cast(IO[bytes], packed))
        else:
            frame.write_csv(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
