"""Turns exceptions into sentences for staff.

Our own exceptions have their own message. For services and the system the sentence names which one failed; for all
others it refers to the log. No sentence has SQL, an address of a service or a value.
"""

from __future__ import annotations

import logging
import os
from functools import cache
from pathlib import Path

from ckanext.cpdi.errors import PortalError, Said, of_system

log = logging.getLogger(__name__)

UNEXPECTED = "The portal failed while it {doing} ({kind}); the log says why."


def message(error: BaseException, doing: str) -> str:
    """Return the sentence for ``error``; an exception that is not ours is logged with its traceback.

    ``doing`` completes the phrase "while it", such as "loaded the feed".
    """
    if isinstance(error, PortalError):
        if error.covers and error.__cause__ is not None:
            log.error("%s", doing, exc_info=error)
        return error.said
    log.error("%s: %s", doing, type(error).__name__, exc_info=error)
    return outside(error) or Said(UNEXPECTED, doing=doing, kind=type(error).__name__)


def outside(error: BaseException) -> str:
    """Return which service or part of the system failed; an empty string where that is not known."""
    if isinstance(error, OSError) and error.errno:
        file = f": {Path(os.fsdecode(error.filename)).name}" if isinstance(error.filename, str | bytes) else ""
        return Said("The system says: {what}{file}.", what=of_system(error), file=file)
    if isinstance(error, MemoryError):
        return "The machine has not enough memory left."
    return next((words for kind, words in services() if isinstance(error, kind)), "")


@cache
def services() -> tuple[tuple[type[Exception], str], ...]:
    """Return the exceptions of services with their sentences, subclasses before their bases."""
    import psycopg
    import sqlalchemy.exc
    from ckan.lib.search import SearchError, SearchIndexError
    from ckan.lib.search.common import SolrConnectionError
    from ckan.plugins.toolkit import NotAuthorized, ObjectNotFound, ValidationError
    from redis import RedisError

    return (
        (RedisError, "Redis does not answer."),
        (SearchIndexError, "The search index (Solr) does not answer, or refused what it was given."),
        (SolrConnectionError, "The search index (Solr) does not answer, or refused what it was given."),
        (SearchError, "The search index (Solr) does not answer, or refused what it was given."),
        (sqlalchemy.exc.OperationalError, "The database does not answer."),
        (sqlalchemy.exc.InterfaceError, "The database does not answer."),
        (psycopg.OperationalError, "The database does not answer."),
        (ValidationError, "CKAN refused what the portal wrote into the catalogue; the log says why."),
        (NotAuthorized, "CKAN refused the portal's own user; the log says why."),
        (ObjectNotFound, "Something is not in the catalogue that should be; the log says what."),
    )
