"""Makes the columnar file of a version with flat memory; years that did not change come from the file before.

In: the table in one transaction, and the folder of its files. Out: batches of columns, in the order of the downloads.
"""

# pyarrow has no type stubs: what it returns is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
import polars as pl
import pyarrow as pa
from msgspec import structs

from ckanext.cpdi.declare import Table
from ckanext.cpdi.errors import Said
from ckanext.cpdi.publish.columnar import shelf
from ckanext.cpdi.publish.columnar.grid import cells
from ckanext.cpdi.publish.columnar.open import DAMAGED, YEARS, ZONE, open_file
from ckanext.cpdi.publish.rows.columns import schema
from ckanext.cpdi.publish.rows.offset import instants
from ckanext.cpdi.publish.rows.row_id import ROW_ID
from ckanext.cpdi.publish.rows.source import BATCH, Source, State
from ckanext.cpdi.publish.rows.spool import Spool
from ckanext.cpdi.query import columnar
from ckanext.cpdi.query import columns as names

CODES = 50_000
"""Values that a text may have to be kept as codes, in the order of their bytes; another is kept as it is."""
GROUP = 128_000
"""Rows of a batch of the file."""


class WrongCountError(RuntimeError):
    """The rows read are not as many as the store says."""


def make(source: Source, table: Table, state: State, zone: str, path: Path, home: Path) -> None:
    """Write the rows of ``table`` to ``path``, with working files beside it; files before lie in ``home``.

    Raises WrongCountError where the rows are not those of ``state``.
    """
    spool = Spool(path.parent / "columnar-rows")
    values, rows = _fill(spool, _batches(source, table, state, zone, home), table)
    if rows != state.rows:
        raise WrongCountError(
            Said(
                "{resource_id}: {rows} rows read, the store says {rows2}",
                resource_id=state.resource_id,
                rows=rows,
                rows2=state.rows,
            )
        )
    kinds = {name: pl.Enum(sorted(texts)) for name, texts in values.items()}
    years = msgspec.json.encode({str(year.year): year.version for year in state.years}).decode()
    with pa.OSFile(str(path), "wb") as file:
        writer = None
        for frame in _groups(spool.frames()):
            coded = frame.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())
            columns = coded.to_arrow(compat_level=pl.CompatLevel.newest())
            columns = columns.replace_schema_metadata({ZONE: zone, YEARS: years}).combine_chunks()
            writer = writer or pa.ipc.new_file(file, columns.schema)
            writer.write_table(columns)
        if writer is not None:
            writer.close()


def _fill(spool: Spool, batches: Iterator[pl.DataFrame], table: Table) -> tuple[dict[str, set[str]], int]:
    """Keep ``batches``; return the values of each text that has few, and the number of rows."""
    values = {
        field.name: set[str]() for field in table.fields if field.type == "string" and not field.constraints.unique
    }
    rows = 0
    for batch in spool.fill(batches):
        rows += batch.height
        for name in list(values):
            values[name].update(batch[name].unique().drop_nulls())
            if len(values[name]) > CODES:
                del values[name]
    return values, rows


def _groups(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the rows of ``frames`` in batches of the file, of which there is at least one."""
    held = [next(frames)]
    for frame in frames:
        if sum(part.height for part in held) >= GROUP:
            yield pl.concat(held, rechunk=True)
            held = []
        held.append(frame)
    yield pl.concat(held, rechunk=True)


def _batches(source: Source, table: Table, state: State, zone: str, home: Path) -> Iterator[pl.DataFrame]:
    """Yield a batch without rows, and then the rows, with the columns that are reckoned of them."""
    wide = structs.replace(table, fields=(ROW_ID, *table.fields))
    made = [*_clocks(table, zone), *cells(table)]
    before = _Before.of(table, state, zone, home)
    years: list[int | None] = [year.year for year in state.years]
    if sum(year.rows for year in state.years) != state.rows:  # some rows have no year
        years = [None]

    def read(year: int | None) -> Iterator[pl.DataFrame]:
        rows = source.batches(wide, state.resource_id, zone, year)
        for batch in chain([pl.DataFrame(schema=schema(wide, "UTC"))], rows):
            utc = batch.with_columns(pl.col(field.name).dt.convert_time_zone("UTC") for field in instants(table))
            yield utc.rename({ROW_ID.name: names.ROW_ID}).with_columns(pl.col(names.ROW_ID).cast(pl.Int32), *made)

    for year in years or [None]:
        yield from before.batches(table, year) if year in before.years else read(year)


class _Before(NamedTuple):
    """The file before, and the ``years`` of which it has the rows as they are now."""

    frame: pl.DataFrame
    years: list[int]

    @classmethod
    def of(cls, table: Table, state: State, zone: str, home: Path) -> Self:
        """Return the file before; without years where it is none, or where rows have no year."""
        pattern = shelf.path_of(home, "*", table, zone).name
        path = max(home.glob(pattern), default=None)
        if path is None or sum(year.rows for year in state.years) != state.rows:
            return cls(pl.DataFrame(), [])
        try:
            file = open_file(path)
        except DAMAGED:
            return cls(pl.DataFrame(), [])
        rows = dict(file.frame.group_by(_year(table)).len().iter_rows())
        same = [year.year for year in state.years if file.years.get(str(year.year)) == year.version]
        right = [year.year for year in state.years if rows.get(year.year) == year.rows]
        return cls(file.frame, [year for year in same if year in right])

    def batches(self, table: Table, year: int) -> Iterator[pl.DataFrame]:
        """Yield the rows of ``year``, which lie together."""
        texts = [pl.col(field.name).cast(pl.String) for field in table.fields if field.type == "string"]
        years = self.frame.select(_year(table)).to_series()
        rows = self.frame.slice(int((years < year).sum()), int((years == year).sum()))
        for part in rows.iter_slices(BATCH):
            yield part.with_columns(texts)


def _year(table: Table) -> pl.Expr:
    """Return the year of a row of a file."""
    time = table.time_field
    return pl.col(time.name).dt.year() if time.type == "date" else pl.col(columnar.local(time.name, "month")) // 12


def _clocks(table: Table, zone: str) -> Iterator[pl.Expr]:
    """Yield the parts of each instant by the clock of ``zone``."""
    for field in instants(table):
        wall = pl.col(field.name).dt.convert_time_zone(zone).dt.replace_time_zone(None)
        month = wall.dt.year().cast(pl.Int32) * 12 + wall.dt.month().cast(pl.Int32) - 1
        yield wall.dt.date().alias(columnar.local(field.name, "date"))
        yield wall.dt.hour().cast(pl.UInt8).alias(columnar.local(field.name, "hour"))
        yield (wall.dt.weekday() % 7).cast(pl.UInt8).alias(columnar.local(field.name, "weekday"))
        yield month.alias(columnar.local(field.name, "month"))
