"""The spool file of an ArcGIS layer: JSON lines, the first with the columns' names, each other one a row.

A line is an object whose keys are the places of the columns: ``{"0":"17","1":"Alarm"}``.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
import polars as pl

from ckanext.cpdi.feeds.batch import LINE, ROWS, TextBatch, check_headers, regroup, rejects, select_columns
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.unpack import unpacked
from ckanext.cpdi.feeds.opening import FeedFormat, Opening
from ckanext.cpdi.feeds.readers.cells import without_surrogates

SUFFIX = ".arcgis"


class Arcgis(FeedFormat):
    """The rows of a layer, as the ArcGIS protocol writes them."""

    name = "arcgis"
    order = 0

    def takes(self, opening: Opening) -> bool:
        """Take the files of the ArcGIS protocol."""
        return opening.spool.name.endswith(SUFFIX)

    def open(self, opening: Opening) -> ArcgisReader:
        """Read the names of the columns."""
        return ArcgisReader(opening.spool)


class ArcgisReader:
    """A fetched layer; ``_line`` is the number of the record in the order of its object ids."""

    def __init__(self, spool: Spool) -> None:
        """Read the names; raise FeedError where they cannot be used."""
        self._spool = spool
        with unpacked(spool) as blocks:
            first = next(_complete_lines(blocks), b"").partition(b"\n")[0]
        try:
            names = msgspec.json.decode(first, type=dict[str, str])
        except msgspec.MsgspecError:
            raise _damaged() from None
        self.headers = check_headers(list(names.values()))

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield the records in batches of at most ``rows``; raise FeedError where the file is damaged."""
        yield from regroup(self._parts(select_columns(self.headers, columns)), rows)

    def _parts(self, columns: tuple[str, ...]) -> Iterator[TextBatch]:
        """Yield a batch for each block of the file."""
        schema = {str(self.headers.index(name)): pl.String for name in columns}
        number = 0
        with unpacked(self._spool) as blocks:
            for lines in _complete_lines(blocks):
                try:
                    frame = pl.read_ndjson(io.BytesIO(lines), schema=schema)
                except pl.exceptions.PolarsError:
                    raise _damaged() from None
                frame.columns = list(columns)
                numbers = pl.Series(LINE, range(number, number + frame.height), pl.UInt32)
                number += frame.height
                # Record 0 holds the names.
                yield TextBatch(frame.with_columns(numbers).filter(pl.col(LINE) > 0), rejects())


def write_row(cells: Sequence[str | None]) -> bytes:
    """Return a row, or the names, as a line of the spool file."""
    row = {str(place): cell for place, cell in enumerate(cells)}
    try:
        return msgspec.json.encode(row) + b"\n"
    except UnicodeEncodeError:
        return msgspec.json.encode({place: without_surrogates(cell) for place, cell in row.items()}) + b"\n"


def _complete_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the blocks, cut after line ends."""
    rest = b""
    for block in blocks:
        lines, end, rest = (rest + block).rpartition(b"\n")
        if end:
            yield lines + end
    if rest:
        raise _damaged()


def _damaged() -> FeedError:
    return FeedError("unreadable", "The file of the fetched layer is damaged.")
