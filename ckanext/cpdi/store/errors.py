"""What goes wrong in the store, in words that staff may read: no SQL, no connection string, no value of a row."""

from __future__ import annotations

import psycopg
from psycopg import errors

from ckanext.cpdi.errors import PortalError, Said


class StoreError(PortalError):
    """The store could not do what it was asked; the message says why."""

    covers = True


class RunInProgress(StoreError):
    """Another run of the same dataset is at work."""


class RunLost(StoreError):
    """The run is not running any more: it was ended, or another process took it for interrupted."""


class DenyListChanged(StoreError):
    """A record was denied, or released, while the run was at work: it must begin again."""


class Unbalanced(StoreError):
    """A run's rows do not add up: published + withheld + quarantined is not what was read."""


class DeclarationChanged(StoreError):
    """A field is declared with another type than its column has."""


WORDS: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.LockNotAvailable, "the table is locked by another session; run again later"),
    (errors.DiskFull, "the database has no space left"),
    (errors.QueryCanceled, "the database cancelled the work (a statement timeout, or an operator)"),
    (errors.InsufficientPrivilege, "the database role may not do this; run `ckan cpdi init`"),
    (errors.UndefinedTable, "a table of the store is missing; run `ckan cpdi init`"),
    (errors.UndefinedColumn, "a column of the store is missing; run `ckan cpdi init`"),
    (errors.InvalidSchemaName, "the store's schema is missing; run `ckan cpdi init`"),
    (errors.UniqueViolation, "two rows have the same value in a field that is declared unique"),
    (errors.NumericValueOutOfRange, "a number is too large for its field"),
    (errors.CharacterNotInRepertoire, "a text holds a character that the database does not take"),
    (errors.ProgramLimitExceeded, "a text is too long for an index of the table"),
    (psycopg.OperationalError, "the connection to the database was lost, or could not be made"),
)


def in_words(error: psycopg.Error) -> StoreError:
    """Return the database's error as one for staff; its own text stays in the cause, for the log."""
    for kind, words in WORDS:
        if isinstance(error, kind):
            return StoreError(words)
    return StoreError(Said("the database refused the work ({kind})", kind=type(error).__name__))
