"""Connections of the store, and the advisory locks that keep two runs of a dataset apart.

A lock belongs to a session: it goes with the connection, so that a killed process leaves none behind.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import psycopg
from psycopg import errors

from ckanext.cpdi.store.errors import RunInProgress, in_words

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

MIGRATING = 0x63706469
"""Class of the lock on the store's schema."""
DATASET = 0x6370646A
"""Class of the locks on datasets, by number."""
RUN = 0x6370646B
"""Class of the locks on runs, by id: a run that is at work holds its own."""
COUNTING = 0x6370646C
"""Class of the locks on the counts of completeness, by dataset."""

_PATIENCE = "3s"
"""How long to wait for a dataset's lock: the server needs a moment to notice that a killed run is gone."""


class Session:
    """A store's one connection, for the length of a block: ``with session() as connection``.

    It is made with the first block, and anew where the last one was lost. What the database raises leaves the block as
    StoreError, in words for staff.
    """

    def __init__(self, dsn: str) -> None:
        """Keep the address."""
        self._dsn = dsn
        self._connection: Connection | None = None

    @contextmanager
    def __call__(self) -> Generator[Connection]:
        """Return the connection."""
        try:
            if self._connection is None or not is_alive(self._connection):
                self._connection = connect(self._dsn)
            yield self._connection
        except psycopg.Error as error:
            raise in_words(error) from error

    def close(self) -> None:
        """Give up the connection, and with it all locks."""
        if self._connection is not None:
            with suppress(psycopg.Error):  # a connection that was lost has lost its locks as well
                release(self._connection)
            self._connection.close()
        self._connection = None


def connect(dsn: str) -> Connection:
    """Return a connection in autocommit, in UTC; the server gives up work for a client that is gone."""
    return psycopg.connect(
        dsn,
        autocommit=True,
        application_name="ckanext-cpdi",
        options="-c timezone=UTC -c client_connection_check_interval=1s -c statement_timeout=0",
    )


def is_alive(connection: Connection) -> bool:
    """Return whether the server still answers on ``connection``."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def lock(connection: Connection, kind: int, number: int, patience: str = _PATIENCE) -> None:
    """Take a lock for the session; raise RunInProgress where another session keeps it for longer than ``patience``."""
    connection.execute("SELECT set_config('lock_timeout', %s, false)", (patience,))
    try:
        connection.execute("SELECT pg_advisory_lock(%s, %s)", (kind, number))
    except errors.LockNotAvailable:
        raise RunInProgress("another run of this dataset is at work") from None
    finally:
        connection.execute("SELECT set_config('lock_timeout', '0', false)")


def unlock(connection: Connection, kind: int, number: int) -> None:
    """Give a lock of this session back."""
    connection.execute("SELECT pg_advisory_unlock(%s, %s)", (kind, number))


def release(connection: Connection) -> None:
    """Give all locks of this session back at once, and not only when the server notices that it has gone."""
    if not connection.closed:
        connection.execute("SELECT pg_advisory_unlock_all()")


def is_free(connection: Connection, kind: int, number: int) -> bool:
    """Return whether no other session holds the lock."""
    locked = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (kind, number)).fetchone()
    if locked and locked[0]:
        unlock(connection, kind, number)
        return True
    return False
