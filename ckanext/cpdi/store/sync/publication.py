"""What a run's commit says of the table: its version and years, what moved with it, its rules, its line in the ledger.

In: the table as the run found it, and what was written into it. Out: rows of the store's schema, in the run's
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
from psycopg.types.json import Jsonb

from ckanext.cpdi.store.errors import DenyListChanged
from ckanext.cpdi.store.history import notice, row_changes
from ckanext.cpdi.store.ledger import outcome
from ckanext.cpdi.store.ledger.record import RunSummary
from ckanext.cpdi.store.privacy import denial, purge
from ckanext.cpdi.store.sync.changes import Changes
from ckanext.cpdi.store.sync.target import Target
from ckanext.cpdi.store.table import catalogue
from ckanext.cpdi.store.table import version as versions


@dataclass(frozen=True)
class Applied:
    """What was written into the open transaction: ``changes`` counts it, ``moves`` has the ids, ``corrected`` the rows
    of each year that came, went or changed.
    """

    changes: Changes
    moves: row_changes.Moves
    corrected: Mapping[int, int]


def write(target: Target, applied: Applied, links: list[pl.DataFrame], summary: RunSummary) -> str:
    """Write what is true with the commit; return the version, which is another one only if a row changed.

    ``links`` are the record numbers of others that rows carry. Raises RunLost where the run was ended meanwhile,
    DenyListChanged where the rows were read by an older list.
    """
    connection, terms, changes = target.connection, target.terms, applied.changes
    if denial.hold(connection) != target.list_changes:
        raise DenyListChanged("a record was denied while the run was at work; run it again")
    now = row_changes.later(connection, target.number, datetime.now(UTC))
    version = str(target.entry.version)
    fresh = changes.any or target.is_another or target.entry.version is None
    if fresh:
        version = versions.name(now.astimezone(ZoneInfo(terms.zone)).date(), terms.run)
        _write_version(target, changes, version, now)
    _write_notices(target, changes, version, now)
    if fresh:
        row_changes.add_version(connection, target.number, version, now)
    if not target.is_another:
        _write_moves(target, applied, now)
    _write_rules(target, links)
    catalogue.write(connection, target.number, {"zone": terms.zone, "profile": terms.profile})
    counts = {name: getattr(changes, name) for name in ("published", "added", "changed", "removed", "unchanged")}
    state = "published" if fresh else "unchanged"
    outcome.write(connection, terms.run, state, summary, {**counts, "version": version})
    catalogue.write_total(connection, target.shape.resource_id, changes.rows)
    return version


def _write_version(target: Target, changes: Changes, version: str, now: datetime) -> None:
    """Write the table's new version, and that of the years it touched."""
    connection, shape, terms = target.connection, target.shape, target.terms
    catalogue.move_years(connection, target.number, version, changes.moved)
    first, last = catalogue.period(connection, shape.name, shape.table.time_field, terms.zone)
    values = {
        "version": version,
        "run": terms.run,
        "rows": changes.rows,
        "published_at": now,
        "resource_id": shape.resource_id,
        "first_time": first,
        "last_time": last,
        "left_between": Jsonb({}),
        "home": target.home,
    }
    catalogue.write(connection, target.number, values)


def _write_notices(target: Target, changes: Changes, version: str, now: datetime) -> None:
    """Write what the change log says; with a table that is another one it begins anew, as the trail of rows does."""
    connection, number, terms = target.connection, target.number, target.terms
    form = notice.Form.of(connection, terms.run, target.shape.table, terms.schema_version, terms.masks)
    if target.is_another:
        row_changes.begin(connection, number)
        notice.record_first(connection, number, form, now, version, changes.rows)
        return
    share = (changes.changed + changes.removed) / max(1, target.rows)
    notice.record(connection, number, form, now, version, share)


def _write_moves(target: Target, applied: Applied, now: datetime) -> None:
    """Write which rows moved, for readers of an older version."""
    connection, number, terms = target.connection, target.number, target.terms
    ends = row_changes.Ends.of(now, terms.zone)
    row_changes.record(connection, number, applied.moves, ends, terms.classes)
    if target.entry.left:
        row_changes.settle(connection, number, ends.week)
    notice.correct(connection, number, ends.week, applied.corrected, before=ends.today.year)


def _write_rules(target: Target, links: list[pl.DataFrame]) -> None:
    """Write what record numbers of others the rows carry; where they were masked by other rules than before, ask that
    the old form of every row leave every copy.
    """
    if links:
        denial.link(target.connection, target.number, pl.concat(links))
    if target.entry.masks and target.terms.masks not in ("", target.entry.masks):
        purge.note(target.connection, target.entry.name, "rules", [], [])
