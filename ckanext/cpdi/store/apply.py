"""Writes a run's plan into the table: rows leave, change in place, and come with new ids; then the state follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl
from psycopg import sql

from ckanext.cpdi.store import catalogue, state
from ckanext.cpdi.store.catalogue import Entry
from ckanext.cpdi.store.compare import Plan
from ckanext.cpdi.store.errors import StoreError
from ckanext.cpdi.store.session import Connection
from ckanext.cpdi.store.shape import Shape
from ckanext.cpdi.store.stage import STAGE, Stage

_LAST_ID = 2**31 - 1


@dataclass(frozen=True)
class Work:
    """What the writing needs: the run's connection, the dataset's entry, the table's shape, the staged rows."""

    connection: Connection
    entry: Entry
    shape: Shape
    stage: Stage
    zone: str

    def run(self, plan: Plan, *, first_load: bool) -> dict[int, int]:
        """Do what the plan says; return by how many rows each touched year grew.

        Rows leave before others come, since a row that comes back may bring the same unique value.
        """
        self.stage.drop(plan.losers["_row"])
        going = plan.leaving["_id"].to_list()
        moved = Counter[int]()
        moved.subtract(self._years([*going, *plan.changed["_id"].to_list()]))
        fresh = self._with_ids(plan.fresh)
        moved.update(_count_years([fresh, plan.changed]))
        number, source = self.entry.number, state.DELTA
        delta = pl.concat(
            [_delta(fresh, fresh=True), _delta(plan.changed, fresh=False), _delta(plan.gone, fresh=False)]
        )
        if first_load:
            source = state.table_of(number)
            state.fill(self.connection, number, _delta(fresh, fresh=True))
            delta = _delta(plan.gone, fresh=False)
        state.stage(self.connection, delta)
        self._delete(going)
        self._update(plan.changed.height)
        self._insert(source, fresh.height)
        state.merge(self.connection, number)
        return dict(moved)

    def _years(self, ids: list[int]) -> dict[int, int]:
        """Return the rows by year that these rows of the table have until now."""
        if not ids:
            return {}
        return catalogue.count_years(self.connection, self.shape.name, self.shape.table.time_field, self.zone, ids)

    def _with_ids(self, fresh: pl.DataFrame) -> pl.DataFrame:
        """Return the new rows with new ids, which follow the keyed hash and so tell no time."""
        last = self.entry.last_id + fresh.height
        if last > _LAST_ID:
            raise StoreError("the table has used up its row ids")
        catalogue.write(self.connection, self.entry.number, {"last_id": last})
        ids = pl.int_range(pl.len(), dtype=pl.Int64) + self.entry.last_id + 1
        return fresh.sort("_key").with_columns(ids.alias("_id"))

    def _delete(self, ids: list[int]) -> None:
        if ids:
            query = sql.SQL("DELETE FROM {} WHERE _id = ANY(%s)").format(self.shape.name)
            _expect(self.connection.execute(query, (ids,)).rowcount, len(ids))

    def _update(self, rows: int) -> None:
        """Rewrite the rows that changed, words included, in place."""
        if not rows:
            return
        fields = self.shape.table.fields
        setting = [sql.SQL("{} = {}").format(sql.Identifier(one.name), self.stage.value(one)) for one in fields]
        words = self.stage.words
        words.write(self.connection)
        query = sql.SQL(
            "UPDATE {table} AS old SET _full_text = {words}, {setting} FROM {delta} AS delta JOIN {stage} AS rows"
            " ON rows._key = delta.key{joins} WHERE NOT delta.fresh AND old._id = delta.id"
        ).format(
            table=self.shape.name,
            words=words.vector,
            setting=sql.SQL(", ").join(setting),
            delta=state.DELTA,
            stage=STAGE,
            joins=words.joins,
        )
        _expect(self.connection.execute(query).rowcount, rows)

    def _insert(self, source: sql.Identifier, rows: int) -> None:
        """Write the new rows under the ids that ``source`` has for their keys."""
        if not rows:
            return
        fields = self.shape.table.fields
        words = self.stage.words
        words.write(self.connection)
        query = sql.SQL(
            "INSERT INTO {table} (_id, _full_text, {columns}) SELECT keys.id, {words}, {values} FROM {stage} AS rows"
            " JOIN {source} AS keys ON keys.key = rows._key{fresh}{joins}"
        ).format(
            table=self.shape.name,
            columns=sql.SQL(", ").join(sql.Identifier(one.name) for one in fields),
            words=words.vector,
            values=sql.SQL(", ").join(self.stage.value(one) for one in fields),
            stage=STAGE,
            source=source,
            fresh=sql.SQL(" AND keys.fresh" if source is state.DELTA else ""),
            joins=words.joins,
        )
        _expect(self.connection.execute(query).rowcount, rows)


def _delta(rows: pl.DataFrame, *, fresh: bool) -> pl.DataFrame:
    """Return rows as DELTA takes them; those of the feed have no day of return."""
    if "due" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.Date).alias("due"))
    return rows.select(*state.STATE).with_columns(pl.lit(fresh).alias("fresh"))


def _count_years(frames: list[pl.DataFrame]) -> dict[int, int]:
    """Return the rows by year of the published time."""
    years = pl.concat([frame["_year"] for frame in frames]).drop_nulls().value_counts()
    return {int(year): int(rows) for year, rows in years.iter_rows()}


def _expect(found: int, wanted: int) -> None:
    """Raise StoreError where the table is not as the state says."""
    if found != wanted:
        raise StoreError("the table was changed by another hand; run again, and it will be put right")
