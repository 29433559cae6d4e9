"""Feeds as files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds import Spool, local, open_feed
from ckanext.cpdi.feeds.files.spool import DEFAULT_LIMIT


@dataclass
class Table:
    """All that a feed gave."""

    headers: tuple[str, ...]
    frame: pl.DataFrame
    rejects: pl.DataFrame
    batches: int

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        return self.frame.drop("_line").rows() if self.frame.width else []

    @property
    def lines(self) -> list[int]:
        return self.frame["_line"].to_list() if self.frame.width else []

    @property
    def rejected(self) -> list[tuple[int, str]]:
        return self.rejects.select("line", "reason").rows()


@dataclass
class Reading:
    """Reads bytes, or a spool, as a feed."""

    folder: Path
    count: int = field(default=0)

    def spool(self, content: bytes, name: str = "feed.csv", limit: int = DEFAULT_LIMIT) -> Spool:
        self.count += 1
        path = self.folder / str(self.count) / name
        path.parent.mkdir()
        path.write_bytes(content)
        return local(path, limit)

    def __call__(self, feed: bytes | Spool, name: str = "feed.csv", rows: int = 100_000, **written: Any) -> Table:
        spool = feed if isinstance(feed, Spool) else self.spool(feed, name)
        reader = open_feed(spool, Feed(**{"final_newline": "optional", **written}))
        batches = list(reader.batches(rows))
        empty = pl.DataFrame(schema={"line": pl.UInt32, "reason": pl.String})
        return Table(
            reader.headers,
            pl.concat([one.frame for one in batches]) if batches else pl.DataFrame(),
            pl.concat([one.rejects for one in batches]) if batches else empty,
            len(batches),
        )
