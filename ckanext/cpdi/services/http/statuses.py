"""The HTTP status of each exception: one table for every page and service.

A dataset that a reader may not see is answered like a missing one, so that a private one cannot be detected: such views
use the status of ObjectNotFound, whichever of the two CKAN raised. CKAN's API has a table of its own.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import psycopg
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from ckanext.cpdi.publish.rows.since import SinceError, Unknown
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.selection.errors import BusyError, NoRowsError, TooManyRowsError, TooSlowError
from ckanext.cpdi.services.http.errors import LedgerDown, TooLargeError

STATUSES: dict[type[Exception], int] = {
    TooLargeError: 400,
    SinceError: 400,
    QueryError: 400,
    TooManyRowsError: 400,
    CSRFError: 403,
    tk.NotAuthorized: 403,
    tk.ObjectNotFound: 404,
    Unknown: 410,
    RequestedRangeNotSatisfiable: 416,
    NoRowsError: 503,
    BusyError: 503,
    TooSlowError: 503,
    psycopg.Error: 503,
    LedgerDown: 503,
}
"""An exception has the status of its nearest base class in here."""
FAULT = 500


def status_of(error: Exception | type[Exception]) -> int:
    """Return the status of ``error``, an exception or its class; 500 where the table has none."""
    kind = error if isinstance(error, type) else type(error)
    return next((STATUSES[base] for base in kind.__mro__ if base in STATUSES), FAULT)
