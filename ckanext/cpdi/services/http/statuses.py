"""Which HTTP status an exception means: one table for every page and service.

What a reader may not see is answered as what is not there: who asks for a private dataset learns nothing of it. So
those places ask for the status of what is missing, whichever of the two CKAN raised. CKAN's API has a table of its own.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import psycopg
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from ckanext.cpdi.publish.since import SinceError, Unknown
from ckanext.cpdi.services.http.errors import LedgerDown, TooLargeError

STATUSES: dict[type[Exception], int] = {
    TooLargeError: 400,
    SinceError: 400,
    CSRFError: 403,
    tk.NotAuthorized: 403,
    tk.ObjectNotFound: 404,
    Unknown: 410,
    RequestedRangeNotSatisfiable: 416,
    psycopg.Error: 503,
    LedgerDown: 503,
}
"""An exception's status is that of its nearest kind in here."""
FAULT = 500


def status_of(error: Exception | type[Exception]) -> int:
    """Return the status of ``error``, or of a kind of errors; 500 for what nobody foresaw."""
    kind = error if isinstance(error, type) else type(error)
    return next((STATUSES[one] for one in kind.__mro__ if one in STATUSES), FAULT)
