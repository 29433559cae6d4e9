"""Reads the spool file of an ArcGIS layer: JSON lines, the first with the columns' names, each other one a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ckanext.cpdi.feeds.batch import Batch, check_headers
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.readers.rows import Row, batches
from ckanext.cpdi.feeds.spool import Spool
from ckanext.cpdi.feeds.unpack import unpacked

SUFFIX = ".arcgis"
_DECODER: msgspec.json.Decoder[list[str | None]] = msgspec.json.Decoder(list[str | None])


class ArcgisReader:
    """A layer that was fetched; ``_line`` is the number of the record in the order of its object ids."""

    def __init__(self, spool: Spool) -> None:
        """Read the names; raise FeedError where they are not to be used."""
        self._spool = spool
        with unpacked(spool) as blocks:
            names = next(_rows(blocks), [""])
        self.headers = check_headers([name or "" for name in names])

    def batches(self, rows: int = 100_000) -> Iterator[Batch]:
        """Yield the records in batches of at most ``rows``."""
        with unpacked(self._spool) as blocks:
            stream = _rows(blocks)
            next(stream)
            yield from batches(self.headers, enumerate(stream, start=1), rows)


def write_row(cells: Row) -> bytes:
    """Return a row, or the names, as a line of the spool file."""
    return msgspec.json.encode(cells) + b"\n"


def _rows(blocks: Iterable[bytes]) -> Iterator[list[str | None]]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            try:
                yield _DECODER.decode(line)
            except msgspec.MsgspecError:
                raise FeedError("unreadable", "The file of the fetched layer is damaged.") from None
    if rest:
        raise FeedError("truncated", "The file of the fetched layer breaks off.")
