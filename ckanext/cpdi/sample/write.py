"""Writing a frame of texts as the CSV of an export."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO, cast

import polars as pl

from ckanext.cpdi.whole_file import written


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write ``frame`` to ``path``, or none of it; ``.gz`` compresses.

    The compressed bytes carry no time, so that equal frames give equal files.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path) as unfinished:
        if path.suffix == ".gz":
            with unfinished.open("wb") as raw, gzip.GzipFile("", "wb", 3, raw, mtime=0) as packed:
                frame.write_csv(cast(IO[bytes], packed))
        else:
            frame.write_csv(unfinished)
