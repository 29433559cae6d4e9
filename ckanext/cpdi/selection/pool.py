"""The services' own connections to the DataStore's database, so that no question can take those of the pages.

A process has a few, made when they are needed; they read only, in transactions that see one version of the data.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from ckanext.cpdi.selection.errors import BusyError, TooSlowError

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

SIZE = 8
"""Connections of one process at most."""
PATIENCE = 10.0
"""Seconds to wait for a connection that others use."""


@contextmanager
def transaction(dsn: str, seconds: int) -> Generator[Connection]:
    """Return a connection of the process in a transaction that sees one version; a statement may take ``seconds``.

    Raises BusyError where none becomes free, TooSlowError where a statement takes too long.
    """
    try:
        with _pool(dsn, seconds, os.getpid()).connection(PATIENCE) as connection:
            yield connection
    except PoolTimeout:
        raise BusyError("the portal is answering many questions just now; please ask again in some seconds") from None
    except errors.QueryCanceled:
        raise TooSlowError(f"this takes longer than {seconds} seconds; ask for less, or take the whole file") from None


@lru_cache(maxsize=4)
def _pool(dsn: str, seconds: int, _process: int) -> ConnectionPool[Connection]:
    """Return the pool of this process; one that was forked makes its own."""
    options = f"-c timezone=UTC -c client_connection_check_interval=1s -c jit=off -c statement_timeout={seconds}s"
    return ConnectionPool(
        dsn,
        min_size=0,
        max_size=SIZE,
        max_idle=60.0,
        reconnect_timeout=PATIENCE,
        kwargs={"application_name": "ckanext-cpdi services", "options": options},
        configure=_configure,
        check=ConnectionPool.check_connection,
        open=True,
        name="services",
    )


def _configure(connection: Connection) -> None:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
