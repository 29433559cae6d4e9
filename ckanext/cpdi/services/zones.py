"""The time zone of a table's calendar, for services that need nothing else from the database.

In: a dataset. Out: the zone of the profile with which its table was loaded, cached for a minute.
"""

from __future__ import annotations

import logging
import time
from zoneinfo import ZoneInfo

import psycopg

from ckanext.cpdi import config
from ckanext.cpdi.selection.pool import page_transaction

log = logging.getLogger(__name__)

SECONDS = 60
_answers: dict[str, tuple[float, ZoneInfo]] = {}


def zone_of(dataset: str) -> ZoneInfo:
    """Return the zone of the table of ``dataset``; without a table or an answer the last known, else the site's."""
    now = time.monotonic()
    until, zone = _answers.get(dataset, (0.0, None))
    if zone is None or until < now:
        try:
            zone = config.profile_in(_ask(dataset)).zone
        except psycopg.Error as error:
            log.warning("the zone of %s cannot be read: %s", dataset, type(error).__name__)
            zone = zone or config.profile().zone
        _answers[dataset] = (now + SECONDS, zone)
    return zone


def forget() -> None:
    """Drop the cached zones."""
    _answers.clear()


def _ask(dataset: str) -> str:
    """Return the name of the zone; empty where there is no table."""
    with page_transaction(config.read_dsn()) as connection:
        if connection.execute("SELECT to_regclass('public._cpdi_version')").fetchone() == (None,):
            return ""
        row = connection.execute("SELECT zone FROM public._cpdi_version WHERE dataset = %s", (dataset,)).fetchone()
    return str(row[0]) if row else ""
