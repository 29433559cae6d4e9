"""Connections to the DataStore's database for what reads only: those of the services, and those of the pages.

A process keeps a few, made when they are needed, since a new one costs more than what a page asks by it. Neither takes
the other's; transactions see one version of the data.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from ckanext.cpdi.errors import Said
from ckanext.cpdi.selection.errors import BusyError, TooSlowError

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

SIZE = 8
"""Connections of one process at most."""
PATIENCE = 10.0
"""Seconds to wait for a connection that others use."""
_TRIES = 0.1
"""Seconds after which a connection is tried once more where the database takes none."""
_LOOKS = 0.05
"""Seconds after which who waits looks whether the database takes none."""
_PAGE_SECONDS = 15
"""What a statement of a page may take."""
_BUSY = Said("the portal is answering many questions just now; please ask again in some seconds")


@contextmanager
def transaction(dsn: str, seconds: int) -> Generator[Connection]:
    """Return a connection of the process in a transaction that sees one version; a statement may take ``seconds``.

    Raises BusyError where none becomes free, psycopg.OperationalError where none can be made, TooSlowError where a
    statement takes too long.
    """
    pool = _pool(dsn, seconds, os.getpid())
    try:
        connection = pool.taken()
        try:
            with connection:
                yield connection
        finally:
            pool.putconn(connection)
    except errors.QueryCanceled:
        raise TooSlowError(
            Said("this takes longer than {seconds} seconds; ask for less, or take the whole file", seconds=seconds)
        ) from None


@contextmanager
def page_transaction(dsn: str) -> Generator[Connection]:
    """Return a connection as :func:`transaction` does; whatever goes wrong is a psycopg.Error."""
    try:
        with transaction(dsn, _PAGE_SECONDS) as connection:
            yield connection
    except (BusyError, TooSlowError) as error:
        raise psycopg.OperationalError(str(error)) from error


class _Pool(ConnectionPool["Connection"]):
    """A pool that says at once that the database is away; the pool of psycopg lets each question wait for its time."""

    refused = 0
    """How often no connection could be made."""

    def reconnect_failed(self) -> None:
        self.refused += 1

    def taken(self) -> Connection:
        """Return a connection, for :meth:`putconn`; raise BusyError or OperationalError after the time to wait."""
        before, end = self.refused, time.monotonic() + PATIENCE
        while True:
            try:
                return self.getconn(min(_LOOKS, PATIENCE))
            except PoolTimeout:
                if self.refused != before:
                    raise psycopg.OperationalError("no connection could be made") from None
                if time.monotonic() >= end:
                    raise BusyError(_BUSY) from None


@lru_cache(maxsize=4)
def _pool(dsn: str, seconds: int, _process: int) -> _Pool:
    """Return the pool of this process; one that was forked makes its own."""
    options = f"-c timezone=UTC -c client_connection_check_interval=1s -c jit=off -c statement_timeout={seconds}s"
    return _Pool(
        dsn,
        min_size=0,
        max_size=SIZE,
        max_idle=60.0,
        reconnect_timeout=_TRIES,
        kwargs={"application_name": "ckanext-cpdi services", "options": options, "connect_timeout": 3},
        configure=_configure,
        check=ConnectionPool.check_connection,
        open=True,
        name="services",
    )


def _configure(connection: Connection) -> None:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
