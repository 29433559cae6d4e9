"""What changed in a table since a version or a day: the rows as they stand now, and the ids of those that left.

In: the table and the store's public views, through the role that may only read, in one transaction. Out: pages of
records for the API, frames for files. No row as it was before, and no reason why one left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from psycopg import sql

from ckanext.cpdi.declare import Dataset, Profile, Table
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.rows.row_id import with_ids
from ckanext.cpdi.publish.rows.since import Since, resolve
from ckanext.cpdi.publish.rows.source import Source, State
from ckanext.cpdi.publish.site import Site

if TYPE_CHECKING:
    import polars as pl

Record = dict[str, Any]

_IDS = 50_000
"""Ids of removed rows that are read at once."""


@dataclass(frozen=True)
class Page:
    """``rows`` as records of the DataStore API and the ids of ``removed`` rows, both in the order of ids; ``last`` is
    the id after which the next page begins, None at the end.
    """

    rows: list[Record]
    removed: list[int]
    last: int | None


@dataclass(frozen=True)
class Changes:
    """What changed in ``dataset`` since ``since``, as ``source`` sees it; ``profile`` has the table's zone."""

    source: Source
    dataset: Dataset
    state: State
    since: Since
    profile: Profile
    now: datetime

    @classmethod
    def of(cls, source: Source, dataset: Dataset, since: str, profile_in: Callable[[str], Profile]) -> Changes | None:
        """Return the changes since ``since`` (a version, a day, or empty for everything); None where there is no table.

        ``profile_in`` gives the profile for the zone of a table. Raises SinceError where ``since`` cannot be used.
        """
        state = source.state(dataset.name)
        if state is None:
            return None
        now, profile = source.now(), profile_in(state.zone)
        return cls(source, dataset, state, resolve(source, dataset.name, since, profile.zone, now), profile, now)

    @property
    def removed_until(self) -> date:
        """The day up to which removals are listed: the Monday of the present week, when the last batch came."""
        today = self.now.astimezone(self.profile.zone).date()
        return today - timedelta(days=today.weekday())

    def page(self, after: int, limit: int) -> Page:
        """Return the ``limit`` changes that follow the id ``after``."""
        cursor = self.source.connection.execute(self._page_query(), self._values | {"after": after, "limit": limit + 1})
        lines = cursor.fetchall()
        more, lines = len(lines) > limit, lines[:limit]
        rows = [json.loads(record) for _, gone, record in lines if not gone and record is not None]
        return Page(rows, [int(id_) for id_, gone, _ in lines if gone], int(lines[-1][0]) if more else None)

    def extract(self, site: Site) -> Extract:
        """Return the current rows as a part, with their ids, that a format can stream while the transaction is open."""
        dataset = with_ids(self.dataset)
        batches: Callable[[], Iterator[pl.DataFrame]] = partial(
            self.source.read, dataset.rows, self.profile.time_zone, self._rows()
        )
        return Extract(dataset, self.profile, site, self.state.version, self.state.published_at, None, 0, batches)

    def removed(self) -> Iterator[list[int]]:
        """Yield the ids of removed rows, in their order, some thousand at a time."""
        if self.since.everything:
            return
        query = (
            "SELECT id FROM public._cpdi_change WHERE dataset = %(dataset)s AND at > %(at)s AND gone AND id > %(after)s"
            " ORDER BY id LIMIT %(limit)s"
        )
        after = 0
        while ids := self.source.connection.execute(query, self._values | {"after": after, "limit": _IDS}).fetchall():
            yield [int(row_id) for (row_id,) in ids]
            after = int(ids[-1][0])

    @property
    def _values(self) -> dict[str, Any]:
        return {"dataset": self.dataset.name, "at": self.since.at}

    @property
    def _table(self) -> sql.Identifier:
        return sql.Identifier("public", self.state.resource_id)

    def _page_query(self) -> sql.Composed:
        """Return the query of a page: id, whether the row is gone, its record."""
        moved = sql.SQL(
            "SELECT id, gone FROM public._cpdi_change WHERE dataset = %(dataset)s AND at > %(at)s AND id > %(after)s"
            " ORDER BY id LIMIT %(limit)s"
        )
        if self.since.everything:
            moved = sql.SQL(
                "SELECT _id AS id, false AS gone FROM {} WHERE _id > %(after)s ORDER BY _id LIMIT %(limit)s"
            ).format(self._table)
        return sql.SQL(
            "WITH moved AS MATERIALIZED ({moved}) SELECT moved.id, moved.gone, record.record FROM moved"
            " LEFT JOIN LATERAL (SELECT row_to_json(one)::text AS record FROM"
            " (SELECT {columns} FROM {table} WHERE _id = moved.id AND NOT moved.gone) AS one) AS record ON true"
            " ORDER BY moved.id"
        ).format(moved=moved, columns=_columns(self.dataset.rows), table=self._table)

    def _rows(self) -> sql.Composable:
        """Return the rows that changed, as what follows FROM."""
        if self.since.everything:
            return sql.SQL("{} ORDER BY _id").format(self._table)
        return sql.SQL(
            "(SELECT id AS _moved FROM public._cpdi_change WHERE dataset = {} AND at > {} AND NOT gone) AS moved"
            " JOIN {} ON _id = _moved ORDER BY _id"
        ).format(sql.Literal(self.dataset.name), sql.Literal(self.since.at), self._table)


def _columns(table: Table) -> sql.Composed:
    """Return the columns of a record, as the DataStore API has them."""
    return sql.SQL(", ").join(map(sql.Identifier, ["_id", *(field.name for field in table.fields)]))
