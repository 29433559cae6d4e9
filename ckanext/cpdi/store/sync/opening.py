"""Opens a run: what an earlier one left goes, state and table are made to agree, the transaction begins."""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.privacy import denial
from ckanext.cpdi.store.sync import bulk_load, upsert
from ckanext.cpdi.store.sync.run import Sync
from ckanext.cpdi.store.sync.target import Target
from ckanext.cpdi.store.sync.terms import Terms
from ckanext.cpdi.store.sync.writer import Writer
from ckanext.cpdi.store.table import build, catalogue, state
from ckanext.cpdi.store.table.catalogue import Entry
from ckanext.cpdi.store.table.shape import Shape

_IDS_LOST = 1_000_000
"""How many ids a database may have given before an older copy of it was restored: none of them is given again."""


def open_run(connection: Connection, number: int, shape: Shape, terms: Terms) -> Sync:
    """Return a run that is ready for its rows, to be closed whatever becomes of it.

    ``connection`` has the lock of dataset ``number``; it is in the run's transaction from here on. Raises
    DeclarationChanged where a field has got another type than its column.
    """
    bulk_load.discard(connection, number)
    state.create(connection, number)
    is_new = not build.exists(connection, shape)
    writer = _writer(connection, number, shape, terms, is_new=is_new)
    try:
        connection.autocommit = False
        connection.execute("SET LOCAL lock_timeout = '30s'")
        connection.execute("SET LOCAL work_mem = '128MB'")
        return Sync(_target(connection, number, shape, terms, is_new=is_new), writer)
    except BaseException:
        writer.close()
        raise


def _writer(connection: Connection, number: int, shape: Shape, terms: Terms, *, is_new: bool) -> Writer:
    """Return the writer for a table that is new, or there."""
    if is_new:
        return bulk_load.FirstLoad(connection, shape, number, terms.dsn, terms.read_role)
    build.bring_up_to_date(connection, shape, terms.read_role)
    return upsert.InPlace(connection, shape, number)


def _target(connection: Connection, number: int, shape: Shape, terms: Terms, *, is_new: bool) -> Target:
    """Return the table as the run finds it, once state and table agree."""
    entry = catalogue.entry(connection, number)
    list_changes = denial.changes(connection)
    denied = denial.read(connection, {entry.name, *shape.table.shares.values()})
    known = state.read(connection, number)
    is_moved = entry.resource_id != shape.resource_id
    if is_new or is_moved:
        known, repaired = _emptied(connection, number, known), False
    else:
        known, repaired = _repaired(connection, entry, shape, terms, known)
    home = catalogue.home(connection)
    restored = entry.home not in ("", home)
    return Target(
        connection=connection,
        shape=shape,
        terms=terms,
        entry=entry,
        state=known,
        denied=denied,
        list_changes=list_changes,
        home=home,
        last_id=entry.last_id + (_IDS_LOST if restored else 0),
        is_new=is_new,
        is_another=is_new or repaired or restored or is_moved,
    )


def _emptied(connection: Connection, number: int, known: pl.DataFrame) -> pl.DataFrame:
    """Return the state where the table is another one, or gone: no row of it is taken to be there."""
    catalogue.clear_years(connection, number)
    if not known["_id"].count():
        return known
    state.forget_ids(connection, number)
    return state.read(connection, number)


def _repaired(
    connection: Connection, entry: Entry, shape: Shape, terms: Terms, known: pl.DataFrame
) -> tuple[pl.DataFrame, bool]:
    """Return the state as it agrees with the table, and whether the two had to be made to."""
    if build.count(connection, shape) == known["_id"].count():
        return known, False
    number = entry.number
    state.reconcile(connection, number, shape.name)
    catalogue.clear_years(connection, number)
    years = catalogue.count_years(connection, shape.name, shape.table.time_field, terms.zone)
    catalogue.move_years(connection, number, f"repaired-{terms.run}", years)
    return state.read(connection, number), True
