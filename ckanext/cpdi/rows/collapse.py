"""One record of several rows of a feed: persons, officers or charges of one incident.

In: a batch whose rows are read and derived, those of one record under one line number. Out: a batch of records. A
record has the privacy classes of all of its rows, and is withheld where one of them is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.batch import Batch, Position
from ckanext.cpdi.rows.identity.records import Records
from ckanext.cpdi.rows.masking.mask import ADULT
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.verdicts import Rows, truths

DIFFER = "rows_differ"
"""The flag of a record whose rows do not agree in a column that the profile says nothing of."""
_AND = "; "

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """Which rows make which record. ``order``: places of the rows, record by record, each in the feed's order;
    ``starts``: where in it each record begins; ``record``: of each row of ``order``, the place of its record.
    """

    order: Places
    starts: Places
    record: Places

    @classmethod
    def of(cls, batch: Batch) -> Groups:
        """Return the groups of a batch; a row in quarantine is none of a record."""
        lines = batch.lines.cast(pl.Int64).to_numpy()
        alone = batch.verdicts.have_outcome("quarantined")
        groups = np.where(alone, -1 - np.arange(batch.height), lines)
        _, first, group = np.unique(groups, return_index=True, return_inverse=True)
        # Records stand in the order of the feed, as their first rows do.
        first_of_row = first[group]
        order = np.argsort(first_of_row, kind="stable")
        begins = np.append(True, first_of_row[order][1:] != first_of_row[order][:-1])[: batch.height]
        return cls(order, np.flatnonzero(begins), np.cumsum(begins) - 1)

    @property
    def record_of_row(self) -> Places:
        """Of each row of the batch, the place of its record."""
        records = np.empty_like(self.order)
        records[self.order] = self.record
        return records

    def first(self, rows: Rows) -> Places:
        """Return the place of the first of ``rows`` in each record, -1 where it has none."""
        places = np.where(rows[self.order], np.arange(len(self.order)), len(self.order))
        firsts = np.minimum.reduceat(places, self.starts)
        return np.where(firsts < len(self.order), self.order[np.minimum(firsts, len(self.order) - 1)], -1)

    def greatest(self, values: npt.NDArray[np.int64]) -> Places:
        """Return the place of the row with the greatest value in each record, the first of several."""
        best = np.maximum.reduceat(values[self.order], self.starts)
        return self.first_of(values, best)

    def first_of(self, values: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> Places:
        """Return the first row of each record whose value is the ``wanted`` one."""
        matches = np.empty(len(self.order), dtype=bool)
        matches[self.order] = values[self.order] == wanted[self.record]
        return self.first(matches)

    def some(self, rows: Rows) -> Rows:
        """Return the records that have one of ``rows``."""
        return np.logical_or.reduceat(rows[self.order], self.starts)


@dataclass(frozen=True)
class Collapsed:
    """``batch``: of records in place of rows; ``records``: what identifies them; ``record_of_row``: of each row, the
    place of its record; ``placed``: of each record, the row that says where it is.
    """

    batch: Batch
    records: Records
    record_of_row: Places
    placed: Places


def collapse(plan: Plan, batch: Batch, records: Records) -> Collapsed:
    """Return the records that the rows of ``batch`` make."""
    groups = Groups.of(batch)
    if len(groups.starts) == batch.height:
        return Collapsed(batch, records, groups.record_of_row, np.arange(batch.height))
    leading = groups.order[groups.starts]
    made = Batch(
        lines=batch.lines.gather(leading),
        verdicts=batch.verdicts.collapsed(groups.order, groups.starts),
        columns={},
        classes=np.bitwise_or.reduceat(batch.classes[groups.order], groups.starts),
        position=_position(batch, groups),
        opened_shows=batch.opened_shows[_place_or(groups.first(_filled(batch, plan.table.time)), leading)],
        closed_dated=groups.some(batch.closed_dated),
        unreadable={name: groups.some(rows) for name, rows in batch.unreadable.items()},
    )
    columns = _Columns(plan, batch, groups)
    made.columns |= {name: columns.collapse(name) for name in batch.columns}
    made.verdicts.flag(columns.differing, DIFFER)
    numbers, keys = (_gather(series, leading) for series in (records.numbers, records.keys))
    identified = Records(numbers, keys, groups.some(records.odd))
    return Collapsed(made, identified, groups.record_of_row, _where(batch, groups))


class _Columns:
    """Collapses the columns of a batch, each by its rule."""

    def __init__(self, plan: Plan, batch: Batch, groups: Groups) -> None:
        self._plan = plan
        self._batch = batch
        self._groups = groups
        self._rules = _rules(plan, batch)
        self._published = {field.column for field in plan.table.fields}
        self.differing = np.zeros(len(groups.starts), dtype=bool)
        """The records whose rows do not agree where they should."""

    def collapse(self, name: str) -> pl.Series:
        """Return a column of the records."""
        group = name.partition(".")[0]
        rule = self._rules.get(name) or self._rules.get(group, "same")
        return _RULES[rule](self, name, group)

    def first(self, name: str, _group: str) -> pl.Series:
        """The first text of the record's rows that is not empty."""
        return _gather(self._batch.columns[name], self._groups.first(_filled(self._batch, name)))

    def latest(self, name: str, _group: str) -> pl.Series:
        """The greatest value."""
        column = self._batch.columns[name]
        ranks = column.rank("dense").cast(pl.Int64).fill_null(-1).to_numpy()
        return _gather(column, self._groups.greatest(ranks))

    def any(self, name: str, _group: str) -> pl.Series:
        """Yes, where one row says so; no where none does, and empty where none says anything."""
        column = self._batch.columns[name]
        yes, filled = self._groups.some(truths(column)), self._groups.some(_filled(self._batch, name))
        return pl.Series(yes).set(pl.Series(~filled), None)

    def list(self, name: str, group: str) -> pl.Series:
        """All different texts; of a code what else its list says is that of the strictest."""
        column = self._batch.columns[name]
        if column.dtype != pl.String or name in (f"{group}.category", f"{group}.reason", f"{group}.source"):
            return self.strictest(name, group)
        ordered = column.gather(self._groups.order)
        texts = pl.DataFrame({"record": self._groups.record, "text": ordered}).drop_nulls("text")
        different = pl.col("text").unique(maintain_order=True)
        joined = texts.group_by("record", maintain_order=True).agg(different.str.join(_AND))
        every = pl.DataFrame({"record": np.arange(len(self._groups.starts))})
        return every.join(joined, on="record", how="left", maintain_order="left")["text"]

    def strictest(self, name: str, group: str) -> pl.Series:
        """That of the row whose code has the class that masks most; an empty code is no code."""
        classes = self._batch.columns[f"{group}.classes"].fill_null(0).to_numpy()
        rank = np.frexp(classes.astype(np.float64))[1].astype(np.int64)
        rank = np.where(_filled(self._batch, group), rank, -1)
        return _gather(self._batch.columns[name], self._groups.greatest(rank))

    def leading(self, name: str, _group: str) -> pl.Series:
        """That of the row which says where the record is, or else of its first row."""
        return _gather(self._batch.columns[name], _where(self._batch, self._groups))

    def counting(self, name: str, _group: str) -> pl.Series:
        """That of the first row that counts as an event, or else of the first row."""
        counts = truths(self._batch.column("event.counts", pl.Boolean))
        first = self._groups.order[self._groups.starts]
        return _gather(self._batch.columns[name], _place_or(self._groups.first(counts), first))

    def all(self, name: str, _group: str) -> pl.Series:
        """Yes, where every row says so."""
        return pl.Series(~self._groups.some(~truths(self._batch.columns[name])))

    def same(self, name: str, _group: str) -> pl.Series:
        """The value of all rows that have one; empty where they do not agree."""
        column, groups = self._batch.columns[name], self._groups
        first = _gather(column, groups.first(_filled(self._batch, name)))
        of_rows = column.gather(groups.order)
        wrong = truths(of_rows != first.gather(groups.record))
        if not wrong.any():
            return first
        differing = np.logical_or.reduceat(wrong, groups.starts)
        if name in self._published:
            self.differing |= differing
        return first.set(pl.Series(differing), None)


_RULES: Mapping[str, Callable[[_Columns, str, str], pl.Series]] = MappingProxyType(
    {
        "first": _Columns.first,
        "latest": _Columns.latest,
        "any": _Columns.any,
        "all": _Columns.all,
        "list": _Columns.list,
        "strictest": _Columns.strictest,
        "leading": _Columns.leading,
        "counting": _Columns.counting,
        "same": _Columns.same,
    }
)


def _rules(plan: Plan, batch: Batch) -> dict[str, str]:
    """Return the rule of each input and each group of derived columns that has one; ``same`` is that of all others."""
    table = plan.table
    rules = dict.fromkeys((*plan.mapping.parts, table.key, table.time), "first")
    rules |= {name: "latest" for name in (table.closed, table.modified) if name}
    rules |= {column.name: "strictest" for column in table.read if f"{column.name}.classes" in batch.columns}
    rules |= {"place": "leading", "address": "leading", "reported_team": "leading", "event": "counting", ADULT: "all"}
    return rules | dict(plan.feed.collapse.columns)


def _position(batch: Batch, groups: Groups) -> Position:
    """Return where the records are."""
    at = _where(batch, groups)
    return Position(_gather(batch.position.longitude, at), _gather(batch.position.latitude, at))


def _where(batch: Batch, groups: Groups) -> Places:
    """Return the first row of each record that has a place, else a point, else the first row."""
    placed = groups.first(batch.column("place.label").is_not_null().to_numpy())
    pointed = groups.first(batch.position.longitude.is_not_null().to_numpy())
    return _place_or(placed, _place_or(pointed, groups.order[groups.starts]))


def _filled(batch: Batch, name: str) -> Rows:
    return batch.columns[name].is_not_null().to_numpy()


def _place_or(places: Places, other: Places) -> Places:
    """Return ``places``, and ``other`` ones where there is none."""
    return np.where(places < 0, other, places)


def _gather(column: pl.Series, places: Places) -> pl.Series:
    """Return the cells at ``places``, null where there is none."""
    gathered = column.gather(np.maximum(places, 0))
    return gathered.set(pl.Series(places < 0), None) if (places < 0).any() else gathered
